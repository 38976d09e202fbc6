//! Turn traces into series: what a call costs, and who waits for whom.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: cli::Args, io| cli::run(&args, io))
}
