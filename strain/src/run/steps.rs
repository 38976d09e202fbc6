//! Running a step of a plan: its filters as processes in a pipe, their result a file.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command as Process, ExitStatus, Stdio};

use grid::{Error, reason};

use crate::plan::{Command, Step};

/// Runs a step. One that fails ends with the status of its filter. A result has its name only when it is whole.
pub fn run(step: &Step, folders: &[PathBuf]) -> Result<(), Error> {
    let part = format!("{}.part", step.output);
    let whole = run_into(step, &part, folders)
        .and_then(|()| fs::rename(&part, &step.output).map_err(|e| Error::write(&step.output, &e)));
    if whole.is_err() {
        // It may never have been made.
        let _ = fs::remove_file(&part);
    }
    whole
}

fn run_into(step: &Step, part: &str, folders: &[PathBuf]) -> Result<(), Error> {
    let output = File::create(part).map_err(|e| Error::write(part, &e))?;
    let mut output = Some(output);
    let mut children: Vec<(&Command, Child)> = Vec::new();
    for (index, command) in step.pipe.iter().enumerate() {
        let input = match children.last_mut().and_then(|(_, child)| child.stdout.take()) {
            Some(pipe) => Stdio::from(pipe),
            None => Stdio::null(),
        };
        let is_last = index + 1 == step.pipe.len();
        let target = output.take_if(|_| is_last).map_or_else(Stdio::piped, Stdio::from);
        let program = super::filters::program(command.filter, folders);
        let child = Process::new(&program).args(&command.words).stdin(input).stdout(target).spawn();
        // Those before it end when nobody reads them.
        children.push((command, child.map_err(|e| failed(command.filter, "cannot start", &e))?));
    }
    let mut verdict = Ok(());
    for (command, mut child) in children {
        let status = child.wait().map_err(|e| failed(command.filter, "cannot wait for it", &e))?;
        verdict = verdict.and_then(|()| judge(command, status));
    }
    verdict
}

/// A filter that failed has said why.
fn judge(command: &Command, status: ExitStatus) -> Result<(), Error> {
    let text = match status.code() {
        Some(0) => return Ok(()),
        Some(code) => format!("{} ended with status {code}, see its message", command.filter),
        None => format!("{} was killed", command.filter),
    };
    Err(if status.code() == Some(2) { Error::Usage(text) } else { Error::Failed(text) })
}

fn failed(place: &str, what: &str, e: &std::io::Error) -> Error {
    Error::failed(format!("{what}: {}", reason(e))).at(place)
}
