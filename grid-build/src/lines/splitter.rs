//! Finds the series inside any stream of JSON values: lines, arrays, whole answers of a server.

use std::io;

use super::cursor::DEPTH;
use super::skimmer::Skimmer;

/// A series object inside `Batch::text`, and the place where it began in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// A whole value with the series that were inside it replaced by `0`: it may be a series by
    /// itself, or the envelope of an answer.
    pub(crate) whole: bool,
}

/// Series objects that are ready to be parsed.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) text: Vec<u8>,
    pub(crate) pieces: Vec<Piece>,
}

/// Text that cannot be JSON, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) expected: &'static str,
    /// What stands there; empty at the end of the input.
    pub(crate) found: Vec<u8>,
}

/// Follows brackets and strings across chunks. The memory is that of the largest single series,
/// not that of an answer.
///
/// Outside of series every bracket is looked at. Inside of one only braces are, and quotes are
/// counted: whether the rest is JSON is found out when the series is parsed.
pub(crate) struct Splitter {
    stack: Vec<u8>,
    in_string: bool,
    escaped: bool,
    /// The series that is being read.
    series: Option<Skimmer>,
    /// The text of the value around the series.
    envelope: Vec<u8>,
    /// The place of the byte that is looked at.
    line: usize,
    column: usize,
    value_at: (usize, usize),
    element_at: (usize, usize),
    element_from: usize,
}

impl Splitter {
    pub(crate) fn new(line: usize) -> Self {
        Splitter {
            stack: Vec::new(),
            in_string: false,
            escaped: false,
            series: None,
            envelope: Vec::new(),
            line,
            column: 1,
            value_at: (line, 1),
            element_at: (line, 1),
            element_from: 0,
        }
    }

    /// The line that is looked at.
    pub(crate) fn line(&self) -> usize {
        self.line
    }

    /// Makes room for the bytes that come next, beside those of a series or an envelope that has begun and is not too long.
    pub(crate) fn reserve(&mut self, more: usize, batch: &mut Batch) -> io::Result<()> {
        grid::check_line(batch.text.len().max(self.envelope.len()))?;
        batch.text.try_reserve(more)?;
        Ok(self.envelope.try_reserve(more)?)
    }

    /// Reads on; series that end inside `bytes` are added to the batch. A series that has begun is
    /// kept at the end of `batch.text` until the rest of it comes.
    pub(crate) fn feed(&mut self, bytes: &[u8], batch: &mut Batch) -> Result<(), Broken> {
        // Everything before `kept` has been taken over, and before `placed` counted as lines.
        let (mut kept, mut placed, mut at) = (0, 0, 0);
        while at < bytes.len() {
            if let Some(series) = &mut self.series {
                let (passed, ended) = series.skim(&bytes[at..]);
                at += passed;
                if ended {
                    self.end_element(&bytes[kept..at], batch);
                    kept = at;
                }
                continue;
            }
            if self.in_string {
                at += self.follow_string(&bytes[at..]);
                continue;
            }
            let byte = bytes[at];
            if matches!(byte, b'{' | b'[' | b'}' | b']') || self.stack.is_empty() {
                self.place(&bytes[placed..at]);
                placed = at;
                if self.turn(&bytes[at..], &bytes[kept..at], batch)? {
                    kept = at;
                }
                if self.series.is_some() {
                    continue;
                }
            }
            self.in_string = byte == b'"';
            at += 1;
            if matches!(byte, b'}' | b']') && self.stack.is_empty() {
                self.end_value(&bytes[kept..at], batch);
                kept = at;
            }
        }
        self.place(&bytes[placed..]);
        self.keep(&bytes[kept..], batch);
        Ok(())
    }

    /// At a bracket or between values. True when the bytes before it have been taken over.
    fn turn(&mut self, bytes: &[u8], before: &[u8], batch: &mut Batch) -> Result<bool, Broken> {
        let begins = self.begins_element(bytes);
        let takes = begins || self.stack.is_empty();
        if takes {
            self.keep(before, batch);
        }
        if begins {
            self.series = Some(Skimmer::default());
            self.element_at = (self.line, self.column);
            self.element_from = batch.text.len();
        } else if let Err(expected) = self.follow(bytes[0]) {
            let found = bytes.iter().take(24).copied().collect();
            return Err(Broken { line: self.line, column: self.column, expected, found });
        }
        Ok(takes)
    }

    /// The input is over: nothing may be open.
    pub(crate) fn finish(&self) -> Result<(), Broken> {
        if self.stack.is_empty() && self.series.is_none() {
            return Ok(());
        }
        let expected = "the rest of a series";
        Err(Broken { line: self.line, column: self.column, expected, found: Vec::new() })
    }

