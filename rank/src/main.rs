//! Rank metrics and services by how much they change.

mod args;
mod evidence;
mod explain;
mod gather;
mod listing;
mod run;
mod sweep;
mod tables;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(run::run)
}
