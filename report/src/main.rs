//! A load test as one page. Read `cli/args.rs` for the options, `cli/mod.rs` for the work, `lib.rs` for what
//! a page is made of; every other filter stands in the same order.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: cli::args::Args, io| cli::run(&args, io))
}
