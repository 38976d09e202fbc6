//! Compare columns with a query by dynamic time warping.

mod args;
mod faults;
mod groups;
mod hit;
mod holes;
mod job;
mod matrix;
mod plan;
mod query;
mod reach;
mod role;
mod rows;
mod run;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: args::Args, io| run::run(&args, io))
}
