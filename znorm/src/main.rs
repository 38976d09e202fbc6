//! Z-normalise every column of a grid. Read `args.rs` for the options, `run.rs` for the work, `lib.rs` for the
//! mathematics; every other filter stands in the same order.

mod args;
mod remarks;
mod run;

use std::{path::Path, process::ExitCode};

use crate::{args::Args, remarks::Remarks, run::Plan};

fn main() -> ExitCode {
    grid::run(|args: Args, io| {
        let source = io.input(&args.input)?;
        let mut plan = Plan { method: args.method(), floor: args.floor(), diff: args.diff, baseline: None };
        if let Some(path) = &args.baseline {
            if path == Path::new("-") && args.input.file.as_deref().is_none_or(|f| f == Path::new("-")) {
                return Err(grid::Error::usage("the grid and its baseline cannot both be standard input"));
            }
            plan.learn(grid::read_grid_file(path, io)?);
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
    })
}
