//! Build one even grid, a row a time and a column a series.

mod args;
mod run;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: args::Args, io| run::run(&args, io))
}
