//! Rows of CSV in memory, taken apart where they stand.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use crate::parse_number_prefix;

/// The rows of a piece of text, one after the other: RFC 4180, as the crate `csv` reads it. Blank lines are passed over.
pub(crate) struct Records<'a> {
    text: &'a mut [u8],
    at: usize,
    cells: Vec<Cell>,
}

/// Where a cell stands, and the number that it was found to be; NaN where it is in quotes or none.
struct Cell {
    place: Range<usize>,
    number: f64,
}

/// Why there are no more rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The text has ended.
    Text,
    /// It has ended within quotes.
    Quoted,
}

impl<'a> Records<'a> {
    pub(crate) fn new(text: &'a mut [u8]) -> Self {
        Records { text, at: 0, cells: Vec::new() }
    }

    /// Where the next row begins, or blank lines before it.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// What has not been read.
    pub(crate) fn rest(self) -> &'a mut [u8] {
        &mut self.text[self.at..]
    }

    /// Reads the next row; its cells are then [`Records::cell`]. Quotes are taken off in place, and numbers
    /// are read while their end is sought.
    pub(crate) fn advance(&mut self) -> Result<usize, End> {
        while matches!(self.text.get(self.at), Some(b'\n' | b'\r')) {
            self.at += 1;
        }
        self.cells.clear();
        if self.at == self.text.len() {
            return Err(End::Text);
        }
        loop {
            let (place, end, number) = if self.text.get(self.at) == Some(&b'"') {
                let (place, end) = self.quoted()?;
                (place, end, f64::NAN)
            } else {
                let (number, end) = self.numeral().unwrap_or_else(|| (f64::NAN, self.plain(self.at)));
                (self.at..end, end, number)
            };
            self.cells.push(Cell { place, number });
            self.at = end;
            match self.text.get(end) {
                Some(b',') => self.at += 1,
                Some(_) => {
                    self.at += 1;
                    return Ok(self.cells.len());
                }
                None => return Ok(self.cells.len()),
            }
        }
    }

    /// A cell of the row.
    #[inline]
    pub(crate) fn cell(&self, at: usize) -> &[u8] {
        self.cells.get(at).and_then(|cell| self.text.get(cell.place.clone())).unwrap_or_default()
    }

    /// The number that a cell of the row is, where it was read on the way.
    #[inline]
    pub(crate) fn number(&self, at: usize) -> Option<f64> {
        self.cells.get(at).map(|cell| cell.number).filter(|number| !number.is_nan())
    }

    /// A cell that is a number to its end, and where that is.
    fn numeral(&self) -> Option<(f64, usize)> {
        let text = &self.text[self.at..];
        if let [digit @ b'0'..=b'9', b',' | b'\n' | b'\r', ..] = text {
            return Some((f64::from(digit - b'0'), self.at + 1));
        }
        let (number, length) = parse_number_prefix(text)?;
        let end = self.at + length;
        matches!(self.text.get(end), Some(b',' | b'\n' | b'\r') | None).then_some((number, end))
    }

    /// Where a cell without quotes ends.
    fn plain(&self, start: usize) -> usize {
        let rest = &self.text[start..];
        start + rest.iter().position(|b| matches!(b, b',' | b'\n' | b'\r')).unwrap_or(rest.len())
    }

    /// A cell in quotes, moved together where two of them stand for one.
    fn quoted(&mut self) -> Result<(Range<usize>, usize), End> {
        let start = self.at + 1;
        let (mut from, mut to) = (start, start);
        loop {
            let length = quote(&self.text[from..]).ok_or(End::Quoted)?;
            self.text.copy_within(from..from + length, to);
            (from, to) = (from + length + 1, to + length);
            match self.text.get(from) {
                Some(b'"') => {
                    self.text[to] = b'"';
                    (from, to) = (from + 1, to + 1);
                }
                Some(b',' | b'\n' | b'\r') | None => return Ok((start..to, from)),
                Some(_) => {
                    let end = self.plain(from);
                    self.text.copy_within(from..end, to);
                    return Ok((start..to + (end - from), end));
                }
            }
        }
    }
}

/// Where the next quote is. Those of a header's labels are a few bytes apart, which a call takes longer than to look at.
#[inline]
fn quote(text: &[u8]) -> Option<usize> {
    const NEAR: usize = 16;
    let near = text.iter().take(NEAR).position(|byte| *byte == b'"');
    near.or_else(|| Some(NEAR + memchr(b'"', text.get(NEAR..)?)?))
}

/// Cuts whole lines into about `count` parts of whole rows: a part ends with a line, and not within quotes.
pub(crate) fn parts(text: &mut [u8], count: usize) -> Vec<&mut [u8]> {
    let size = (text.len() / count.max(1)).max(1 << 14);
    let (mut parts, mut rest) = (Vec::with_capacity(count + 1), text);
    while rest.len() > size {
        let mut quotes = memchr_iter(b'"', &rest[..size]).count();
        let mut end = size;
        let cut = loop {
            let Some(line) = memchr(b'\n', &rest[end..]) else { break rest.len() };
            quotes += memchr_iter(b'"', &rest[end..end + line]).count();
            end += line + 1;
            if quotes.is_multiple_of(2) {
                break end;
            }
        };
        let (part, after) = rest.split_at_mut(cut);
        parts.push(part);
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ours(text: &str) -> Result<Vec<Vec<Vec<u8>>>, End> {
        let (mut bytes, mut rows) = (text.as_bytes().to_vec(), Vec::new());
        let mut records = Records::new(&mut bytes);
        loop {
            match records.advance() {
                Ok(count) => rows.push((0..count).map(|at| records.cell(at).to_vec()).collect()),
                Err(End::Text) => return Ok(rows),
                Err(End::Quoted) => return Err(End::Quoted),
            }
        }
    }

    fn theirs(text: &str) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        reader.byte_records().map(|row| row.unwrap().iter().map(<[u8]>::to_vec).collect()).collect()
    }

    proptest! {
        #[test]
        fn rows_are_those_of_the_crate_csv(text in "[ab\",\n\r]{0,40}") {
            if let Ok(rows) = ours(&text) {
                prop_assert_eq!(rows, theirs(&text));
            }
        }

        #[test]
        fn parts_are_whole_rows(cells in proptest::collection::vec("[ab\",\n]{0,3}", 0..400), count in 1usize..5) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            cells.chunks_exact(2).for_each(|row| writer.write_record(row).unwrap());
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap().repeat(60);
            let mut bytes = text.as_bytes().to_vec();
            let parts: Vec<String> = parts(&mut bytes, count).into_iter().map(|part| String::from_utf8(part.to_vec()).unwrap()).collect();
            prop_assert_eq!(parts.concat(), text.clone());
            let rows: Vec<_> = parts.iter().flat_map(|part| ours(part).unwrap()).collect();
            prop_assert_eq!(rows, ours(&text).unwrap());
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_is_told() {
        assert_eq!(ours("a,\"b\nc"), Err(End::Quoted));
        assert_eq!(ours("a,\"b\"\"\nc\"x,\r\n\r\n1"), Ok(theirs("a,\"b\"\"\nc\"x,\r\n\r\n1")));
    }
}
