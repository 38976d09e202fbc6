//! Reads a grid and writes it again: what reading and printing alone cost.

use std::process::ExitCode;

use clap::Parser;

/// Copy a grid.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    input: grid::Input,
    #[command(flatten)]
    output: grid::GridOutput,
}

fn main() -> ExitCode {
    grid::run(|args: Args, io| {
        let source = io.input(&args.input)?;
        let form = args.output.form(source.form());
        let grid = grid::read_grid(source, io)?;
        grid::write_grid(&grid, form, io)
    })
}
