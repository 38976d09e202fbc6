//! Build one even grid: one row per timestamp, one column per series.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: cli::Args, io| cli::run(args, io))
}
