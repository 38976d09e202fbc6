//! Reads a grid in its JSONL form: series lines that share their timestamps.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet, VecDeque};

use memchr::{memchr, memchr_iter};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::rows;
use crate::forms::batches::BATCH;
use crate::forms::reading::check_name;
use crate::text::time::is_time;
use crate::{
    Chunk, Column, Error, Grid, Io, Name, Picker, Source, chunks, digest, parse_number, parse_number_prefix, quote,
};

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    metric: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(borrow)]
    values: &'a RawValue,
    #[serde(borrow)]
    timestamps: &'a RawValue,
    #[serde(borrow)]
    window: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
}

/// Reads series lines batch by batch.
pub(crate) struct Reader {
    place: String,
    chunks: Box<dyn Iterator<Item = Result<Chunk, Error>> + Send>,
    /// The text of lines that have been read but not parsed yet.
    waiting: VecDeque<Vec<u8>>,
    picker: Picker,
    /// Times and windows of the first line, as text and as numbers.
    shared: Option<Shared>,
    /// The names so far.
    seen: HashSet<(u64, u64)>,
    lines: usize,
    not_finite: usize,
    unsorted: bool,
    ended: bool,
}

struct Shared {
    timestamps: String,
    window: Option<String>,
    times_ms: Vec<i64>,
    windows: Option<Vec<u32>>,
}

impl Reader {
    pub(crate) fn new(source: Source) -> Self {
        let place = source.place().to_string();
        let (reader, picker) = source.into_parts();
        let chunks = Box::new(chunks(reader));
        let (waiting, seen) = (VecDeque::new(), HashSet::new());
        Reader {
            place,
            chunks,
            waiting,
            picker,
            shared: None,
            seen,
            lines: 0,
            not_finite: 0,
            unsorted: false,
            ended: false,
        }
    }

    /// The whole grid where its lines are rows, not series; the input is not touched where they are not.
    pub(crate) fn rows(&mut self) -> Result<Option<Grid>, Error> {
        let read = self.read_rows();
        read.map_err(|e| e.at(&self.place))
    }

    fn read_rows(&mut self) -> Result<Option<Grid>, Error> {
        let Some(first) = self.chunks.next() else { return Ok(None) };
        let mut text = first?;
        if !rows::are_rows(&text) {
            self.waiting.extend(split_lines(&text));
            return Ok(None);
        }
        for chunk in &mut self.chunks {
            let chunk = chunk?;
            text.try_reserve(chunk.len()).map_err(|_| Error::out_of_memory("the text of all rows"))?;
            text.extend_from_slice(&chunk);
        }
        let mut grid = rows::read(&text, &mut self.picker)?;
        self.unsorted = grid.sort_rows()?;
        Ok(Some(grid))
    }

    /// The next columns; `None` at the end.
    pub(crate) fn next_batch(&mut self, io: &mut Io) -> Result<Option<Grid>, Error> {
        let batch = self.read_batch();
        let batch = batch.map_err(|e| e.at(&self.place))?;
        if batch.is_none() && !self.ended {
            self.ended = true;
            self.picker.check_used()?;
            if self.not_finite > 0 {
                let what = "values that are not finite are taken as missing";
                io.note(format!("{what}: {}", self.not_finite));
            }
            if self.unsorted {
                io.note("the times were out of order and have been sorted");
            }
        }
        Ok(batch)
    }

    fn read_batch(&mut self) -> Result<Option<Grid>, Error> {
        while self.waiting.is_empty() {
            let Some(chunk) = self.chunks.next() else { return Ok(None) };
            let bytes = chunk?;
            self.waiting.extend(split_lines(&bytes));
        }
        let count = self.waiting.len().min(BATCH);
        let lines: Vec<Vec<u8>> = self.waiting.drain(..count).collect();
        if self.shared.is_none() {
            let first = lines.iter().position(|line| !line.is_empty());
            let Some(first) = first else { return self.skip(count) };
            let shared = Shared::read(&lines[first]);
            self.shared = Some(shared.map_err(|what| self.refused(first, &what))?);
        }
        let Some(shared) = &self.shared else { return Ok(None) };
        let read: Vec<_> = lines.par_iter().map(|line| read_line(line, shared)).collect();
        let mut grid = Grid { times_ms: shared.times_ms.clone(), windows: shared.windows.clone(), columns: Vec::new() };
        for (index, read) in read.into_iter().enumerate() {
            let Some((column, not_finite)) = read.map_err(|what| self.refused(index, &what))? else { continue };
            if !self.seen.insert(digest(&column.name)) {
                let what = format!("two series have one name: {}", quote(&column.name));
                return Err(self.refused(index, &what));
            }
            self.not_finite += not_finite;
            if self.picker.keeps(&column.name) {
                grid.columns.push(column);
            }
        }
        self.lines += count;
        self.unsorted |= grid.sort_rows()?;
        Ok(Some(grid))
    }

    fn skip(&mut self, count: usize) -> Result<Option<Grid>, Error> {
        self.lines += count;
        self.read_batch()
    }

    fn refused(&self, index: usize, what: &str) -> Error {
        Error::failed(format!("line {}: {what}", self.lines + index + 1))
    }
}

fn split_lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut lines: Vec<_> = bytes.split(|&b| b == b'\n').map(|line| line.trim_ascii().to_vec()).collect();
    if bytes.ends_with(b"\n") {
        lines.pop();
    }
    lines
}

