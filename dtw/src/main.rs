//! Compare columns with a query by dynamic time warping.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: cli::Args, io| cli::run(args, io))
}
