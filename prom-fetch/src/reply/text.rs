//! JSON text that is read as it arrives, in a buffer that grows only for a value that needs it.

use std::io::{self, Read};

use serde::de::DeserializeOwned;

use crate::limits::exceeds;
use crate::server::reason;

/// Why the reading of an answer ends early.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// The body is not what it should be.
    Broken(String),
    /// The body ends too soon: the same may come whole when it is asked for again.
    Cut(String),
    /// Whoever takes the series wants no more.
    Stopped,
}

const CHUNK: usize = 1 << 17;
/// No single value outside the lists of points and series may be longer.
const LONGEST: usize = 1 << 24;
/// What is passed over may be long (native histograms), but not endless.
const LONGEST_SKIPPED: usize = 1 << 30;
/// More white space than this between two tokens is no layout.
const LONGEST_SPACE: usize = 1 << 20;

/// A cursor over JSON text.
pub(crate) struct Text<R> {
    input: R,
    bytes: Vec<u8>,
    at: usize,
    end: usize,
    passed: u64,
}

impl<R: Read> Text<R> {
    pub(crate) fn new(input: R) -> Self {
        Text { input, bytes: vec![0; 2 * CHUNK], at: 0, end: 0, passed: 0 }
    }

    /// What has been read and not yet used.
    pub(crate) fn ready(&self) -> &[u8] {
        &self.bytes[self.at..self.end]
    }

    pub(crate) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Reads more behind what is ready; false at the end of the body.
    pub(crate) fn fill(&mut self) -> Result<bool, Fault> {
        if self.at > 0 && self.bytes.len() - self.end < CHUNK {
            self.bytes.copy_within(self.at..self.end, 0);
            self.passed += self.at as u64;
            self.end -= self.at;
            self.at = 0;
        }
        if self.bytes.len() - self.end < CHUNK {
            if exceeds(self.ready().len(), LONGEST) {
                return Err(self.broken("a value is too long, which --no-limits allows"));
            }
            let more = self.bytes.len();
            self.bytes
                .try_reserve_exact(more)
                .map_err(|_| Fault::Broken(String::from("out of memory: the text of an answer")))?;
            self.bytes.resize(2 * more, 0);
        }
        loop {
            match self.input.read(&mut self.bytes[self.end..]) {
                Ok(0) => return Ok(false),
                Ok(read) => {
                    self.end += read;
                    return Ok(true);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) if e.kind() == io::ErrorKind::QuotaExceeded => return Err(self.broken(&e.to_string())),
                Err(e) if e.kind() == io::ErrorKind::TimedOut || e.to_string().starts_with("timeout") => {
                    return Err(self.broken("no more of the body came in time, see --timeout"));
                }
                Err(e) => return Err(self.cut(&format!("the body breaks off ({})", reason(&e.to_string())))),
            }
        }
    }

    /// The next byte that is no white space; it is not used up.
    pub(crate) fn peek(&mut self) -> Result<u8, Fault> {
        self.look()?.ok_or_else(|| self.cut_short())
    }

