//! From the bytes of an input to the store of series: lines in parallel, anything else as a stream.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use grid::{Error, Source};
use memchr::{memchr_iter, memrchr};
use rayon::prelude::*;

use super::cursor::Unexpected;
use super::splitter::{Batch, Broken, Piece, Splitter};
use super::stamps::Stamps;
use super::{Element, check_envelope, excerpt, parse_element};
use crate::Store;

/// How much is read at a time. A line longer than this is read as a stream.
const BLOCK: usize = 4 << 20;

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
        for block in blocks(reader) {
            intake.add(&block.map_err(|e| Error::failed(format!("cannot read: {e}")))?)?;
        }
        intake.finish()
    })();
    outcome.map_err(|e| e.at(&place))
}

/// The input in blocks, read ahead by a thread of its own. They end with a line where they can.
fn blocks(reader: Box<dyn Read + Send>) -> impl Iterator<Item = io::Result<Vec<u8>>> {
    let (sender, receiver): (_, Receiver<io::Result<Vec<u8>>>) = sync_channel(1);
    thread::spawn(move || send_blocks(reader, &sender));
    receiver.into_iter()
}

fn send_blocks(mut reader: Box<dyn Read + Send>, sender: &SyncSender<io::Result<Vec<u8>>>) {
    let mut carried: Vec<u8> = Vec::new();
    loop {
        let mut block = Vec::with_capacity(BLOCK);
        block.append(&mut carried);
        let missing = (BLOCK - block.len()) as u64;
        let got = match reader.by_ref().take(missing).read_to_end(&mut block) {
            Ok(got) => got as u64,
            Err(e) => {
                // Nobody listens any more when the parsing side has ended with an error of its own.
                let _ = sender.send(Err(e));
                return;
            }
        };
        let ended = got < missing;
        if let (false, Some(last)) = (ended, memrchr(b'\n', &block)) {
            carried.extend_from_slice(&block[last + 1..]);
            block.truncate(last + 1);
        }
        if sender.send(Ok(block)).is_err() || ended {
            return;
        }
    }
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
        let lines: Vec<&[u8]> = block.split_inclusive(|&b| b == b'\n').collect();
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
