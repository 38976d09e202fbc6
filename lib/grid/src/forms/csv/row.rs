//! The rows of a grid in its CSV form: text to numbers.

use memchr::memchr;

use super::header::{Layout, Use};
use super::held::Held;
use crate::forms::reading::{nameless, no_number};
use crate::text::time::{Unit, is_clock_in_digits, number_ms};
use crate::{parse_number, parse_number_prefix, parse_time_ms, quote};

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
    /// What the first time counts, where it is a number; `None` when there is none.
    pub(crate) fn unit(&self, text: &[u8]) -> Option<Unit> {
        let mut rest = text;
        while !rest.is_empty() {
            let line = first_line(rest);
            if !line.trim_ascii().is_empty() {
                let cell = self.time_cell(line).ok()?.0;
                return parse_number(cell.as_bytes()).and_then(Unit::of);
            }
            rest = &rest[memchr(b'\n', rest).map_or(rest.len(), |at| at + 1)..];
        }
        None
    }

    /// Parses whole lines; also says how many there were. `held` has the columns in use.
    pub(crate) fn parse_rows(&self, text: &[u8], unit: Unit, held: &Held) -> (Rows, usize) {
        let (mut rows, width) = (Rows::default(), held.width());
        let (mut rest, mut lines) = (text, 0);
        while !rest.is_empty() {
            let line = first_line(rest);
            let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            rest = &rest[end..];
            lines += 1;
            if line.is_empty() {
                continue;
            }
            // As many more of this length as there is room for.
            let ahead = 1 + rest.len() / end;
            if let Err(what) = self.parse_row(line, unit, held, (width, ahead), &mut rows) {
                rows.error = Some((lines, what));
                break;
            }
        }
        (rows, lines)
    }

    fn parse_row(
        &self,
        line: &[u8],
        unit: Unit,
        held: &Held,
        (width, lines): (usize, usize),
        rows: &mut Rows,
    ) -> Result<(), String> {
        let (time, after) = self.time_cell(line)?;
        rows.times_ms.push(parse_time(time, unit)?);
        let mut rest = if self.time == 0 { after } else { Some(line) };
        if self.has_window {
            let (window, after) = split_cell(rest.unwrap_or_default())?;
            rows.windows.push(parse_window(window)?);
            rest = after;
        }
        let start = rows.cells.len();
        rows.cells
            .try_reserve(if start == 0 { width * lines } else { width })
            .map_err(|_| "out of memory: the cells of the rows")?;
        for (at, &does) in self.uses.iter().enumerate() {
            let Some(text) = rest else {
                return Err(self.ragged(line));
            };
            rest = match parse_number_prefix(text) {
                Some((value, length)) if does == Use::Read && length == text.len() => {
                    rows.cells.push(value);
                    None
                }
                Some((value, length)) if does == Use::Read && text[length] == b',' => {
                    rows.cells.push(value);
                    Some(&text[length + 1..])
                }
                _ => {
                    let (cell, after) = split_cell(text)?;
                    match does {
                        Use::Read => {
                            let name = held.name(rows.cells.len() - start);
                            let number = parse_other(cell, &mut rows.not_finite);
                            rows.cells.push(number.ok_or_else(|| no_number(name, cell))?);
                        }
                        Use::Nameless if !cell.is_empty() => return Err(nameless(self.number(at), cell)),
                        Use::Nameless | Use::PassOver => {}
                    }
                    after
                }
            };
        }
        if rest.is_some() { Err(self.ragged(line)) } else { Ok(()) }
    }

    /// The cell of the time, and what follows it.
    fn time_cell<'a>(&self, line: &'a [u8]) -> Result<(&'a str, Option<&'a [u8]>), String> {
        let mut found = split_cell(line)?;
        for _ in 0..self.time {
            found = split_cell(found.1.ok_or_else(|| self.ragged(line))?)?;
        }
        Ok(found)
    }

    /// The number of a column, from 1.
    fn number(&self, at: usize) -> usize {
        self.width() - self.uses.len() + at + 1
    }

    fn ragged(&self, line: &[u8]) -> String {
        let mut cells = 0;
        let mut rest = Some(line);
        while let Some(text) = rest {
            rest = split_cell(text).ok().and_then(|(_, after)| after);
            cells += 1;
        }
        format!("{cells} cells, expected {} as in the header", self.width())
    }
}

/// The first line of a text, without its end.
pub(crate) fn first_line(text: &[u8]) -> &[u8] {
    let end = memchr(b'\n', text).unwrap_or(text.len());
    let line = &text[..end];
    line.strip_suffix(b"\r").unwrap_or(line)
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

fn parse_time(cell: &str, unit: Unit) -> Result<i64, String> {
    let Some(number) = parse_number(cell.as_bytes()) else {
        return parse_time_ms(cell).ok_or_else(|| no_time(cell));
    };
    match Unit::of(number) {
        Some(own) if own != unit && number != 0.0 => {
            let (own, unit) = (own.word(), unit.word());
            Err(format!("column \"time\": {unit} and {own} are mixed: {}", quote(cell)))
        }
        Some(Unit::Milliseconds) if is_clock_in_digits(cell) => Err(no_time(cell)),
        _ => number_ms(number).ok_or_else(|| no_time(cell)),
    }
}

fn no_time(cell: &str) -> String {
    let expected = "expected Unix seconds, RFC 3339 or YYYY-MM-DD hh:mm:ss";
    format!("column \"time\": not a time, {expected}: {}", quote(cell))
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
