//! What can go wrong, and the exit status it leads to.

use std::fmt;
use std::io;

/// Why a filter ends early.
#[derive(Debug)]
pub enum Error {
    /// The command line asks for something that makes no sense: exit status 2.
    Usage(String),
    /// The input or the machine failed: exit status 1.
    Failed(String),
    /// Standard output could not be written: quietly 0 when its reader left, else 1.
    Output(io::Error),
    /// The answer is there, and it is a refusal (`rank --fail-on`): exit status 3.
    Verdict(String),
}

impl Error {
    /// The input or the machine failed: `<where>: <what>: "<text>"`.
    pub fn failed(message: impl fmt::Display) -> Self {
        Error::Failed(message.to_string())
    }

    /// The command line makes no sense.
    pub fn usage(message: impl fmt::Display) -> Self {
        Error::Usage(message.to_string())
    }

    /// Puts the name of an input in front of the message.
    #[must_use]
    pub fn at(self, place: &str) -> Self {
        match self {
            Error::Failed(text) if !place.is_empty() => Error::Failed(format!("{place}: {text}")),
            other => other,
        }
    }

    /// True when the reader of standard output has left.
    pub fn is_closed_output(&self) -> bool {
        matches!(self, Error::Output(e) if e.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Usage(text) | Error::Failed(text) | Error::Verdict(text) => f.write_str(text),
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
        let text = e.to_string();
        match e.into_kind() {
            csv::ErrorKind::Io(io) => Error::Output(io),
            _ => Error::Failed(text),
        }
    }
}

/// What was found, as a message quotes it: the beginning of what is long.
pub(crate) fn quote(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("\"{}…\"", &text[..end]),
        None => format!("\"{text}\""),
    }
}

/// The operating system's words without its error number, lower case.
pub(crate) fn reason(e: &io::Error) -> String {
    let text = e.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
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
        let e = Error::failed("line 3: not a number: \"x\"").at("a.csv");
        assert_eq!(e.to_string(), "a.csv: line 3: not a number: \"x\"");
    }

    #[test]
    fn the_reason_has_no_number_and_no_capital() {
        assert_eq!(reason(&io::Error::from_raw_os_error(2)), "no such file or directory");
    }
}
