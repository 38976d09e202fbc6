//! Fetch every series of a Prometheus-compatible server over a time range. Read `args.rs` for the options, `run.rs`
//! for how they become a fetch, `lib.rs` for the rest.

mod args;
mod run;
mod talk;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(|args: args::Args, io| run::run(args, io))
}
