//! The command line: arguments, the work on a grid, what is printed.

mod args;
mod measure;
mod request;
mod search;
mod table;
mod windows;

use grid::{Error, Io};

use self::request::{Question, Request};
use self::search::Search;
use self::table::Writer;

pub(crate) use self::args::Args;

/// Prints the peaks, or the windows around them.
pub(crate) fn run(args: Args, io: &mut Io) -> Result<(), Error> {
    let request = Request::check(args, io.has_top())?;
    let source = io.input(&request.input)?;
    let read = source.form();
    let mut writer = Writer::new(&request.output, request.unit, io);
    match &request.question {
        Question::Windows { on, cutting } => {
            let windows = windows::cut(&request.wanted, on, *cutting, grid::read_grid(source, io)?, io)?;
            return grid::write_grid(&windows, request.grid_form(read), io);
        }
        Question::Column(on) => {
            let mut whole = grid::read_grid(source, io)?;
            let only = whole.columns.swap_remove(grid::one_column("--on", &whole.columns, on)?);
            whole.columns = vec![only];
            writer.write(&Search::new(&request.wanted, whole.step_ms().unwrap_or(1000))?, &whole, io)?;
        }
        Question::Columns => {
            let mut batches = grid::batches(source, io)?;
            while let Some(batch) = batches.next_batch(io)? {
                let step_ms = batch.step_ms().unwrap_or(1000);
                writer.write(&Search::new(&request.wanted, step_ms)?, &batch, io)?;
            }
        }
    }
    writer.finish(io)
}
