//! Z-normalise every column of a grid. `cli/` is the command line, `lib.rs` the mathematics, `scale/` what a series is
//! measured by; every other filter stands in the same order.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: cli::Args, io| cli::run(&args, io))
}
