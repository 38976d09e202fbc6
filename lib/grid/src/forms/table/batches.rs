//! Reads a table some thousand rows at a time.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};

use csv::ByteRecord;
use rayon::prelude::*;
use serde_json::value::RawValue;

use super::read::object;
use super::{Cell, Table};
use crate::{Error, Form, Source, parse_number};

/// Rows of a batch.
const BATCH: usize = 4096;

/// The rows of a table in CSV or JSONL, in batches: memory does not grow with their number. Of CSV a repeated header is
/// passed over, so that tables may be put one behind the other, and cells are texts; an empty input has no rows.
pub struct TableBatches {
    place: String,
    header: Vec<String>,
    lines: usize,
    state: State,
}

enum State {
    Csv(Box<csv::Reader<Source>>, ByteRecord),
    Jsonl(BufReader<Source>),
}

impl TableBatches {
    /// Opens a table.
    pub fn open(source: Source) -> Result<Self, Error> {
        let place = source.place().to_string();
        let (mut header, mut first) = (Vec::new(), ByteRecord::new());
        let state = match source.form() {
            Form::Jsonl => State::Jsonl(BufReader::new(source)),
            Form::Csv => {
                let mut reader = csv::Reader::from_reader(source);
                first.clone_from(reader.byte_headers().map_err(|e| csv_error(e, &place))?);
                header.extend(first.iter().map(|name| String::from_utf8_lossy(name).into_owned()));
                State::Csv(Box::new(reader), first)
            }
        };
        Ok(TableBatches { place, header, lines: 0, state })
    }

    /// The input's name as messages give it; empty for standard input.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The next rows; `None` at the end. The header is that of the first row where the rows are objects.
    pub fn next_batch(&mut self) -> Result<Option<Table>, Error> {
        let rows = match &mut self.state {
            State::Csv(reader, header) => records(reader, header).map_err(|e| csv_error(e, &self.place))?,
            State::Jsonl(reader) => {
                let lines = lines(reader).map_err(|e| Error::read(&self.place, &e))?;
                self.lines += lines.len();
                objects(&lines, &mut self.header, self.lines - lines.len()).map_err(|e| e.at(&self.place))?
            }
        };
        Ok((!rows.is_empty()).then(|| Table { header: self.header.clone(), rows }))
    }
}

/// An error of reading has its place, as one of the text has.
fn csv_error(e: csv::Error, place: &str) -> Error {
    match Error::from(e) {
        Error::Output(e) => Error::read(place, &e),
        other => other.at(place),
    }
}

fn records(reader: &mut csv::Reader<Source>, header: &ByteRecord) -> Result<Vec<Vec<Cell>>, csv::Error> {
    let (mut records, mut record) = (Vec::with_capacity(BATCH), ByteRecord::new());
    while records.len() < BATCH && reader.read_byte_record(&mut record)? {
        if record != *header {
            records.push(std::mem::take(&mut record));
        }
    }
    Ok(records.par_iter().map(|record| record.iter().map(text).collect()).collect())
}

fn text(cell: &[u8]) -> Cell {
    if cell.is_empty() { Cell::Empty } else { Cell::Text(String::from_utf8_lossy(cell).into_owned()) }
}

fn lines(reader: &mut BufReader<Source>) -> std::io::Result<Vec<Vec<u8>>> {
    let mut lines = Vec::with_capacity(BATCH);
    while lines.len() < BATCH {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        lines.push(line);
    }
    Ok(lines)
}

fn objects(lines: &[Vec<u8>], header: &mut Vec<String>, before: usize) -> Result<Vec<Vec<Cell>>, Error> {
    let full: Vec<(usize, &Vec<u8>)> = lines.iter().enumerate().filter(|(_, l)| !l.trim_ascii().is_empty()).collect();
    let Some((at, first)) = full.first() else { return Ok(Vec::new()) };
    if header.is_empty() {
        header.extend(object(first, before + at + 1)?.keys().cloned());
    }
    let row = |(at, line): &(usize, &Vec<u8>)| {
        let refused = |e| Error::failed(format!("line {}: not an object: {e}", before + at + 1));
        let fields: BTreeMap<String, &RawValue> = serde_json::from_slice(line).map_err(refused)?;
        Ok(header.iter().map(|name| fields.get(name).map_or(Cell::Empty, |raw| value(raw.get()))).collect())
    };
    // All of them, so that the first that is none is told, whichever thread comes first.
    let rows: Vec<Result<Vec<Cell>, Error>> = full.par_iter().map(row).collect();
    rows.into_iter().collect()
}

/// A value as it was written: serde_json's own numbers may be a bit off.
fn value(raw: &str) -> Cell {
    match serde_json::from_str(raw) {
        Ok(Some(text)) => Cell::Text(text),
        Ok(None) => Cell::Empty,
        Err(_) => parse_number(raw.as_bytes()).map_or_else(|| Cell::Text(raw.to_string()), Cell::Number),
    }
}
