//! Reads a table some thousand rows at a time.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::mem;

use memchr::memchr_iter;
use rayon::prelude::*;
use serde_json::value::RawValue;

use super::read::object;
use super::records::{End, Records, parts};
use crate::{Error, Form, Source, chunks};

/// Lines of a batch of objects.
const BATCH: usize = 4096;

/// The rows of a table in CSV or JSONL, in batches: memory does not grow with their number. Of CSV a repeated header is
/// passed over, so that tables may be put one behind the other; an empty input has no rows.
pub struct TableBatches {
    place: String,
    header: Vec<String>,
    lines: usize,
    state: State,
}

enum State {
    Csv(Box<dyn Iterator<Item = Result<Vec<u8>, Error>> + Send>),
    Jsonl(BufReader<Source>),
}

/// The cells of a row as text; what is missing is empty.
pub struct Fields<'a>(Cells<'a>);

enum Cells<'a> {
    Csv(&'a Records<'a>),
    Jsonl(Vec<Vec<u8>>),
}

impl Fields<'_> {
    /// The cell of a column.
    pub fn get(&self, column: usize) -> &[u8] {
        match &self.0 {
            Cells::Csv(records) => records.cell(column),
            Cells::Jsonl(cells) => cells.get(column).map_or(&[], Vec::as_slice),
        }
    }
}

impl TableBatches {
    /// Opens a table.
    pub fn open(source: Source) -> Self {
        let place = source.place().to_string();
        let state = match source.form() {
            Form::Jsonl => State::Jsonl(BufReader::new(source)),
            Form::Csv => State::Csv(Box::new(chunks(source.into_parts().0))),
        };
        TableBatches { place, header: Vec::new(), lines: 0, state }
    }

    /// The input's name as messages give it; empty for standard input.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Reads the next rows side by side, each with the header: in CSV the first row, else the names in the first
    /// object. `None` at the end.
    pub fn next_batch<T: Send>(
        &mut self,
        row: impl Fn(&[String], &Fields) -> T + Sync,
    ) -> Result<Option<Vec<T>>, Error> {
        let read = match &mut self.state {
            State::Csv(chunks) => match chunks.next() {
                Some(chunk) => chunk.and_then(|chunk| self.records(chunk, &row).map(Some)),
                None => Ok(None),
            },
            State::Jsonl(reader) => match lines(reader) {
                Ok(lines) if lines.is_empty() => Ok(None),
                Ok(lines) => self.objects(&lines, &row).map(Some),
                Err(e) => Err(Error::read("", &e)),
            },
        };
        read.map_err(|e| e.at(&self.place))
    }

    fn records<T: Send>(
        &mut self,
        mut text: Vec<u8>,
        row: &(impl Fn(&[String], &Fields) -> T + Sync),
    ) -> Result<Vec<T>, Error> {
        // A row that goes on in the next lines needs them.
        while !memchr_iter(b'"', &text).count().is_multiple_of(2)
            && let State::Csv(chunks) = &mut self.state
            && let Some(more) = chunks.next()
        {
            let more = more?;
            text.try_reserve(more.len()).map_err(|_| Error::out_of_memory("a row"))?;
            text.extend(more);
        }
        let lines = memchr_iter(b'\n', &text).count();
        let mut body = &mut text[..];
        if self.header.is_empty() {
            let mut records = Records::new(mem::take(&mut body));
            let count = records.advance().unwrap_or(0);
            self.header = (0..count).map(|at| String::from_utf8_lossy(records.cell(at)).into_owned()).collect();
            body = records.rest();
        }
        let before = self.lines + lines - memchr_iter(b'\n', body).count();
        self.lines += lines;
        let header = &self.header;
        let parts = parts(body, rayon::current_num_threads());
        let starts = parts.iter().scan(before, |at, part| {
            let start = *at;
            *at += memchr_iter(b'\n', part).count();
            Some(start)
        });
        let parts: Vec<(usize, &mut [u8])> = starts.collect::<Vec<_>>().into_iter().zip(parts).collect();
        // All of them, so that the first that cannot be read is told, whichever thread comes first.
        let read: Vec<_> = parts.into_par_iter().map(|(start, part)| rows(part, start, header, row)).collect();
        let mut all = Vec::new();
        for rows in read {
            let mut rows = rows?;
            if all.is_empty() { all = rows } else { all.append(&mut rows) }
        }
        Ok(all)
    }

    fn objects<T: Send>(
        &mut self,
        lines: &[Vec<u8>],
        row: &(impl Fn(&[String], &Fields) -> T + Sync),
    ) -> Result<Vec<T>, Error> {
        let before = self.lines;
        self.lines += lines.len();
        let full: Vec<(usize, &Vec<u8>)> =
            lines.iter().enumerate().filter(|(_, line)| !line.trim_ascii().is_empty()).collect();
        let Some((at, first)) = full.first() else { return Ok(Vec::new()) };
        if self.header.is_empty() {
            self.header.extend(object(first, before + at + 1)?.keys().cloned());
        }
        let one = |(at, line): &(usize, &Vec<u8>)| {
            let refused = |e| Error::failed(format!("line {}: not an object: {e}", before + at + 1));
            let fields: BTreeMap<String, &RawValue> = serde_json::from_slice(line).map_err(refused)?;
            let cells = self.header.iter().map(|name| fields.get(name).map_or_else(Vec::new, |raw| value(raw.get())));
            Ok(row(&self.header, &Fields(Cells::Jsonl(cells.collect()))))
        };
        // All of them, so that the first that is none is told, whichever thread comes first.
        let rows: Vec<Result<T, Error>> = full.par_iter().map(one).collect();
        rows.into_iter().collect()
    }
}

/// Reads the rows of a part that begins after so many lines.
fn rows<T>(
    text: &mut [u8],
    lines: usize,
    header: &[String],
    row: &impl Fn(&[String], &Fields) -> T,
) -> Result<Vec<T>, Error> {
    let breaks: Vec<usize> = memchr_iter(b'\n', text).collect();
    let line = |at: usize| lines + breaks.partition_point(|end| *end < at) + 1;
    let (mut rows, mut records) = (Vec::new(), Records::new(text));
    loop {
        let at = records.position();
        match records.advance() {
            Ok(count) if count != header.len() => {
                let (line, expected) = (line(at), header.len());
                return Err(Error::failed(format!("line {line}: {count} cells, expected {expected} as in the header")));
            }
            Ok(count) if (0..count).all(|at| records.cell(at) == header[at].as_bytes()) => {}
            Ok(_) => rows.push(row(header, &Fields(Cells::Csv(&records)))),
            Err(End::Text) => return Ok(rows),
            Err(End::Quoted) => return Err(Error::failed(format!("line {}: a quote is not closed", line(at)))),
        }
    }
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

/// A value as it was written.
fn value(raw: &str) -> Vec<u8> {
    match serde_json::from_str::<Option<String>>(raw) {
        Ok(text) => text.unwrap_or_default().into_bytes(),
        Err(_) => raw.as_bytes().to_vec(),
    }
}
