//! What can go wrong, and the exit status it leads to.

use std::fmt::{self, Display};
use std::io;

use crate::quote;

/// Why a filter ends early.
#[derive(Debug)]
pub enum Error {
    /// The command line asks for something that makes no sense: exit status 2.
    Usage(String),
    /// The input or the machine failed: exit status 1.
    Failed(String),
    /// There is nothing in an input, where something was expected: exit status 1.
    Empty {
        /// The name of the input; empty for standard input.
        place: String,
        /// What was expected.
        expected: String,
    },
    /// Standard output could not be written: quietly 0 when its reader left, else 1.
    Output(io::Error),
    /// The answer is there, and it is a refusal (`rank --fail-on`): exit status 3.
    Verdict(String),
}

impl Error {
    /// The input or the machine failed: `<where>: <what>: "<text>"`.
    pub fn failed(message: impl Display) -> Self {
        Error::Failed(message.to_string())
    }

    /// The command line makes no sense.
    pub fn usage(message: impl Display) -> Self {
        Error::Usage(message.to_string())
    }

    /// A file or a folder cannot be opened.
    pub fn open(place: impl Display, e: &io::Error) -> Self {
        Error::failed(format!("cannot open: {}", reason(e))).at(&place.to_string())
    }

    /// An input that is open cannot be read; an empty place is standard input.
    pub fn read(place: impl Display, e: &io::Error) -> Self {
        Error::failed(format!("cannot read: {}", reason(e))).at(&place.to_string())
    }

    /// A file cannot be made or written.
    pub fn write(place: impl Display, e: &io::Error) -> Self {
        Error::failed(format!("cannot write: {}", reason(e))).at(&place.to_string())
    }

    /// A text is not what it should be: `<place>: <what>: "<found>"`.
    pub fn parse(place: impl Display, what: impl Display, found: &str) -> Self {
        Error::failed(format!("{what}: {}", quote(found))).at(&place.to_string())
    }

    /// There is nothing in an input.
    pub fn empty(place: impl Display, expected: impl Display) -> Self {
        Error::Empty { place: place.to_string(), expected: expected.to_string() }
    }

    /// Memory does not suffice for `what`.
    pub fn out_of_memory(what: impl Display) -> Self {
        Error::failed(format!("out of memory: {what}"))
    }

    /// Puts the name of an input in front of the message.
    #[must_use]
    pub fn at(self, at: &str) -> Self {
        match self {
            Error::Failed(text) if !at.is_empty() => Error::Failed(format!("{at}: {text}")),
            Error::Empty { place, expected } if place.is_empty() => Error::Empty { place: at.to_string(), expected },
            other => other,
        }
    }

    /// Says of an empty input that something else was expected.
    #[must_use]
    pub fn expecting(self, expected: &str) -> Self {
        match self {
            Error::Empty { place, .. } => Error::empty(place, expected),
            other => other,
        }
    }

    /// True when the reader of standard output has left.
    pub fn is_closed_output(&self) -> bool {
        matches!(self, Error::Output(e) if e.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Usage(text) | Error::Failed(text) | Error::Verdict(text) => f.write_str(text),
            Error::Empty { place, expected } => {
                let colon = if place.is_empty() { "" } else { ": " };
                write!(f, "{place}{colon}the input is empty, expected {expected}")
            }
            Error::Output(e) => write!(f, "standard output: cannot write: {}", reason(e)),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    /// An I/O error without a place is one of writing the result; inputs name theirs.
    fn from(e: io::Error) -> Self {
        Error::Output(e)
    }
}

impl From<csv::Error> for Error {
    /// The I/O error is taken out first: `csv::Error` hides it from `source()`.
    fn from(e: csv::Error) -> Self {
        let line = |at: &Option<csv::Position>| at.as_ref().map_or(0, csv::Position::line);
        let text = match e.kind() {
            csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
                format!("line {}: {len} cells, expected {expected_len} as in the header", line(pos))
            }
            csv::ErrorKind::Utf8 { pos, .. } => format!("line {}: not UTF-8", line(pos)),
            _ => lower(&e.to_string()),
        };
        match e.into_kind() {
            csv::ErrorKind::Io(io) => Error::Output(io),
            _ => Error::Failed(text),
        }
    }
}

/// The operating system's words without its error number, lower case.
pub fn reason(e: &io::Error) -> String {
    let text = e.to_string();
    lower(text.split(" (os error").next().unwrap_or_default())
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().collect::<String>() + letters.as_str(),
        None => String::from("unknown error"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_inside_a_csv_error_is_seen() {
        let io = io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(Error::from(csv::Error::from(io)).is_closed_output());
    }

    #[test]
    fn the_place_is_put_in_front() {
        let e = Error::parse("line 3", "not a number", "x").at("a.csv");
        assert_eq!(e.to_string(), "a.csv: line 3: not a number: \"x\"");
        assert_eq!(Error::empty("", "a grid").at("a.csv").to_string(), "a.csv: the input is empty, expected a grid");
    }

    #[test]
    fn the_reason_has_no_number_and_no_capital() {
        let missing = io::Error::from_raw_os_error(2);
        assert_eq!(Error::open("a.csv", &missing).to_string(), "a.csv: cannot open: no such file or directory");
        assert_eq!(Error::read("", &missing).to_string(), "cannot read: no such file or directory");
    }
}
