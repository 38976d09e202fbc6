//! The frame of every filter: arguments, standard output, messages, exit status.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;

use clap::Parser;

use crate::{Error, Input, Source, generate};

const GOOD: u8 = 0;
const FAILED: u8 = 1;
const USAGE: u8 = 2;
const VERDICT: u8 = 3;

/// Standard output, and what is said on standard error.
pub struct Io {
    tool: String,
    quiet: bool,
    out: BufWriter<File>,
}

impl Io {
    pub(crate) fn new(tool: &str) -> io::Result<Self> {
        // Rust's own standard output looks for line ends in all that is written: data needs no such care.
        let file = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let out = BufWriter::with_capacity(1 << 18, file);
        Ok(Io { tool: tool.to_string(), quiet: false, out })
    }

    /// Says one line on standard error, unless quiet.
    pub fn note(&mut self, text: impl Display) {
        if !self.quiet {
            say(&self.tool, text);
        }
    }

    /// Silences the notes; errors are still said.
    pub fn quiet(&mut self, on: bool) {
        self.quiet = on;
    }

    /// True when standard output is a terminal.
    pub fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Opens the main input of a filter.
    pub fn input(&mut self, args: &Input) -> Result<Source, Error> {
        self.quiet(args.quiet);
        let source = match &args.file {
            Some(path) => Source::open(path)?,
            None => Source::standard_input()?,
        };
        source.pick(&args.select, &args.drop)
    }
}

impl Write for Io {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Runs a filter: parses its arguments, calls `body`, writes what is left of the output and turns
/// the outcome into the exit status: 0 good or output closed, 1 input or machine, 2 usage, 3 verdict.
pub fn run<A: Parser>(body: impl FnOnce(A, &mut Io) -> Result<(), Error>) -> ExitCode {
    let command = A::command();
    let tool = command.get_name().to_string();
    let outcome = Io::new(&tool).map_err(Error::Output).and_then(|mut io| {
        if let Some(kind) = generate::request() {
            return generate_page(&kind, command, &mut io);
        }
        match A::try_parse() {
            Ok(args) => body(args, &mut io)?,
            Err(answer) if answer.use_stderr() => return Ok(usage(&answer)),
            Err(help) => write!(io, "{help}")?,
        }
        io.flush()?;
        Ok(GOOD)
    });
    ExitCode::from(outcome.unwrap_or_else(|error| conclude(&tool, &error)))
}

fn generate_page(kind: &str, command: clap::Command, io: &mut Io) -> Result<u8, Error> {
    if !generate::page(kind, command, io)? {
        let expected = "expected man, complete-bash, complete-zsh or complete-fish";
        return Err(Error::usage(format!("--generate: {expected}: \"{kind}\"")));
    }
    io.flush()?;
    Ok(GOOD)
}

fn usage(answer: &clap::Error) -> u8 {
    // Nothing can be done for a message that cannot be printed.
    let _ = write!(io::stderr(), "{answer}");
    USAGE
}

fn conclude(tool: &str, error: &Error) -> u8 {
    if error.is_closed_output() {
        return GOOD;
    }
    say(tool, error);
    match error {
        Error::Usage(_) => USAGE,
        Error::Verdict(_) => VERDICT,
        Error::Failed(_) | Error::Output(_) => FAILED,
    }
}

fn say(tool: &str, text: impl Display) {
    let _ = writeln!(io::stderr(), "{tool}: {text}");
}
