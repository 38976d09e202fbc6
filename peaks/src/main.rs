//! Find the peaks of a grid's columns and cut windows around them. `cli/` is the command line, `lib.rs` the search,
//! `peak/` what is measured of a peak, `window/` what is cut around it.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: cli::Args, io| cli::run(args, io))
}
