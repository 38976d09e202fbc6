//! From the bytes of an input to the store of series: lines in parallel, anything else as a stream.

use grid::{Error, Source};
use memchr::{memchr_iter, memrchr};
use rayon::prelude::*;

use super::blocks::Blocks;
use super::cursor::Unexpected;
use super::splitter::{Batch, Broken, Piece, Splitter};
use super::stamps::Stamps;
use super::{Element, check_envelope, excerpt, parse_element};
use crate::Store;

/// Reads every series of one input into the store.
///
/// Lines that are a series each are parsed in parallel. From the first line on that is not (a whole
/// answer, an array, pretty-printed text) the input is followed bracket by bracket, and the series
/// inside are parsed in parallel. Memory: the samples, and three blocks or one series of text.
pub fn read_series(source: Source, store: &mut Store) -> Result<(), Error> {
    let place = source.place().to_string();
    let (reader, _) = source.into_parts();
    let mut intake = Intake { store, line: 1, stamps: Stamps::default(), stream: None };
    let outcome = (|| {
        let blocks = Blocks::new(reader);
        while let Some(block) = blocks.next() {
            let block = block.map_err(|e| Error::read("", &e))?;
            intake.add(&block)?;
            blocks.give_back(block);
        }
        intake.finish()
    })();
    outcome.map_err(|e| e.at(&place))
}

struct Intake<'a> {
    store: &'a mut Store,
    /// The line at which the next block begins.
    line: usize,
    stamps: Stamps,
    /// Set from the first line on that is no series by itself.
    stream: Option<(Splitter, Batch)>,
}

impl Intake<'_> {
    fn add(&mut self, block: &[u8]) -> Result<(), Error> {
        if self.stream.is_some() {
            return self.follow(block);
        }
        let lines = split_lines(block);
        let stamps = &self.stamps;
        let parsed: Vec<Option<Element>> = lines.par_iter().map(|line| parse_line(line, stamps)).collect();
        let mut begin = 0;
        for (line, element) in lines.iter().zip(parsed) {
            let Some(element) = element else {
                self.stream = Some((Splitter::new(self.line), Batch::default()));
                return self.follow(&block[begin..]);
            };
            if element.name.is_some() {
                let (range, known) = (element.stamps.clone(), element.clock.is_some());
                let clock = self.store.add(element);
                if let (Some(clock), false) = (clock, known) {
                    self.stamps.add(line.trim_ascii(), range, &clock);
                }
            }
            self.line += 1;
            begin += line.len();
        }
        Ok(())
    }

    fn follow(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let Some((splitter, batch)) = &mut self.stream else { return Ok(()) };
        splitter
            .reserve(bytes.len(), batch)
            .map_err(|e| Error::read("", &e).at(&format!("line {}", splitter.line())))?;
        let broken = splitter.feed(bytes, batch);
        let stamps = &self.stamps;
        let parsed: Vec<Result<Parsed, Error>> =
            batch.pieces.par_iter().map(|piece| parse_piece(&batch.text, piece, stamps)).collect();
        for parsed in parsed {
            match parsed? {
                Parsed::Series(element) => drop(self.store.add(element)),
                Parsed::Around(warnings) => self.store.warn(warnings),
            }
        }
        broken.map_err(refuse_broken)?;
        splitter.clear(batch);
        Ok(())
    }

    fn finish(&self) -> Result<(), Error> {
        match &self.stream {
            Some((splitter, _)) => splitter.finish().map_err(refuse_broken),
            None => Ok(()),
        }
    }
}

enum Parsed {
    Series(Element),
    /// The envelope of an answer, with its warnings.
    Around(Vec<String>),
}

fn parse_piece(text: &[u8], piece: &Piece, stamps: &Stamps) -> Result<Parsed, Error> {
    let text = &text[piece.start..piece.end];
    let (line, column) = (piece.line, piece.column);
    if piece.whole && !is_series(text) {
        let checked = check_envelope(text).map_err(|e| e.at(&format!("line {line}")));
        return checked.map(Parsed::Around);
    }
    match parse_element(text, stamps) {
        Ok(element) if element.name.is_some() => Ok(Parsed::Series(element.tidied())),
        Ok(_) => {
            let place = format!("line {line}: column {column}");
            Err(Error::failed(format!("{place}: a series without \"metric\": \"{}\"", excerpt(text))))
        }
        Err(unexpected) => Err(refuse_unexpected(text, piece, unexpected)),
    }
}

/// The lines with their ends.
fn split_lines(block: &[u8]) -> Vec<&[u8]> {
    let mut from = 0;
    let ends = memchr_iter(b'\n', block).map(|at| at + 1);
    let mut lines: Vec<&[u8]> = ends.map(|end| &block[std::mem::replace(&mut from, end)..end]).collect();
    if from < block.len() {
        lines.push(&block[from..]);
    }
    lines
}

/// A series on a line of its own; an element without a name for an empty line, none for all else.
fn parse_line(line: &[u8], stamps: &Stamps) -> Option<Element> {
    let line = line.trim_ascii();
    if line.is_empty() {
        return Some(Element::default());
    }
    parse_element(line, stamps).ok().filter(|element| element.name.is_some()).map(Element::tidied)
}

/// An object with `metric` is a series even if it cannot be read; others are envelopes.
fn is_series(text: &[u8]) -> bool {
    let has_metric = memchr::memmem::find(text, b"\"metric\"").is_some();
    text.starts_with(b"{") && has_metric && memchr::memmem::find(text, b"\"status\"").is_none()
}

fn refuse_unexpected(text: &[u8], piece: &Piece, unexpected: Unexpected) -> Error {
    let Unexpected { at, expected } = unexpected;
    let before = &text[..at];
    let line = piece.line + memchr_iter(b'\n', before).count();
    let column = match memrchr(b'\n', before) {
        Some(end) => at - end,
        None => piece.column + at,
    };
    let found = match &text[at..] {
        [] => "the end of the series".to_string(),
        rest => format!("\"{}\"", token(rest)),
    };
    Error::failed(format!("line {line}: column {column}: expected {expected}: {found}"))
}

/// The text up to the next comma or bracket.
fn token(text: &[u8]) -> String {
    let end = text.iter().skip(1).position(|b| matches!(b, b',' | b']' | b'}' | b'\n'));
    excerpt(&text[..end.map_or(text.len(), |end| end + 1)])
}

fn refuse_broken(broken: Broken) -> Error {
    let Broken { line, column, expected, found } = broken;
    let what = match found.as_slice() {
        [] => "the input ends in the middle of a series".to_string(),
        found => format!("expected {expected}: \"{}\"", excerpt(found)),
    };
    Error::failed(format!("line {line}: column {column}: {what}"))
}
