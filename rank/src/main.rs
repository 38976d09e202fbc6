//! Rank metrics and services by how much they change.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    grid::run(cli::run::run)
}
