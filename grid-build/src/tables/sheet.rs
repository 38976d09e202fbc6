//! A CSV file: columns by their names, rows with their lines.

use std::io::Read;

use csv::{ReaderBuilder, StringRecord};
use grid::{Error, parse_number};
use jiff::tz::TimeZone;

use super::cells::delimiter;
use super::clock::{IN_UTC, exact_ms};
use super::number::is_missing;

/// A CSV file with a header; CR LF and line feeds inside quotes are fine.
pub(crate) struct Sheet<R: Read> {
    reader: csv::Reader<R>,
    header: StringRecord,
    row: StringRecord,
    /// True when the last row was cut short and left out: its writer was ended while it wrote.
    pub(crate) cut: bool,
    /// The zone of times without one, where it was said.
    zone: Option<TimeZone>,
    /// True when it was wanted and not said.
    in_utc: bool,
}

impl<'a> Sheet<&'a [u8]> {
    /// A file of whatever delimiter, whose times may have no zone.
    pub(crate) fn of(bytes: &'a [u8], zone: Option<&TimeZone>) -> Result<Self, Error> {
        let sheet = Sheet::delimited(bytes, delimiter(bytes))?;
        Ok(Sheet { zone: zone.cloned(), ..sheet })
    }

    /// The same of a file without a header, whose columns are known by their places.
    pub(crate) fn bare(bytes: &'a [u8], header: &[&str], zone: Option<&TimeZone>) -> Self {
        let reader = builder(delimiter(bytes)).has_headers(false).from_reader(bytes);
        Sheet { zone: zone.cloned(), ..Sheet::new(reader, header.iter().collect()) }
    }
}

impl<R: Read> Sheet<R> {
    pub(crate) fn open(input: R) -> Result<Self, Error> {
        Sheet::delimited(input, b',')
    }

    fn delimited(input: R, delimiter: u8) -> Result<Self, Error> {
        let mut reader = builder(delimiter).from_reader(input);
        let header = reader.headers().map_err(refuse)?.clone();
        Ok(Sheet::new(reader, header))
    }

    fn new(reader: csv::Reader<R>, header: StringRecord) -> Self {
        Sheet { reader, header, row: StringRecord::new(), cut: false, zone: None, in_utc: false }
    }

    /// True where there is not even a header.
    pub(crate) fn is_empty(&self) -> bool {
        self.header.iter().all(|name| name.trim().is_empty())
    }

    /// The position of a column that must be there.
    pub(crate) fn column(&self, name: &str) -> Result<usize, Error> {
        self.find(name).ok_or_else(|| {
            let found: Vec<&str> = self.header.iter().take(8).collect();
            Error::failed(format!("line 1: no column \"{name}\": \"{}\"", found.join(",")))
        })
    }

    /// The position of a column that has had several names; the first is the one of today.
    pub(crate) fn column_of(&self, names: &[&str]) -> Result<usize, Error> {
        let known = names.iter().find_map(|name| self.find(name));
        known.map_or_else(|| self.column(names.first().copied().unwrap_or_default()), Ok)
    }

    /// The position of a column.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|own| own.trim().trim_start_matches('\u{feff}') == name)
    }

    /// Goes to the next row; false at the end.
    pub(crate) fn next(&mut self) -> Result<bool, Error> {
        if !self.reader.read_record(&mut self.row).map_err(refuse)? {
            return Ok(false);
        }
        if self.row.len() >= self.header.len() {
            return Ok(true);
        }
        let (line, cells) = (self.line(), self.row.len());
        let mut after = StringRecord::new();
        if self.reader.read_record(&mut after).map_err(refuse)? {
            let expected = self.header.len();
            return Err(Error::failed(format!("line {line}: {cells} cells, expected {expected} as in the header")));
        }
        self.cut = true;
        Ok(false)
    }

    pub(crate) fn text(&self, column: usize) -> &str {
        self.row.get(column).unwrap_or_default()
    }

    /// A number; NaN for what is missing: an empty cell, `N/A`, `None`, `nan`.
    pub(crate) fn number(&self, column: usize) -> Result<f64, Error> {
        let text = self.text(column).trim();
        if is_missing(text) {
            return Ok(f64::NAN);
        }
        parse_number(text.as_bytes()).ok_or_else(|| {
            let (line, name) = (self.line(), self.header.get(column).unwrap_or_default());
            Error::failed(format!("line {line}: column \"{name}\": not a number: \"{text}\""))
        })
    }

    /// Unix seconds as milliseconds.
    pub(crate) fn time_ms(&self, column: usize) -> Result<f64, Error> {
        let seconds = self.number(column)?;
        if seconds.abs() < 1e11 {
            return Ok(seconds * 1e3);
        }
        let (line, name, text) = (self.line(), self.header.get(column).unwrap_or_default(), self.text(column));
        Err(Error::failed(format!("line {line}: column \"{name}\": not a time in seconds: \"{text}\"")))
    }

    /// A time in milliseconds: Unix time from seconds to nanoseconds, or a date (in UTC where no zone is said).
    pub(crate) fn time_of_any_unit_ms(&mut self, column: usize) -> Result<f64, Error> {
        let (text, name) = (self.text(column).trim(), self.header.get(column).unwrap_or_default());
        let (time_ms, zoneless) = exact_ms(text, self.zone.as_ref().unwrap_or(&TimeZone::UTC))
            .ok_or_else(|| Error::failed(format!("line {}: column \"{name}\": not a time: \"{text}\"", self.line())))?;
        self.in_utc |= zoneless && self.zone.is_none();
        Ok(time_ms)
    }

    /// What is to be said of the times.
    pub(crate) fn note(&self) -> Option<String> {
        self.in_utc.then(|| IN_UTC.to_string())
    }

    /// The line of the row: the reader is one behind where lines end in CR LF, but not by less
    /// than the number of rows.
    fn line(&self) -> u64 {
        self.row.position().map_or(0, |place| place.line().max(place.record() + 1))
    }
}

fn builder(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.flexible(true).delimiter(delimiter);
    builder
}

fn refuse(e: csv::Error) -> Error {
    match e.kind() {
        csv::ErrorKind::Io(io) => Error::read("", io),
        csv::ErrorKind::Utf8 { pos, .. } => {
            Error::failed(format!("line {}: not UTF-8", pos.as_ref().map_or(0, csv::Position::line)))
        }
        _ => Error::failed(e),
    }
}
