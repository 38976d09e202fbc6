//! The options of every filter that reads files or grids, added to its own.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::Io;
use crate::forms::reading::{self, Reading};

/// Adds the common options: those of tables where one is printed, those of inputs where columns are picked.
pub(crate) fn add(command: Command) -> Command {
    let has = |id: &str| command.get_arguments().any(|arg| arg.get_id() == id);
    let taken = command.get_arguments().any(|arg| arg.get_long() == Some("top"));
    let command = if has("columns") && !taken { command.arg(top()) } else { command };
    let takes = |command: &Command, id: &str| command.get_arguments().any(|arg| arg.get_id() == id);
    let any_takes = |id: &str| takes(&command, id) || command.get_subcommands().any(|command| takes(command, id));
    let (picks, reads) = (any_takes("select"), any_takes("file") || any_takes("files"));
    let common = |arg: Arg| arg.global(true).help_heading("Common options");
    command.args((picks.then(columns).into_iter().flatten().chain((picks || reads).then(limits))).map(common))
}

/// For grids.
fn columns() -> [Arg; 2] {
    let time =
        Arg::new("time").long("time").value_name("COLUMN").help("The column of times [default: found by its name]");
    let verbose = Arg::new("verbose").long("verbose").action(ArgAction::SetTrue);
    [time, verbose.help("Name every column in the notes, not the first five alone")]
}

/// For all that reads files.
fn limits() -> Arg {
    let limits = Arg::new("no-limits").long("no-limits").action(ArgAction::SetTrue);
    limits.help("Lift the limits: lines 256 MB, names 1 MB, decompressed 64 GB")
}

/// A filter's own `--top` has another meaning and another id.
const ROWS: &str = "rows-printed";

fn top() -> Arg {
    let rows = Arg::new(ROWS).long("top").value_name("N").value_parser(value_parser!(usize));
    rows.help("Print only the first N rows of the table").help_heading("Common options")
}

/// Sets how inputs are read, and what is printed and said.
pub(crate) fn take(matches: &ArgMatches, io: &mut Io) {
    let flag = |id: &str| matches.try_get_one::<bool>(id).ok().flatten().copied().unwrap_or_default();
    let time = matches.try_get_one::<String>("time").ok().flatten().cloned();
    reading::set(Reading { time, unlimited: flag("no-limits") });
    io.verbose(flag("verbose"));
    if let Ok(Some(top)) = matches.try_get_one::<usize>(ROWS) {
        io.first(*top);
    }
}
