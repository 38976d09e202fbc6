//! The options of every filter that reads a grid, added to its own.

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::forms::reading::{self, Reading};

/// Adds the common options where columns are read and picked.
pub(crate) fn add(command: Command) -> Command {
    let picks = |command: &Command| command.get_arguments().any(|arg| arg.get_id() == "select");
    if !picks(&command) && !command.get_subcommands().any(picks) {
        return command;
    }
    let time =
        Arg::new("time").long("time").value_name("COLUMN").help("The column of times [default: found by its name]");
    let verbose = Arg::new("verbose").long("verbose").action(ArgAction::SetTrue);
    let verbose = verbose.help("Name every column in the notes, not the first five alone");
    let limits = Arg::new("no-limits").long("no-limits").action(ArgAction::SetTrue);
    let limits = limits.help("Lift the limits: lines 256 MB, names 1 MB, decompressed 64 GB");
    let common = [time, verbose, limits].map(|arg| arg.global(true).help_heading("Common options"));
    command.args(common)
}

/// Sets how inputs are read; true when every column is to be named.
pub(crate) fn take(matches: &ArgMatches) -> bool {
    let flag = |id: &str| matches.try_get_one::<bool>(id).ok().flatten().copied().unwrap_or_default();
    let time = matches.try_get_one::<String>("time").ok().flatten().cloned();
    reading::set(Reading { time, unlimited: flag("no-limits") });
    flag("verbose")
}