fn parse(line: &[u8]) -> Result<Line<'_>, String> {
    serde_json::from_slice(line).map_err(|e| {
        let text = quote(&String::from_utf8_lossy(line));
        let reason = e.to_string();
        let reason = reason.split(" at line").next().unwrap_or_default();
        format!("column {}: not a line of a grid ({reason}; grid-build reads other forms): {text}", e.column())
    })
}

impl Shared {
    fn read(line: &[u8]) -> Result<Self, String> {
        let line = parse(line)?;
        let times = whole_numbers(line.timestamps.get(), "timestamps")?;
        if let Some(no_time) = times.iter().find(|&&time| !is_time(time)) {
            return Err(format!("timestamps: not a time in milliseconds: \"{no_time}\""));
        }
        let windows = line.window.map(|window| whole_numbers(window.get(), "window")).transpose()?;
        let windows: Option<Vec<u32>> = windows.map(|w| w.iter().map(|&w| u32::try_from(w).unwrap_or(0)).collect());
        if windows.as_ref().is_some_and(|w| w.len() != times.len() || w.contains(&0)) {
            return Err("window: expected a whole number from 1 for each timestamp".to_string());
        }
        let window = line.window.map(|window| window.get().to_string());
        Ok(Shared { timestamps: line.timestamps.get().to_string(), window, times_ms: times, windows })
    }
}

fn whole_numbers(array: &str, field: &str) -> Result<Vec<i64>, String> {
    let refused = |text: &str| format!("{field}: not an array of whole numbers: {}", quote(text));
    let inner = array.trim().strip_prefix('[').and_then(|a| a.strip_suffix(']'));
    let inner = inner.ok_or_else(|| refused(array))?;
    if inner.trim().is_empty() {
        return Ok(Vec::new());
    }
    let number = |text: &str| {
        let text = text.trim();
        text.parse().ok().or_else(|| Some(parse_number(text.as_bytes())?.round() as i64)).ok_or_else(|| refused(text))
    };
    let mut numbers = Vec::new();
    numbers
        .try_reserve_exact(memchr_iter(b',', inner.as_bytes()).count() + 1)
        .map_err(|_| "out of memory: the times of a series")?;
    for text in inner.split(',') {
        numbers.push(number(text)?);
    }
    Ok(numbers)
}

fn read_line(line: &[u8], shared: &Shared) -> Result<Option<(Column, usize)>, String> {
    if line.is_empty() {
        return Ok(None);
    }
    let line = parse(line)?;
    if line.kind.as_deref() == Some("counter") {
        return Err(String::from("a counter as it was scraped, expected a grid: pipe it through grid-build first"));
    }
    let same_times = line.timestamps.get() == shared.timestamps
        || whole_numbers(line.timestamps.get(), "timestamps")? == shared.times_ms;
    if !same_times || line.window.map(RawValue::get) != shared.window.as_deref() {
        return Err("timestamps differ from those of the first line (grid-build makes a grid of them)".to_string());
    }
    let mut labels: Vec<(String, String)> = line.metric.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let own = labels.iter().position(|(label, _)| label == "__name__");
    let own = own.map(|at| labels.remove(at).1).unwrap_or_default();
    let name = Name::new(own, labels).to_string();
    check_name(name.len())?;
    let mut not_finite = 0;
    let values = parse_values(line.values.get().as_bytes(), shared.times_ms.len(), &mut not_finite)?;
    // A name that has grown has more room than it needs.
    Ok(Some((Column { name: name.as_str().into(), values }, not_finite)))
}

fn parse_values(array: &[u8], expected: usize, not_finite: &mut usize) -> Result<Vec<f64>, String> {
    let mut values = Vec::new();
    values.try_reserve_exact(expected).map_err(|_| "out of memory: the values of a series")?;
    let inner = array.strip_prefix(b"[").and_then(|a| a.strip_suffix(b"]")).ok_or("values: not an array")?;
    let mut rest = inner.trim_ascii_start();
    while !rest.is_empty() {
        if let Some((value, length)) = parse_number_prefix(rest)
            && matches!(rest.get(length), None | Some(b','))
        {
            values.push(value);
            rest = rest.get(length + 1..).unwrap_or_default();
            continue;
        }
        let end = memchr(b',', rest).unwrap_or(rest.len());
        values.push(parse_value(rest[..end].trim_ascii(), not_finite)?);
        rest = rest.get(end + 1..).unwrap_or_default().trim_ascii_start();
    }
    if values.len() != expected {
        return Err(format!("{} values for {expected} timestamps", values.len()));
    }
    Ok(values)
}

/// A value that is not simply a number: `null`, or a word in quotes for what is not finite.
fn parse_value(text: &[u8], not_finite: &mut usize) -> Result<f64, String> {
    if text == b"null" {
        return Ok(f64::NAN);
    }
    let word = text.strip_prefix(b"\"").and_then(|t| t.strip_suffix(b"\"")).unwrap_or(text);
    let number = std::str::from_utf8(word).ok().and_then(|word| word.parse::<f64>().ok());
    match number {
        Some(number) if number.is_finite() => Ok(number),
        Some(_) => {
            *not_finite += 1;
            Ok(f64::NAN)
        }
        None => Err(format!("values: not a number: {}", quote(&String::from_utf8_lossy(word)))),
    }
}
