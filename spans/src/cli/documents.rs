//! Takes an input apart into JSON documents: one on a line, as exporters write them, or one over many lines.

use std::fmt::Display;
use std::io::{self, Read};

use grid::{Error, Source};

/// As much is read at once.
const PIECE: usize = 1 << 18;

/// The documents of one input, the first of which begins at `start` of the buffer.
pub(crate) struct Documents {
    source: Source,
    buffer: Vec<u8>,
    start: usize,
    /// The end of the candidate in the buffer.
    end: usize,
    line: usize,
    ended: bool,
}

impl Documents {
    pub(crate) fn new(source: Source) -> Self {
        Documents { source, buffer: Vec::new(), start: 0, end: 0, line: 1, ended: false }
    }

    /// The name of the input, for messages.
    pub(crate) fn place(&self) -> &str {
        self.source.place()
    }

    /// The line on which the document begins, from 1.
    pub(crate) fn line(&self) -> usize {
        self.line
    }

    /// The document found last.
    pub(crate) fn text(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Goes to the next document, for which the rest of its line is taken; false at the end of the input.
    pub(crate) fn next_line(&mut self) -> Result<bool, Error> {
        self.pass(self.end);
        loop {
            let blank = self.buffer[self.start..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            self.pass(self.start + blank);
            if self.start < self.buffer.len() {
                break;
            }
            if !self.more()? {
                return Ok(false);
            }
        }
        let mut looked = self.start;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer[looked..]) {
                self.end = looked + at;
                return Ok(true);
            }
            looked = self.buffer.len();
            if !self.more()? {
                self.end = self.buffer.len();
                return Ok(true);
            }
            looked -= self.shift(looked);
        }
    }

    /// Takes instead what the brackets say is the whole document, on however many lines; false when the input ends
    /// within it.
    pub(crate) fn next_whole(&mut self) -> Result<bool, Error> {
        let mut brackets = Brackets::default();
        let mut looked = self.start;
        loop {
            if let Some(length) = brackets.close(&self.buffer[looked..]) {
                self.end = looked + length;
                return Ok(true);
            }
            looked = self.buffer.len();
            if !self.more()? {
                self.end = looked;
                return Ok(false);
            }
            looked -= self.shift(looked);
        }
    }

    /// Leaves behind what is before `to`.
    fn pass(&mut self, to: usize) {
        self.line += memchr::memchr_iter(b'\n', &self.buffer[self.start..to]).count();
        self.start = to;
        self.end = to;
    }

    /// Moves the rest of the buffer to its front where most of it is behind; by how much.
    fn shift(&mut self, looked: usize) -> usize {
        if self.start < PIECE || self.start * 2 < looked {
            return 0;
        }
        let by = self.start;
        self.buffer.drain(..by);
        (self.start, self.end) = (0, 0);
        by
    }

    /// Reads a piece; false at the end.
    fn more(&mut self) -> Result<bool, Error> {
        let before = self.buffer.len();
        if !self.ended {
            grid::check_line(before - self.start).map_err(|e| self.unreadable(&e))?;
            let room = self.buffer.try_reserve(PIECE).map_err(io::Error::from);
            room.map_err(|_| Error::out_of_memory(self.at_line("a document")).at(self.source.place()))?;
            let piece = (&mut self.source).take(PIECE as u64).read_to_end(&mut self.buffer);
            piece.map_err(|e| self.unreadable(&e))?;
            self.ended = self.buffer.len() == before;
        }
        Ok(!self.ended)
    }

    fn unreadable(&self, e: &io::Error) -> Error {
        Error::failed(format!("cannot read: {}", self.at_line(e))).at(self.source.place())
    }

    fn at_line(&self, what: impl Display) -> String {
        format!("line {}: {what}", self.line)
    }
}

/// Follows the brackets of a document from its first byte to the last.
#[derive(Default)]
struct Brackets {
    depth: usize,
    quoted: bool,
    escaped: bool,
}

impl Brackets {
    /// How many bytes of this piece belong to the document, where it ends in it.
    fn close(&mut self, piece: &[u8]) -> Option<usize> {
        for (at, byte) in piece.iter().enumerate() {
            match (self.quoted, byte) {
                (true, _) if self.escaped => self.escaped = false,
                (true, b'\\') => self.escaped = true,
                (_, b'"') => self.quoted = !self.quoted,
                (false, b'{' | b'[') => self.depth += 1,
                (false, b'}' | b']') => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }
}
