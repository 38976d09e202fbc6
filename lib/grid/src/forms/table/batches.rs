//! Reads a table some thousand rows at a time.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::mem;

use memchr::memchr_iter;
use rayon::prelude::*;
use serde_json::value::RawValue;

use super::read::object;
use super::records::{End, Records, parts};
use crate::{Chunk, Error, Form, Source, chunks, parse_number};

/// Lines of a batch of objects, and of a part of it.
const BATCH: usize = 4096;
const PART: usize = 256;

/// Parts of a batch of records for each thread, so that none waits long for another.
const PARTS: usize = 4;

/// The rows of a table in CSV or JSONL, in batches: memory does not grow with their number. Of CSV a repeated header is
/// passed over, so that tables may be put one behind the other; an empty input has no rows.
pub struct TableBatches {
    place: String,
    header: Vec<String>,
    lines: usize,
    state: State,
}

enum State {
    Csv(Box<dyn Iterator<Item = Result<Chunk, Error>> + Send>),
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
    #[inline]
    pub fn get(&self, column: usize) -> &[u8] {
        match &self.0 {
            Cells::Csv(records) => records.cell(column),
            Cells::Jsonl(cells) => cells.get(column).map_or(&[], Vec::as_slice),
        }
    }

    /// The finite number that the cell of a column is, as [`parse_number`] reads it.
    #[inline]
    pub fn number(&self, column: usize) -> Option<f64> {
        let read = match &self.0 {
            Cells::Csv(records) => records.number(column),
            Cells::Jsonl(_) => None,
        };
        read.or_else(|| parse_number(self.get(column)))
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

    /// Reads the next rows side by side, in parts of some that follow each other. `add` adds a row, with the header, to
    /// what was made of the rows before it in its part; in CSV the header is the first row, else the names in the first
    /// object. Gives the parts in order; `None` at the end.
    pub fn next_batch<P: Default + Send>(
        &mut self,
        add: impl Fn(&mut P, &[String], &Fields) + Sync,
    ) -> Result<Option<Vec<P>>, Error> {
        let read = match &mut self.state {
            State::Csv(chunks) => match chunks.next() {
                Some(chunk) => chunk.and_then(|chunk| self.records(chunk, &add).map(Some)),
                None => Ok(None),
            },
            State::Jsonl(reader) => match lines(reader) {
                Ok(lines) if lines.is_empty() => Ok(None),
                Ok(lines) => self.objects(&lines, &add).map(Some),
                Err(e) => Err(Error::read("", &e)),
            },
        };
        read.map_err(|e| e.at(&self.place))
    }

    fn records<P: Default + Send>(
        &mut self,
        mut text: Chunk,
        add: &(impl Fn(&mut P, &[String], &Fields) + Sync),
    ) -> Result<Vec<P>, Error> {
        let mut parts = loop {
            let parts = parts(&mut text, PARTS * rayon::current_num_threads());
            // The last row may go on in the next lines: only the last part may end within quotes.
            let more = match parts.last() {
                Some(last) if is_open(last) => self.rest_of_a_row()?,
                _ => Vec::new(),
            };
            if more.is_empty() {
                break parts;
            }
            text.try_reserve(more.len()).map_err(|_| Error::out_of_memory("a row"))?;
            text.extend(more);
        };
        if self.header.is_empty()
            && let Some(first) = parts.first_mut()
        {
            let lines = memchr_iter(b'\n', first).count();
            let mut records = Records::new(mem::take(first));
            let count = records.advance().unwrap_or(0);
            self.header = (0..count).map(|at| String::from_utf8_lossy(records.cell(at)).into_owned()).collect();
            *first = records.rest();
            self.lines += lines - memchr_iter(b'\n', first).count();
        }
        let header = &self.header;
        // All of them, so that the first that cannot be read is told, whichever thread comes first.
        let read: Vec<_> = parts.into_par_iter().map(|part| rows(part, header, add)).collect();
        let mut all = Vec::with_capacity(read.len());
        for (lines, part) in read {
            let at = |(line, what)| Error::failed(format!("line {}: {what}", self.lines + line));
            all.push(part.map_err(at)?);
            self.lines += lines;
        }
        Ok(all)
    }

    /// What comes until the quote that is open is closed, and on to the end of that chunk; all there is, where it is not.
    fn rest_of_a_row(&mut self) -> Result<Vec<u8>, Error> {
        let mut rest = Vec::new();
        while let State::Csv(chunks) = &mut self.state
            && let Some(more) = chunks.next()
        {
            let more = more?;
            rest.try_reserve(more.len()).map_err(|_| Error::out_of_memory("a row"))?;
            let closes = is_open(&more);
            rest.extend_from_slice(&more);
            if closes {
                break;
            }
        }
        Ok(rest)
    }

    fn objects<P: Default + Send>(
        &mut self,
        lines: &[Vec<u8>],
        add: &(impl Fn(&mut P, &[String], &Fields) + Sync),
    ) -> Result<Vec<P>, Error> {
        let before = self.lines;
        self.lines += lines.len();
        let full: Vec<(usize, &Vec<u8>)> =
            lines.iter().enumerate().filter(|(_, line)| !line.trim_ascii().is_empty()).collect();
        let Some((at, first)) = full.first() else { return Ok(Vec::new()) };
        if self.header.is_empty() {
            self.header.extend(object(first, before + at + 1)?.keys().cloned());
        }
        let part = |lines: &[(usize, &Vec<u8>)]| {
            let mut part = P::default();
            for (at, line) in lines {
                let refused = |e| Error::failed(format!("line {}: not an object: {e}", before + at + 1));
                let fields: BTreeMap<String, &RawValue> = serde_json::from_slice(line).map_err(refused)?;
                let cell = |name: &String| fields.get(name).map_or_else(Vec::new, |raw| value(raw.get()));
                add(&mut part, &self.header, &Fields(Cells::Jsonl(self.header.iter().map(cell).collect())));
            }
            Ok(part)
        };
        // All of them, so that the first that is none is told, whichever thread comes first.
        let parts: Vec<Result<P, Error>> = full.par_chunks(PART).map(part).collect();
        parts.into_iter().collect()
    }
}

/// Whether a text with as many quotes before it as close ends within quotes.
fn is_open(text: &[u8]) -> bool {
    !memchr_iter(b'"', text).count().is_multiple_of(2)
}

/// Reads the rows of a part. Gives the number of its lines as well, and of what is wrong the number of its own.
fn rows<P: Default>(
    text: &mut [u8],
    header: &[String],
    add: &impl Fn(&mut P, &[String], &Fields),
) -> (usize, Result<P, (usize, String)>) {
    let breaks: Vec<usize> = memchr_iter(b'\n', text).collect();
    let line = |at: usize| breaks.partition_point(|end| *end < at) + 1;
    let (mut part, mut records) = (P::default(), Records::new(text));
    let read = loop {
        let at = records.position();
        match records.advance() {
            Ok(count) if count != header.len() => {
                break Err((line(at), format!("{count} cells, expected {} as in the header", header.len())));
            }
            Ok(count) if (0..count).all(|at| records.cell(at) == header[at].as_bytes()) => {}
            Ok(_) => add(&mut part, header, &Fields(Cells::Csv(&records))),
            Err(End::Text) => break Ok(part),
            Err(End::Quoted) => break Err((line(at), "a quote is not closed".to_string())),
        }
    };
    (breaks.len(), read)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::chunks::CHUNK;

    fn first_cells(text: &str) -> Result<Vec<Vec<u8>>, Error> {
        let mut batches = TableBatches::open(Source::from_bytes(text.as_bytes().to_vec())?);
        let mut all = Vec::new();
        let add = |part: &mut Vec<Vec<u8>>, _: &[String], fields: &Fields| part.push(fields.get(0).to_vec());
        while let Some(parts) = batches.next_batch(add)? {
            all.extend(parts.into_iter().flatten());
        }
        Ok(all)
    }

    #[test]
    fn a_row_may_go_on_over_many_lines_and_chunks() {
        let long = "line\n".repeat(CHUNK / 2);
        let text = format!("\"the\nname\",b\n\"{long}\",1\nx,\"2\n\"\n");
        assert_eq!(first_cells(&text).unwrap(), [long.as_bytes(), b"x"]);
        let lines = text.matches('\n').count();
        let refused = first_cells(&(text + "y\n")).unwrap_err().to_string();
        assert_eq!(refused, format!("line {}: 1 cells, expected 2 as in the header", lines + 1));
        assert!(first_cells("a\n\"b\n").unwrap_err().to_string().starts_with("line 2: a quote is not closed"));
    }
}
