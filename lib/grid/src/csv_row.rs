//! The rows of a grid in its CSV form: text to numbers.

use std::collections::HashSet;

use memchr::memchr;

use crate::csv_read::first_line;
use crate::error::quote;
use crate::time::is_milliseconds;
use crate::{Error, Picker, parse_number, parse_number_prefix, parse_time_ms};

const TIME_NAMES: [&str; 5] = ["time", "timestamp", "ts", "_time", "datetime"];

/// What the header says.
pub(crate) struct Layout {
    /// The second column is `window`.
    pub(crate) has_window: bool,
    names: Vec<String>,
    kept: Vec<bool>,
}

/// Parsed rows, cell after cell.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) times_ms: Vec<i64>,
    pub(crate) windows: Vec<u32>,
    /// The cells of the columns in use, row after row.
    pub(crate) cells: Vec<f64>,
    pub(crate) not_finite: usize,
    /// The line (counted from 1 within these rows) that could not be read, and why.
    pub(crate) error: Option<(usize, String)>,
}

impl Layout {
    /// Reads the header: `time`, perhaps `window`, then a name a series.
    pub(crate) fn read(header: &[u8], picker: &mut Picker) -> Result<Self, Error> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(header);
        let mut record = csv::StringRecord::new();
        if !reader.read_record(&mut record).map_err(|e| Error::failed(format!("line 1: {e}")))? {
            return Err(Error::failed("line 1: no header, expected time and a name for each series"));
        }
        let mut names: Vec<String> = record.iter().map(str::to_string).collect();
        let time = names.remove(0);
        let known = TIME_NAMES.iter().any(|name| time.trim().eq_ignore_ascii_case(name));
        if !known {
            let expected = "expected time, timestamp, ts or _time";
            return Err(Error::failed(format!("line 1: the first column is no time, {expected}: {}", quote(&time))));
        }
        let has_window = names.first().is_some_and(|name| name == "window");
        names.drain(..usize::from(has_window));
        let mut seen = HashSet::new();
        if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(Error::failed(format!("line 1: two columns have one name: {}", quote(twice))));
        }
        let kept = names.iter().map(|name| picker.keeps(name)).collect();
        picker.check_used()?;
        Ok(Layout { has_window, names, kept })
    }

    /// The names of the columns in use.
    pub(crate) fn kept_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().zip(&self.kept).filter(|(_, kept)| **kept).map(|(name, _)| name.as_str())
    }

    /// Whether the first time is a number of milliseconds; `None` when there is no row.
    pub(crate) fn is_in_milliseconds(&self, text: &[u8]) -> Option<bool> {
        let line = first_line(text);
        let cell = &line[..memchr(b',', line).unwrap_or(line.len())];
        let number = parse_number(cell.trim_ascii());
        (!line.is_empty()).then_some(number.is_some_and(is_milliseconds))
    }

    /// Parses whole lines; also says how many there were.
    pub(crate) fn parse_rows(&self, text: &[u8], milliseconds: bool) -> (Rows, usize) {
        let mut rows = Rows::default();
        rows.cells.reserve(text.len() / 6);
        let (mut rest, mut lines) = (text, 0);
        while !rest.is_empty() {
            let line = first_line(rest);
            let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            rest = &rest[end..];
            lines += 1;
            if line.is_empty() {
                continue;
            }
            if let Err(what) = self.parse_row(line, milliseconds, &mut rows) {
                rows.error = Some((lines, what));
                break;
            }
        }
        (rows, lines)
    }

    fn parse_row(&self, line: &[u8], milliseconds: bool, rows: &mut Rows) -> Result<(), String> {
        let (time, mut rest) = split_cell(line)?;
        rows.times_ms.push(parse_time(time, milliseconds)?);
        if self.has_window {
            let (window, after) = split_cell(rest.unwrap_or_default())?;
            rows.windows.push(parse_window(window)?);
            rest = after;
        }
        for (index, &kept) in self.kept.iter().enumerate() {
            let Some(text) = rest else {
                return Err(self.ragged(line));
            };
            rest = match parse_number_prefix(text) {
                Some((value, length)) if kept && length == text.len() => {
                    rows.cells.push(value);
                    None
                }
                Some((value, length)) if kept && text[length] == b',' => {
                    rows.cells.push(value);
                    Some(&text[length + 1..])
                }
                _ => {
                    let (cell, after) = split_cell(text)?;
                    if kept {
                        let value = parse_other(cell, &mut rows.not_finite);
                        let refused = || format!("column {}: not a number: {}", quote(&self.names[index]), quote(cell));
                        rows.cells.push(value.ok_or_else(refused)?);
                    }
                    after
                }
            };
        }
        if rest.is_some() { Err(self.ragged(line)) } else { Ok(()) }
    }

    fn ragged(&self, line: &[u8]) -> String {
        let mut cells = 0;
        let mut rest = Some(line);
        while let Some(text) = rest {
            rest = split_cell(text).ok().and_then(|(_, after)| after);
            cells += 1;
        }
        let expected = self.names.len() + 1 + usize::from(self.has_window);
        format!("{cells} cells, expected {expected} as in the header")
    }
}

/// The first cell of a line without its quotes and surrounding blanks, and what follows its comma.
fn split_cell(text: &[u8]) -> Result<(&str, Option<&[u8]>), String> {
    let trimmed = text.trim_ascii_start();
    let (cell, rest) = match trimmed.strip_prefix(b"\"") {
        Some(inner) => {
            let end = memchr(b'"', inner).ok_or("a quote is not closed")?;
            let rest = inner[end + 1..].trim_ascii_start();
            match rest.split_first() {
                None => (&inner[..end], None),
                Some((b',', rest)) => (&inner[..end], Some(rest)),
                Some(_) => return Err("text after a closing quote".to_string()),
            }
        }
        None => match memchr(b',', text) {
            Some(end) => (&text[..end], Some(&text[end + 1..])),
            None => (text, None),
        },
    };
    let cell = std::str::from_utf8(cell).map_err(|_| "not UTF-8")?;
    Ok((cell.trim(), rest))
}

fn parse_time(cell: &str, milliseconds: bool) -> Result<i64, String> {
    let expected = "expected Unix seconds, RFC 3339 or YYYY-MM-DD hh:mm:ss";
    let refused = || format!("column \"time\": not a time, {expected}: {}", quote(cell));
    let ms = parse_time_ms(cell).ok_or_else(refused)?;
    match parse_number(cell.as_bytes()) {
        Some(number) if is_milliseconds(number) != milliseconds && number != 0.0 => {
            Err(format!("column \"time\": seconds and milliseconds are mixed: {}", quote(cell)))
        }
        _ => Ok(ms),
    }
}

fn parse_window(cell: &str) -> Result<u32, String> {
    let window = cell.parse().ok().filter(|&window: &u32| window > 0);
    window.ok_or_else(|| format!("column \"window\": not a whole number from 1: {}", quote(cell)))
}

/// A cell that is not simply a number: missing, not finite, or quoted.
fn parse_other(cell: &str, not_finite: &mut usize) -> Option<f64> {
    const MISSING: [&str; 4] = ["null", "na", "n/a", "nan"];
    if cell.is_empty() {
        return Some(f64::NAN);
    }
    if MISSING.iter().any(|word| cell.eq_ignore_ascii_case(word)) {
        *not_finite += usize::from(cell.eq_ignore_ascii_case("nan"));
        return Some(f64::NAN);
    }
    let value: f64 = cell.parse().ok()?;
    if !value.is_finite() {
        *not_finite += 1;
        return Some(f64::NAN);
    }
    Some(value)
}
