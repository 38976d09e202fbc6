//! One command over the filters, as git is over its own. Read `cli/` for the options and how they become a plan,
//! `lib.rs` for the rest.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(cli::run)
}
