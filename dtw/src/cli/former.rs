//! `dtw --library`, as it was called before `faults` was a filter of its own. Goes with the next release.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use grid::{Error, Io};

/// Lets `faults` run in the place of this process. Returns only when that fails.
pub(crate) fn library(quiet: bool, io: &mut Io) -> Error {
    io.quiet(quiet);
    io.note("--library: is a filter of its own now: faults --library DIR [add KIND]");
    let failure = Command::new(program()).args(translated(std::env::args_os().skip(1))).exec();
    let reason = failure.kind();
    Error::failed(format!("--library: cannot run faults, expected it beside dtw or on the path: \"{reason}\""))
}

/// The filter beside this one, else the one on the path.
fn program() -> PathBuf {
    let beside = std::env::current_exe().ok().map(|own| own.with_file_name("faults"));
    beside.filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from("faults"))
}

/// The same command line for `faults`: `--add KIND` is `add KIND` there, in front.
fn translated(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let (mut front, mut rest) = (Vec::new(), Vec::new());
    let mut args = args;
    while let Some(arg) = args.next() {
        let kind = if arg == "--add" {
            args.next()
        } else {
            arg.to_str().and_then(|text| text.strip_prefix("--add=")).map(OsString::from)
        };
        match kind {
            Some(kind) => front = vec![OsString::from("add"), kind],
            None => rest.push(arg),
        }
    }
    [front, rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_add_an_example_becomes_a_command() {
        let given = |line: &str| translated(line.split(' ').map(OsString::from));
        let expected = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(given("--library new a.csv --add cpu -q"), expected("add cpu --library new a.csv -q"));
        assert_eq!(given("--library new --add=cpu"), expected("add cpu --library new"));
        assert_eq!(given("--library new a.csv"), expected("--library new a.csv"));
    }
}
