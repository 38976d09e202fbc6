//! A filter in the place of this program.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use grid::{Error, did_you_mean, quote, reason};
use strain::run::filters::{FILTERS, commands, folders, program};

/// Becomes the filter that the first word names; why that is not possible.
pub(crate) fn become_it(words: &[OsString]) -> Error {
    let Some((name, words)) = words.split_first() else { return Error::usage("expected a command, see --help") };
    let name = name.to_string_lossy();
    if !FILTERS.iter().any(|(filter, _)| *filter == name) {
        let near = did_you_mean(&name, commands());
        let way_out = if near.is_empty() { ", see --help" } else { near.as_str() };
        return Error::usage(format!("no such command: {}{way_out}", quote(&name)));
    }
    let error = Command::new(program(&name, &folders())).args(words).exec();
    Error::failed(format!("cannot start: {}", reason(&error))).at(&name)
}

/// Becomes `strain WORDS --help`.
pub(crate) fn explain(words: &[OsString]) -> Error {
    let error = match env::current_exe() {
        Ok(own) => Command::new(own).args(words).arg("--help").exec(),
        Err(error) => error,
    };
    Error::failed(format!("cannot start: {}", reason(&error)))
}
