//! A filter in the place of this program.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use grid::Error;
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
    let text = error.to_string().to_lowercase();
    Error::failed(format!("cannot start: {}", text.split(" (os error").next().unwrap_or_default())).at(&name)
}
