//! Reads a grid in its CSV form.

use memchr::memchr_iter;
use rayon::prelude::*;

use super::header::Layout;
use super::held::Held;
use super::row::{Rows, first_line};
use crate::forms::chunks::CHUNK;
use crate::text::time::Unit;
use crate::{Error, Source, chunks, pieces};

/// A grid, and what has to be said of how it was read.
pub(crate) type Noted = (Held, Vec<String>);

/// Reads a whole grid. Rows are parsed in parallel, piece by piece: the working set is 8 bytes a cell, the names, and two
/// chunks of text.
pub(crate) fn read(source: Source) -> Result<Noted, Error> {
    let place = source.place().to_string();
    read_unnamed(source).map_err(|e| e.at(&place))
}

fn read_unnamed(source: Source) -> Result<Noted, Error> {
    let (place, length) = (source.place().to_string(), source.length());
    let (reader, mut picker) = source.into_parts();
    let mut chunks = chunks(reader);
    let mut first = Vec::new();
    let body = loop {
        match chunks.next() {
            Some(chunk) if first.is_empty() => first = std::mem::take(&mut *chunk?),
            Some(chunk) => first.extend_from_slice(&chunk?),
            None if first.iter().all(u8::is_ascii_whitespace) => return Err(empty()),
            None => break first.len(),
        }
        if let Some(end) = header_end(&first) {
            break end;
        }
    };
    let (rows, header) = (first.split_off(body), first);
    if has_bare_returns(&header) {
        let what =
            "lines that end in CR alone, expected LF or CR LF (grid-build reads them; tr '\\r' '\\n' makes it so)";
        return Err(Error::failed(format!("line 1: {what}")));
    }
    let header_lines = memchr_iter(b'\n', &header).count();
    let rows_length = length.map(|length| length.saturating_sub(body as u64));
    let (layout, held) = Layout::read(header, first_line(&rows), rows_length, &mut picker)?;
    let mut reader = Reader::new(&layout, held, rows_length, header_lines);
    reader.add(&rows)?;
    drop(rows);
    for chunk in chunks {
        reader.add(&chunk?)?;
    }
    reader.finish(&place)
}

fn empty() -> Error {
    Error::empty("", "a grid: a header that begins with time, then one row per timestamp")
}

/// Where the header record ends: after the first line feed outside quotes.
fn header_end(bytes: &[u8]) -> Option<usize> {
    let mut quoted = false;
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// True where a line ends in CR alone, as those of old spreadsheets do: all rows would stand in the header.
fn has_bare_returns(header: &[u8]) -> bool {
    let mut quoted = false;
    header.windows(2).any(|pair| {
        quoted ^= pair[0] == b'"';
        !quoted && pair[0] == b'\r' && !matches!(pair[1], b'\r' | b'\n')
    })
}

struct Reader<'a> {
    layout: &'a Layout,
    length: Option<u64>,
    lines: usize,
    bytes: usize,
    /// What the first time that is a number counts.
    unit: Option<Unit>,
    not_finite: usize,
    held: Held,
}

impl<'a> Reader<'a> {
    fn new(layout: &'a Layout, held: Held, length: Option<u64>, header_lines: usize) -> Self {
        Reader { layout, length, lines: header_lines, bytes: 0, unit: None, not_finite: 0, held }
    }

    /// Parses whole lines and appends them. Of long lines only a few are parsed before they are.
    fn add(&mut self, text: &[u8]) -> Result<(), Error> {
        let threads = rayon::current_num_threads();
        let size = text.len().div_ceil(threads).min(CHUNK);
        let parts = pieces(text, text.len().div_ceil(size.max(1)));
        parts.chunks(threads).try_for_each(|parts| self.add_parts(parts))
    }

    fn add_parts(&mut self, parts: &[&[u8]]) -> Result<(), Error> {
        if self.unit.is_none() {
            self.unit = parts.iter().find_map(|part| self.layout.unit(part));
        }
        let (unit, held) = (self.unit.unwrap_or(Unit::Seconds), &self.held);
        let parsed: Vec<(Rows, usize)> =
            parts.par_iter().map(|part| self.layout.parse_rows(part, unit, held)).collect();
        for (rows, lines) in &parsed {
            if let Some((line, what)) = &rows.error {
                return Err(Error::failed(format!("line {}: {what}", self.lines + line)));
            }
            self.lines += lines;
            self.not_finite += rows.not_finite;
        }
        self.bytes += parts.iter().map(|part| part.len()).sum::<usize>();
        let more = parsed.iter().map(|(rows, _)| rows.times_ms.len()).sum::<usize>();
        let expected = self.expected_rows(self.held.times_ms.len() + more);
        self.held.append(&parsed, expected).map_err(|_| {
            let (rows, width) = (self.held.times_ms.len(), self.held.width());
            Error::out_of_memory(format!("{rows} rows of {width} columns so far, 8 bytes per cell"))
        })
    }

    /// How many rows the whole input will have, judged by the length of all rows; twice as many as now where
    /// that is unknown.
    fn expected_rows(&self, rows: usize) -> usize {
        match self.length {
            Some(length) if self.bytes > 0 => {
                let share = length as f64 / self.bytes as f64;
                (rows as f64 * share * 1.02) as usize + 1
            }
            _ => rows * 2,
        }
    }

    fn finish(mut self, place: &str) -> Result<Noted, Error> {
        let mut notes = Vec::new();
        let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
        if self.not_finite > 0 {
            let what = "cells that are not finite are taken as missing";
            notes.push(format!("{place}{what}: {}", self.not_finite));
        }
        if self.held.finish()? {
            notes.push(format!("{place}the rows were out of order and have been sorted by time"));
        }
        Ok((self.held, notes))
    }
}
