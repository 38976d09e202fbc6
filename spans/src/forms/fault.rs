//! What is wrong with a document, and where.

use std::fmt;

/// As much of the text is quoted as stands before the place where reading stopped.
const QUOTED: usize = 40;

/// Why a document is not a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    what: String,
    /// Line and column where reading stopped, both from 1, where there is such a place.
    place: Option<(usize, usize)>,
    found: Option<String>,
    at_end: bool,
}

impl Fault {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Fault { what: what.into(), place: None, found: None, at_end: false }
    }

    pub(crate) fn unknown() -> Self {
        Fault::new("expected resourceSpans (OTLP), data or spans (Jaeger), or traceId (Zipkin)")
    }

    /// True when the end of the text, not the text, is in the way: the document goes on after it, or ended before.
    pub fn goes_on(&self) -> bool {
        self.at_end
    }

    /// The line within the document, from 1.
    pub fn line(&self) -> usize {
        self.place.map_or(1, |(line, _)| line)
    }

    /// The column within the line, from 1.
    pub fn column(&self) -> usize {
        self.place.map_or(1, |(_, column)| column)
    }

    /// Puts the place of a part, which begins at `start`, in terms of the whole document, and quotes the text there.
    pub(crate) fn within(mut self, document: &[u8], start: usize) -> Self {
        let stopped = match self.place {
            Some((line, column)) => start + offset(&document[start..], line, column),
            None => start,
        };
        let head = &document[..stopped.min(document.len())];
        let line_start = memchr::memrchr(b'\n', head).map_or(0, |at| at + 1);
        self.place = Some((memchr::memchr_iter(b'\n', head).count() + 1, (stopped - line_start).max(1)));
        let rest = if stopped > start { &head[stopped.saturating_sub(QUOTED).max(line_start)..] } else { b"" };
        let rest = if rest.is_empty() { &document[start..document.len().min(start + QUOTED)] } else { rest };
        self.found = (!self.what.ends_with('"')).then(|| String::from_utf8_lossy(rest).escape_debug().to_string());
        self
    }
}

/// How far a line and a column are into a text.
fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let before = match line {
        0 | 1 => 0,
        line => memchr::memchr_iter(b'\n', text).nth(line - 2).map_or(text.len(), |at| at + 1),
    };
    (before + column).min(text.len())
}

impl From<serde_json::Error> for Fault {
    /// Keeps what was expected; what was found is quoted from the text itself.
    fn from(e: serde_json::Error) -> Self {
        let place = Some((e.line(), e.column()));
        let text = e.to_string();
        let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
        let what = match text.split_once("expected ") {
            Some((_, "a sequence")) => "expected an array".to_string(),
            Some((_, expected)) if expected.starts_with("struct ") => "expected an object".to_string(),
            Some((_, expected)) => format!("expected {expected}"),
            None if text == "recursion limit exceeded" => "nested too deeply for a trace".to_string(),
            None => text.replace("missing field", "expected before this the field"),
        };
        Fault { what, place, found: None, at_end: e.is_eof() || text == "trailing characters" }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.found {
            Some(found) => write!(f, "{}: \"{found}\"", self.what),
            None => f.write_str(&self.what),
        }
    }
}
