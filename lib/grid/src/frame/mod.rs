//! The frame of every filter: arguments, standard output, messages, exit status.

pub(crate) mod args;
mod complete;
pub(crate) mod ending;
pub(crate) mod error;
pub(crate) mod file;
mod generate;
mod io;
pub(crate) mod memory;
mod options;
pub(crate) mod progress;
mod short;

use std::io::{self as standard, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::{Error, reason};

pub use io::Io;
pub use progress::Working;

const GOOD: u8 = 0;
const FAILED: u8 = 1;
const USAGE: u8 = 2;
const VERDICT: u8 = 3;

/// Runs a filter: parses its arguments, calls `body`, writes what is left of the output and turns
/// the outcome into the exit status: 0 good or output closed, 1 input or machine, 2 usage, 3 verdict.
pub fn run<A: Parser>(body: impl FnOnce(A, &mut Io) -> Result<(), Error>) -> ExitCode {
    ending::end_in_order(FAILED);
    let mut command = options::add(A::command());
    let tool = command.get_name().to_string();
    progress::begin(&tool);
    let outcome = Io::new(&tool).map_err(Error::Output).and_then(|mut io| {
        if let Some((kind, words)) = generate::request() {
            return generate_page(&kind, &words, command, &mut io);
        }
        match parse::<A>(&mut command, &mut io) {
            Ok(args) => {
                start_threads()?;
                let done = body(args, &mut io);
                if matches!(done, Ok(()) | Err(Error::Verdict(_))) {
                    io.say_idle_drops();
                }
                done?;
            }
            Err(answer) if answer.use_stderr() => return Ok(usage(&answer)),
            Err(help) => write!(io, "{help}")?,
        }
        io.flush()?;
        Ok(GOOD)
    });
    ExitCode::from(outcome.unwrap_or_else(|error| conclude(&tool, &error)))
}

/// Starts the threads of all parallel loops: the first loop would panic where there can be none.
fn start_threads() -> Result<(), Error> {
    let started = rayon::ThreadPoolBuilder::new().build_global();
    started.map_err(|e| Error::failed(format!("cannot start threads: {}", reason(&standard::Error::other(e)))))
}

/// The arguments of the filter; those that all filters share are taken by the frame.
fn parse<A: Parser>(command: &mut clap::Command, io: &mut Io) -> Result<A, clap::Error> {
    let matches = command.try_get_matches_from_mut(std::env::args_os());
    let is_help = matches.as_ref().is_err_and(|answer| answer.kind() == clap::error::ErrorKind::DisplayHelp);
    if is_help && short::is_asked() {
        *command = short::command(options::add(A::command()));
        command.try_get_matches_from_mut(std::env::args_os())?;
    }
    let mut matches = matches?;
    options::take(&matches, io);
    A::from_arg_matches_mut(&mut matches).map_err(|e| e.format(command))
}

fn generate_page(kind: &str, words: &[String], command: clap::Command, io: &mut Io) -> Result<u8, Error> {
    if !generate::page(kind, words, command, io)? {
        let expected = "expected man, complete-bash, complete-zsh or complete-fish";
        return Err(Error::usage(format!("--generate: {expected}: \"{kind}\"")));
    }
    io.flush()?;
    Ok(GOOD)
}

/// What Rust says of a text that is no number, and what a user is told.
const NUMBERS: [(&str, &str); 4] = [
    ("invalid digit found in string", "expected a whole number"),
    ("cannot parse integer from empty string", "expected a whole number"),
    ("number too large to fit in target type", "too large a number"),
    ("invalid float literal", "expected a number"),
];

fn usage(answer: &clap::Error) -> u8 {
    let text = NUMBERS.iter().fold(answer.to_string(), |text, (of_rust, ours)| text.replace(of_rust, ours));
    // Nothing can be done for a message that cannot be printed.
    let _ = write!(std::io::stderr(), "{text}");
    USAGE
}

fn conclude(tool: &str, error: &Error) -> u8 {
    if error.is_closed_output() {
        return GOOD;
    }
    io::say(tool, error);
    match error {
        Error::Usage(_) => USAGE,
        Error::Verdict(_) => VERDICT,
        Error::Failed(_) | Error::Empty { .. } | Error::Output(_) => FAILED,
    }
}
