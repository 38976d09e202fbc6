//! The command line: arguments, the work on a grid, what is said of it.

mod args;
mod normalise;
mod remarks;

use std::path::Path;

use grid::{Error, Io, Source};

use self::normalise::Plan;
use self::remarks::Remarks;

pub(crate) use self::args::Args;

/// Reads, normalises and writes, batch by batch where the form allows it.
pub(crate) fn run(args: &Args, io: &mut Io) -> Result<(), Error> {
    let source = io.input(&args.input)?;
    let mut plan = Plan { method: args.method(), floor: args.floor(), diff: args.diff, baseline: None };
    if let Some(path) = &args.baseline {
        if path == Path::new("-") && args.input.file.as_deref().is_none_or(|f| f == Path::new("-")) {
            return Err(grid::Error::usage("the grid and its baseline cannot both be standard input"));
        }
        plan.learn(grid::batches(Source::open(path)?.beside(), io)?, io)?;
    }
    let mut writer = grid::GridWriter::new(args.output.form(source.form()));
    let mut batches = grid::batches(source, io)?;
    let mut remarks = Remarks::default();
    while let Some(mut batch) = batches.next_batch(io)? {
        remarks.add(plan.normalise(&mut batch), &batch, io.named());
        writer.write(batch, io)?;
    }
    remarks.say(io);
    writer.finish(io)
}
