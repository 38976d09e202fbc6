//! Fetch every series of a Prometheus-compatible server over a time range. Read `cli/` for the options and how they
//! become a fetch, `lib.rs` for the rest.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(cli::run)
}
