//! Reads a grid in its CSV form.

use std::collections::TryReserveError;

use memchr::memchr_iter;
use rayon::prelude::*;

use super::header::Layout;
use super::row::{Rows, first_line};
use crate::text::time::Unit;
use crate::{Column, Error, Grid, Source, chunks, pieces};

/// A grid, and what has to be said of how it was read.
pub(crate) type Noted = (Grid, Vec<String>);

/// Reads a whole grid. Rows are parsed in parallel, piece by piece, straight into the columns:
/// the working set is 8 bytes a cell, the names, and two chunks of text.
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
            Some(chunk) if first.is_empty() => first = chunk?,
            Some(chunk) => first.extend(chunk?),
            None if first.iter().all(u8::is_ascii_whitespace) => return Err(empty()),
            None => break first.len(),
        }
        if let Some(end) = header_end(&first) {
            break end;
        }
    };
    let (rows, header) = (first.split_off(body), first);
    let (layout, names) = Layout::read(&header, first_line(&rows), &mut picker)?;
    let rows_length = length.map(|length| length.saturating_sub(body as u64));
    let mut reader = Reader::new(&layout, names, rows_length, memchr_iter(b'\n', &header).count());
    // The text of a million names is as large as the names: it goes before the first values come.
    drop(header);
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

struct Reader<'a> {
    layout: &'a Layout,
    length: Option<u64>,
    lines: usize,
    bytes: usize,
    /// What the first time that is a number counts.
    unit: Option<Unit>,
    not_finite: usize,
    grid: Grid,
}

impl<'a> Reader<'a> {
    fn new(layout: &'a Layout, names: Vec<String>, length: Option<u64>, header_lines: usize) -> Self {
        let columns = names.into_iter().map(|name| Column { name, values: Vec::new() });
        let windows = layout.has_window.then(Vec::new);
        let grid = Grid { times_ms: Vec::new(), windows, columns: columns.collect() };
        Reader { layout, length, lines: header_lines, bytes: 0, unit: None, not_finite: 0, grid }
    }

    /// Parses whole lines and appends them.
    fn add(&mut self, text: &[u8]) -> Result<(), Error> {
        if self.unit.is_none() {
            self.unit = self.layout.unit(text);
        }
        let unit = self.unit.unwrap_or(Unit::Seconds);
        let parts = pieces(text, rayon::current_num_threads());
        let columns = &self.grid.columns;
        let parsed: Vec<(Rows, usize)> =
            parts.par_iter().map(|part| self.layout.parse_rows(part, unit, columns)).collect();
        for (rows, lines) in &parsed {
            if let Some((line, what)) = &rows.error {
                return Err(Error::failed(format!("line {}: {what}", self.lines + line)));
            }
            self.lines += lines;
            self.not_finite += rows.not_finite;
        }
        self.bytes += text.len();
        self.append(&parsed).map_err(|_| {
            let (rows, width) = (self.grid.times_ms.len(), self.grid.columns.len());
            Error::out_of_memory(format!("{rows} rows of {width} columns so far, 8 bytes per cell"))
        })
    }

    fn append(&mut self, parsed: &[(Rows, usize)]) -> Result<(), TryReserveError> {
        for (rows, _) in parsed {
            self.grid.times_ms.try_reserve(rows.times_ms.len())?;
            self.grid.times_ms.extend_from_slice(&rows.times_ms);
            if let Some(windows) = &mut self.grid.windows {
                windows.try_reserve(rows.windows.len())?;
                windows.extend_from_slice(&rows.windows);
            }
        }
        let rows = self.grid.times_ms.len();
        let expected = self.expected_rows(rows);
        let width = self.grid.columns.len();
        // Sixteen neighbouring columns at a time: the cells of a row that stand in one or two cache lines.
        self.grid.columns.par_chunks_mut(16).enumerate().try_for_each(|(group, columns)| {
            for column in columns.iter_mut() {
                let more = expected.max(rows) - column.values.len();
                if column.values.capacity() < rows {
                    column.values.try_reserve_exact(more)?;
                }
            }
            for (rows, _) in parsed {
                for (at, column) in (group * 16..).zip(columns.iter_mut()) {
                    column.values.extend(rows.cells.chunks_exact(width).map(|cells| cells[at]));
                }
            }
            Ok(())
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
        self.grid.columns.par_iter_mut().for_each(|column| column.values.shrink_to_fit());
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
