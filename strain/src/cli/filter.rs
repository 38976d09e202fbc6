//! A filter in the place of this program.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use grid::{Error, reason};
use strain::run::filters::{FILTERS, folders, nearest, program};

/// Becomes the filter that the first word names; why that is not possible.
pub(crate) fn become_it(words: &[OsString]) -> Error {
    let Some((name, words)) = words.split_first() else { return Error::usage("expected a command, see --help") };
    let name = name.to_string_lossy();
    if !FILTERS.iter().any(|(filter, _)| *filter == name) {
        let near = nearest(&name).map_or_else(|| String::from("see --help"), |near| format!("did you mean {near}"));
        let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
        return Error::usage(format!("no such command, {near}: \"{shown}\""));
    }
    let error = Command::new(program(&name, &folders())).args(words).exec();
    Error::failed(format!("cannot start: {}", reason(&error))).at(&name)
}
