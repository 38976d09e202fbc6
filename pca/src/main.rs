//! Principal components of a grid. `cli/` is the command line, `lib.rs` the mathematics, `solve/` the solvers.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: cli::Args, io| cli::run(args, io))
}
