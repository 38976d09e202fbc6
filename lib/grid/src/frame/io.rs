//! Standard output, and what is said on standard error.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::os::fd::AsFd;

use super::progress::{self, Working};
use crate::forms::table::people::Look;
use crate::text::list::{NAMES, first_names};
use crate::text::printable::message;
use crate::{Error, Input, Picker, Source, printable};

/// Standard output, and what is said on standard error.
///
/// What is written comes out in one piece at the end or when 256 kB are together; a note is one line, at once. A filter
/// computes first and writes then, so that what fails leaves nothing behind; those that stream write as they read.
pub struct Io {
    tool: String,
    quiet: bool,
    verbose: bool,
    top: usize,
    picker: Picker,
    out: BufWriter<File>,
}

impl Io {
    pub(crate) fn new(tool: &str) -> io::Result<Self> {
        // Rust's own standard output looks for line ends in all that is written: data needs no such care.
        let file = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let out = BufWriter::with_capacity(1 << 18, file);
        Ok(Io { tool: tool.to_string(), quiet: false, verbose: false, top: usize::MAX, picker: Picker::default(), out })
    }

    /// Says one line on standard error, unless quiet.
    pub fn note(&mut self, text: impl Display) {
        if !self.quiet {
            say(&self.tool, text);
        }
    }

    /// Says one line on columns: the [`first_names`], or all of them where `--verbose` asks for it. `count` is how many there
    /// are; only as many names as may be said need be given (see [`Io::named`]).
    pub fn note_columns(&mut self, what: impl Display, names: &[impl AsRef<str>], count: usize) {
        if self.quiet {
            return;
        }
        if !self.verbose {
            return say(&self.tool, format!("{what}: {}", first_names(names, count)));
        }
        let all: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        write_line(&self.tool, &printable(&format!("{what}: {}", all.join(", "))));
    }

    /// How many names of columns a note has at most.
    pub fn named(&self) -> usize {
        if self.verbose { usize::MAX } else { NAMES }
    }

    /// Silences the notes; errors are still said.
    pub fn quiet(&mut self, on: bool) {
        progress::quiet(on);
        self.quiet = on;
    }

    /// Shows on a terminal, until the result is dropped, that this is being done; `total` is how many parts it has, 0
    /// where they are not counted.
    pub fn working(&self, what: impl Display, total: usize) -> Working {
        Working::begin(what, total)
    }

    /// Names every column in the notes.
    pub(crate) fn verbose(&mut self, on: bool) {
        self.verbose = on;
    }

    /// Prints no more rows of a table than this.
    pub(crate) fn first(&mut self, top: usize) {
        self.top = top;
    }

    /// How many rows of a table are printed at most.
    pub fn top(&self) -> usize {
        self.top
    }

    /// Whether `--top` was given.
    pub fn has_top(&self) -> bool {
        self.top < usize::MAX
    }

    /// How a table looks on standard output: as wide as the terminal and with a bold header (unless `NO_COLOR` is set);
    /// elsewhere as wide as it is.
    pub(crate) fn look(&self) -> Look {
        if !self.is_terminal() {
            return Look::default();
        }
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Look { width, colour: std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) }
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
        Ok(source.pick(self.picker(&args.select, &args.drop)?))
    }

    /// What picks the columns of all inputs that `--select` and `--drop` are for.
    pub fn picker(&mut self, select: &[String], drop: &[String]) -> Result<Picker, Error> {
        self.picker = Picker::new(select, drop)?;
        Ok(self.picker.clone())
    }

    /// Says what picked nothing of all that was read.
    pub(crate) fn say_idle_drops(&mut self) {
        self.picker.idle_drops().iter().for_each(|note| self.note(note));
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

/// The one door through which words leave: one line, fit for a terminal, long texts shortened.
pub(crate) fn say(tool: &str, text: impl Display) {
    write_line(tool, &message(&text.to_string()));
}

fn write_line(tool: &str, text: &str) {
    progress::wipe();
    // Nothing can be done for a message that cannot be printed.
    let _ = writeln!(io::stderr(), "{tool}: {text}");
}
