//! The command line: arguments, the work on a grid, what is printed.

mod args;
mod measure;
mod search;
mod table;
mod windows;

use grid::{Error, Io};

use self::search::Search;
use self::table::Writer;

pub(crate) use self::args::Args;

/// Prints the peaks, or the windows around them.
pub(crate) fn run(args: &Args, io: &mut Io) -> Result<(), Error> {
    args.check()?;
    let source = io.input(&args.input)?;
    let read = source.form();
    if let (Some(cut), Some(on)) = (args.cut, &args.on) {
        let windows = windows::cut(args, cut, on, grid::read_grid(source, io)?, io)?;
        return grid::write_grid(&windows, args.grid_form(read), io);
    }
    let mut writer = Writer::new(&args.output, args.unit, io);
    if let Some(on) = &args.on {
        let mut whole = grid::read_grid(source, io)?;
        let only = whole.columns.swap_remove(search::one_column(&whole.columns, on)?);
        whole.columns = vec![only];
        writer.write(&Search::new(args, whole.step_ms().unwrap_or(1000))?, &whole, io)?;
        return writer.finish(io);
    }
    let mut batches = grid::batches(source, io)?;
    while let Some(batch) = batches.next_batch(io)? {
        let step_ms = batch.step_ms().unwrap_or(1000);
        writer.write(&Search::new(args, step_ms)?, &batch, io)?;
    }
    writer.finish(io)
}
