//! Name the known fault that a run resembles, or file the run as an example of one.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: cli::Args, io| cli::run(args, io))
}
