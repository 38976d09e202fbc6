//! Principal components of a grid. Read `args.rs` for the options, `run.rs` for the work, `lib.rs`
//! for the mathematics; every other filter stands in the same order.

mod args;
mod remarks;
mod run;
mod tables;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: args::Args, io| run::run(&args, io))
}
