//! Reads a grid in its CSV form.

use memchr::{memchr, memchr_iter};
use rayon::prelude::*;

use crate::csv_row::{Layout, Rows};
use crate::{Column, Error, Grid, Source, chunks, pieces};

/// A grid, and what has to be said of how it was read.
pub(crate) type Noted = (Grid, Vec<String>);

/// Reads a whole grid. Rows are parsed in parallel, piece by piece, straight into the columns:
/// the working set is 8 bytes a cell, plus two chunks of text.
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
            Some(chunk) => first.extend(chunk?),
            None if first.iter().all(u8::is_ascii_whitespace) => return Err(empty()),
            None => break first.len(),
        }
        if let Some(end) = header_end(&first) {
            break end;
        }
    };
    let layout = Layout::read(&first[..body], &mut picker)?;
    let mut reader = Reader::new(&layout, length, memchr_iter(b'\n', &first[..body]).count());
    reader.add(&first[body..])?;
    drop(first);
    for chunk in chunks {
        reader.add(&chunk?)?;
    }
    reader.finish(&place)
}

fn empty() -> Error {
    Error::failed("the input is empty, expected a grid: a header that begins with time, then a row a time")
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

struct Reader<'a> {
    layout: &'a Layout,
    length: Option<u64>,
    lines: usize,
    bytes: usize,
    milliseconds: Option<bool>,
    not_finite: usize,
    grid: Grid,
}

impl<'a> Reader<'a> {
    fn new(layout: &'a Layout, length: Option<u64>, header_lines: usize) -> Self {
        let columns = layout.kept_names().map(|name| Column { name: name.to_string(), values: Vec::new() });
        let windows = layout.has_window.then(Vec::new);
        let grid = Grid { times_ms: Vec::new(), windows, columns: columns.collect() };
        Reader { layout, length, lines: header_lines, bytes: 0, milliseconds: None, not_finite: 0, grid }
    }

    /// Parses whole lines and appends them.
    fn add(&mut self, text: &[u8]) -> Result<(), Error> {
        if self.milliseconds.is_none() {
            self.milliseconds = self.layout.is_in_milliseconds(text);
        }
        let milliseconds = self.milliseconds.unwrap_or_default();
        let parts = pieces(text, rayon::current_num_threads());
        let parsed: Vec<(Rows, usize)> =
            parts.par_iter().map(|part| self.layout.parse_rows(part, milliseconds)).collect();
        for (rows, lines) in &parsed {
            if let Some((line, what)) = &rows.error {
                return Err(Error::failed(format!("line {}: {what}", self.lines + line)));
            }
            self.lines += lines;
            self.not_finite += rows.not_finite;
        }
        self.bytes += text.len();
        self.append(&parsed);
        Ok(())
    }

    fn append(&mut self, parsed: &[(Rows, usize)]) {
        for (rows, _) in parsed {
            self.grid.times_ms.extend_from_slice(&rows.times_ms);
            if let Some(windows) = &mut self.grid.windows {
                windows.extend_from_slice(&rows.windows);
            }
        }
        let rows = self.grid.times_ms.len();
        let expected = self.expected_rows(rows);
        let width = self.grid.columns.len();
        // Sixteen neighbouring columns at a time: the cells of a row that stand in one or two cache lines.
        self.grid.columns.par_chunks_mut(16).enumerate().for_each(|(group, columns)| {
            for column in columns.iter_mut() {
                let more = expected.max(rows) - column.values.len();
                if column.values.capacity() < rows {
                    column.values.reserve_exact(more);
                }
            }
            for (rows, _) in parsed {
                for (at, column) in (group * 16..).zip(columns.iter_mut()) {
                    column.values.extend(rows.cells.chunks_exact(width).map(|cells| cells[at]));
                }
            }
        });
    }

    /// How many rows the whole input will have, judged by its length; twice as many as now where
    /// that is unknown.
    fn expected_rows(&self, rows: usize) -> usize {
        match self.length {
            Some(length) if self.bytes > 0 => {
                let share = length as f64 / self.bytes as f64;
                (rows as f64 * share * 1.02) as usize + 8
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
        if self.grid.sort_rows()? {
            notes.push(format!("{place}the rows were out of order and have been sorted by time"));
        }
        Ok((self.grid, notes))
    }
}

/// The first line of a text, without its end.
pub(crate) fn first_line(text: &[u8]) -> &[u8] {
    let end = memchr(b'\n', text).unwrap_or(text.len());
    let line = &text[..end];
    line.strip_suffix(b"\r").unwrap_or(line)
}
