//! From the command line to a comparison, or to a filter.

mod args;
mod compare;
mod delay;
mod effect;
mod filter;
mod grids;
mod settings;
mod show;

pub(crate) use args::Args;
use args::Command;
use grid::{Error, Io};

/// Does what the command line asks for.
pub(crate) fn run(args: Args, io: &mut Io) -> Result<(), Error> {
    match args.command {
        Command::Compare(args) => compare::run(&args, io),
        Command::Show(args) => show::run(&args, io),
        Command::Help { words } => Err(filter::explain(&words)),
        Command::Filter(words) => Err(filter::become_it(&words)),
    }
}