    /// Like `peek`; `None` at the end of the body.
    pub(crate) fn look(&mut self) -> Result<Option<u8>, Fault> {
        let mut passed = 0;
        loop {
            let spaces = self.ready().iter().take_while(|b| b.is_ascii_whitespace()).count();
            self.at += spaces;
            passed += spaces;
            if exceeds(passed, LONGEST_SPACE) {
                return Err(self.broken("over 1 MiB of white space, which --no-limits allows"));
            }
            if let Some(&byte) = self.ready().first() {
                return Ok(Some(byte));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    pub(crate) fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        if self.peek()? != byte {
            return Err(self.unexpected(&format!("\"{}\"", char::from(byte))));
        }
        self.at += 1;
        Ok(())
    }

    /// Uses up the next byte when it is this one.
    pub(crate) fn accept(&mut self, byte: u8) -> Result<bool, Fault> {
        let found = self.peek()? == byte;
        self.at += usize::from(found);
        Ok(found)
    }

    /// Reads one value of any kind.
    pub(crate) fn value<T: DeserializeOwned>(&mut self, what: &str) -> Result<T, Fault> {
        let mut text = Vec::new();
        self.take(Some(&mut text))?;
        serde_json::from_slice(&text).map_err(|_| self.broken(&format!("{what} cannot be read")))
    }

    /// Passes over one value of any kind.
    pub(crate) fn skip(&mut self) -> Result<(), Fault> {
        self.take(None)
    }

    fn take(&mut self, mut text: Option<&mut Vec<u8>>) -> Result<(), Fault> {
        self.peek()?;
        let mut scan = Scan::default();
        let mut length = 0;
        loop {
            let (used, done) = scan.over(self.ready());
            length += used;
            if exceeds(length, if text.is_some() { LONGEST } else { LONGEST_SKIPPED }) {
                return Err(self.broken("a value is too long, which --no-limits allows"));
            }
            if let Some(text) = &mut text {
                text.extend_from_slice(&self.ready()[..used]);
            }
            self.at += used;
            if done {
                return Ok(());
            }
            if !self.fill()? {
                return Err(self.cut_short());
            }
        }
    }

    pub(crate) fn unexpected(&self, wanted: &str) -> Fault {
        let found = String::from_utf8_lossy(&self.ready()[..self.ready().len().min(20)]).into_owned();
        let found = found.replace(char::is_control, " ");
        self.broken(&format!("expected {wanted}: \"{found}\""))
    }

    pub(crate) fn broken(&self, what: &str) -> Fault {
        Fault::Broken(self.placed(what))
    }

    pub(crate) fn cut_short(&self) -> Fault {
        self.cut("the body is cut short")
    }

    fn cut(&self, what: &str) -> Fault {
        Fault::Cut(self.placed(what))
    }

    fn placed(&self, what: &str) -> String {
        format!("byte {}: {what}", self.passed + self.at as u64 + 1)
    }
}

/// Looks for the end of a JSON value by its brackets and quotes.
#[derive(Default)]
struct Scan {
    depth: usize,
    quoted: bool,
    escaped: bool,
    begun: bool,
}

impl Scan {
    /// Goes on over `bytes`: how many belong to the value, and whether it is complete.
    fn over(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, &byte) in bytes.iter().enumerate() {
            let inside = self.depth > 0;
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.quoted => self.escaped = true,
                b'"' => {
                    self.quoted = !self.quoted;
                    if !self.quoted && !inside {
                        return (at + 1, true);
                    }
                }
                _ if self.quoted => {}
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' if inside => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                // A number or a word ends before what follows it.
                b',' | b':' | b']' | b'}' if !inside => return (at, true),
                _ if !inside && self.begun && byte.is_ascii_whitespace() => return (at, true),
                _ => {}
            }
            self.begun = true;
        }
        (bytes.len(), false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_passed_over_whole() {
        for text in ["\"a]\\\"}\"", "[1,[\"]\"],{\"a\":[]}]", "12.5", "null", "{}"] {
            let body = format!(" {text} ,7");
            let mut json = Text::new(body.as_bytes());
            json.skip().unwrap();
            assert!(json.accept(b',').unwrap(), "{text}");
            assert_eq!(json.peek().unwrap(), b'7');
        }
    }

    #[test]
    fn endless_white_space_ends() {
        let mut json = Text::new(std::io::repeat(b' '));
        assert!(matches!(json.peek(), Err(Fault::Broken(what)) if what.contains("white space")));
        let mut json = Text::new((&b"[1"[..]).chain(std::io::repeat(b' ')));
        assert!(matches!(json.value::<Vec<u8>>("x"), Err(Fault::Broken(what)) if what.contains("too long")));
    }

    #[test]
    fn an_unfinished_value_is_cut_short() {
        let mut json = Text::new(&b"[1,2"[..]);
        assert_eq!(json.skip(), Err(Fault::Cut("byte 5: the body is cut short".to_string())));
    }
}