    /// How many bytes of a string can be passed at once.
    fn follow_string(&mut self, bytes: &[u8]) -> usize {
        if self.escaped {
            self.escaped = false;
            return 1;
        }
        let Some(at) = memchr::memchr2(b'"', b'\\', bytes) else { return bytes.len() };
        self.escaped = bytes[at] == b'\\';
        self.in_string = self.escaped;
        at + 1
    }

    fn follow(&mut self, byte: u8) -> Result<(), &'static str> {
        match byte {
            b'{' | b'[' if self.stack.len() >= DEPTH => Err("a series, nested less deeply"),
            b'{' | b'[' => {
                if self.stack.is_empty() {
                    self.value_at = (self.line, self.column);
                }
                self.stack.push(byte);
                Ok(())
            }
            b'}' | b']' => {
                let opened = if byte == b'}' { b'{' } else { b'[' };
                let fits = self.stack.pop() == Some(opened);
                if fits { Ok(()) } else { Err("a bracket that fits the one that was opened") }
            }
            b' ' | b'\n' | b'\r' | b'\t' => Ok(()),
            _ => Err("a series, or an array of them"),
        }
    }

    /// A series begins in an array of them, in the result of an answer, or as a value of its own.
    fn begins_element(&self, bytes: &[u8]) -> bool {
        match self.stack.as_slice() {
            b"[" | b"{{[" => bytes.starts_with(b"{"),
            b"" => bytes.starts_with(b"{\"metric\""),
            _ => false,
        }
    }

    fn end_element(&mut self, bytes: &[u8], batch: &mut Batch) {
        batch.text.extend_from_slice(bytes);
        self.series = None;
        let ((line, column), end) = (self.element_at, batch.text.len());
        batch.pieces.push(Piece { start: self.element_from, end, line, column, whole: false });
        if !self.stack.is_empty() {
            self.envelope.push(b'0');
        }
    }

    fn end_value(&mut self, bytes: &[u8], batch: &mut Batch) {
        self.envelope.extend_from_slice(bytes);
        let ((line, column), start) = (self.value_at, batch.text.len());
        batch.text.append(&mut self.envelope);
        batch.pieces.push(Piece { start, end: batch.text.len(), line, column, whole: true });
    }

    /// Takes bytes over to where they belong; space between values belongs nowhere.
    fn keep(&mut self, bytes: &[u8], batch: &mut Batch) {
        if self.series.is_some() {
            batch.text.extend_from_slice(bytes);
        } else if !self.stack.is_empty() {
            self.envelope.extend_from_slice(bytes);
        }
    }

    /// Moves the place past bytes.
    fn place(&mut self, bytes: &[u8]) {
        match memchr::memrchr(b'\n', bytes) {
            Some(last) => {
                self.line += memchr::memchr_iter(b'\n', bytes).count();
                self.column = bytes.len() - last;
            }
            None => self.column += bytes.len(),
        }
    }

    /// Forgets the pieces that were parsed, and moves a series that is not whole yet to the front.
    pub(crate) fn clear(&mut self, batch: &mut Batch) {
        let kept = if self.series.is_some() { self.element_from } else { batch.text.len() };
        batch.text.drain(..kept);
        batch.pieces.clear();
        self.element_from = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, size: usize) -> Result<Vec<String>, Broken> {
        let (mut splitter, mut batch, mut found) = (Splitter::new(1), Batch::default(), Vec::new());
        for part in text.as_bytes().chunks(size) {
            splitter.feed(part, &mut batch)?;
            for piece in &batch.pieces {
                found.push(String::from_utf8_lossy(&batch.text[piece.start..piece.end]).into_owned());
            }
            splitter.clear(&mut batch);
        }
        splitter.finish()?;
        Ok(found)
    }

    #[test]
    fn series_are_found_in_every_form_and_chunk_size() {
        let body = r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"}"}},{"b":[[1]]}]}}"#;
        let text = format!("{{\"metric\":{{}}}}\n[{{\"x\":1}}, {{}}]\n{body}{{}}");
        let envelope = r#"{"status":"success","data":{"resultType":"matrix","result":[0,0]}}"#;
        let want = [
            "{\"metric\":{}}",
            "{\"x\":1}",
            "{}",
            "[0, 0]",
            r#"{"metric":{"a":"}"}}"#,
            r#"{"b":[[1]]}"#,
            envelope,
            "{}",
        ];
        for size in [1, 2, 7, 1000] {
            assert_eq!(split(&text, size).unwrap(), want, "{size}");
        }
    }

    #[test]
    fn what_is_cut_short_or_no_json_is_refused_with_its_place() {
        let cut = split("[\n{\"a\":", 100).unwrap_err();
        assert_eq!((cut.line, cut.column, cut.found), (2, 6, Vec::new()));
        assert_eq!(split("{]", 100).unwrap_err().expected, "a bracket that fits the one that was opened");
        assert_eq!(split("{} x", 100).unwrap_err().column, 4);
        assert_eq!(split(&"[".repeat(100), 100).unwrap_err().expected, "a series, nested less deeply");
    }
}
