//! A load test as one page. Read `args.rs` for the options, `run.rs` for the work, `lib.rs` for what
//! a page is made of; every other filter stands in the same order.

mod args;
mod evidence;
mod facts;
mod panels;
mod points;
mod rankings;
mod run;
mod story;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: args::Args, io| run::run(&args, io))
}
