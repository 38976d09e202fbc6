//! A table of any program as text: its delimiter, its header, its rows with their lines.

use std::collections::HashSet;

use csv::{ReaderBuilder, StringRecord};
use grid::{Error, did_you_mean, is_time_name, quote};
use memchr::memchr_iter;

use super::clock::{is_day, is_time_of_day};
use super::lead::Lead;
use super::number::Place;

/// How a table is written, as far as it was said.
#[derive(Clone, Debug, Default)]
pub struct Dialect {
    /// Between cells.
    pub delimiter: Option<u8>,
    /// Before the decimals.
    pub decimal: Option<char>,
    /// The column of times, by name or number from 1.
    pub time: Option<String>,
    /// The zone of times without one.
    pub zone: Option<jiff::tz::TimeZone>,
}

impl Dialect {
    /// True when anything was said that a grid does not need.
    pub fn is_said(&self) -> bool {
        self.delimiter.is_some() || self.decimal.is_some() || self.zone.is_some() || self.time.is_some()
    }
}

/// A row, and the line that it begins at.
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
}

/// A table as text.
pub(crate) struct Cells {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

impl Cells {
    /// Reads a table with a header, which may stand behind a [`Lead`]. A header that comes again is passed over; one of
    /// InfluxDB may have other columns, which the rows before it lack.
    pub(crate) fn read(bytes: &[u8], dialect: &Dialect) -> Result<Cells, Error> {
        let Lead { body, lines, delimiter, has_comments, is_marked } = Lead::of(bytes, dialect);
        if let Some(line) = open_quote(body, delimiter) {
            return Err(Error::failed(format!("line {}: a quote is not closed", line + lines)));
        }
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .comment(has_comments.then_some(b'#'))
            .from_reader(body);
        let (mut table, mut record) = (Cells { header: Vec::new(), rows: Vec::new() }, StringRecord::new());
        // Where the cells of the rows that come belong: further headers may have other columns.
        let mut places: Vec<usize> = Vec::new();
        while reader.read_record(&mut record).map_err(|e| refuse(&e))? {
            let line = record.position().map_or(0, |place| place.line().max(place.record() + 1)) + lines;
            let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_string()).collect();
            if table.header.is_empty() {
                (places, table.header) = ((0..cells.len()).collect(), cells);
            } else if is_further_header(&table.header, &cells) {
                places = cells.into_iter().map(|name| table.place(name)).collect();
            } else if is_marked && cells.first().is_some_and(|name| name.starts_with('#')) {
                check_marked(&cells, &table.header).map_err(|e| e.at(&format!("line {line}")))?;
            } else if cells.len() != places.len() {
                return Err(ragged(line, (cells.len(), places.len()), &table.header));
            } else if cells != table.header {
                table.rows.push(Row { line, cells: spread(cells, &places, table.header.len()) });
            }
        }
        let width = table.header.len();
        table.rows.iter_mut().for_each(|row| row.cells.resize(width, String::new()));
        Ok(table)
    }

    /// Where a column stands, or does from now on.
    pub(super) fn place(&mut self, name: String) -> usize {
        self.header.iter().position(|own| *own == name).unwrap_or_else(|| {
            self.header.push(name);
            self.header.len() - 1
        })
    }

    /// The position of a column by its name in any letter case, or by its number from 1.
    pub(crate) fn position(&self, name: &str) -> Result<usize, Error> {
        let named = self.header.iter().position(|own| own == name);
        let named = named.or_else(|| self.header.iter().position(|own| own.eq_ignore_ascii_case(name)));
        let numbered = name.parse::<usize>().ok().filter(|at| (1..=self.header.len()).contains(at)).map(|at| at - 1);
        named.or(numbered).ok_or_else(|| {
            let near = did_you_mean(name, self.header.iter().map(String::as_str));
            let some: Vec<&str> = self.header.iter().take(8).map(String::as_str).collect();
            Error::failed(format!("no column \"{name}\"{near}, expected one of: \"{}\"", some.join(", ")))
        })
    }

    /// Joins a column of days and one of times of day, which has a usual name of times, by the first row: as Excel and
    /// pandas have them. The column keeps the name of the day. Returns both names.
    pub(crate) fn join_days(&mut self) -> Option<[String; 2]> {
        let first = &self.rows.first()?.cells;
        let is_clock = |at: &usize| is_time_of_day(&first[*at]) && is_time_name(&self.header[*at]);
        let (day, time) = (first.iter().position(|cell| is_day(cell))?, (0..first.len()).find(is_clock)?);
        let names = [self.header[day].clone(), self.header[time].clone()];
        for row in &mut self.rows {
            row.cells[day] = format!("{} {}", row.cells[day], row.cells[time]);
            row.cells.remove(time);
        }
        self.header.remove(time);
        Some(names)
    }

    /// Refuses two columns of one name.
    pub(crate) fn check_header(&self) -> Result<(), Error> {
        let mut seen = HashSet::new();
        let twin = self.header.iter().find(|name| !name.is_empty() && !seen.insert(name.as_str()));
        let way_out = "name them apart (pandas: join the levels of the columns; Grafana: the legends of the panel)";
        let refused = |name| Error::failed(format!("header: two columns have one name: \"{name}\": {way_out}"));
        twin.map_or(Ok(()), |name| Err(refused(name)))
    }

    /// The cells of one column, to be named.
    pub(crate) fn places(&self, at: usize) -> impl Iterator<Item = Place<'_>> {
        self.column(at).map(move |(line, text)| Place { line, column: &self.header[at], text })
    }

    /// The cells of one column.
    pub(crate) fn column(&self, at: usize) -> impl Iterator<Item = (u64, &str)> + Clone {
        self.rows.iter().map(move |row| (row.line, row.cells[at].as_str()))
    }
}

/// True for the header of another table of InfluxDB in the same file: it has a column of times too.
fn is_further_header(header: &[String], cells: &[String]) -> bool {
    [header, cells].iter().all(|names| names.iter().any(|name| name == "_time"))
}

/// Refuses a further header behind a `#` that has other columns: its rows are those of another table.
fn check_marked(cells: &[String], header: &[String]) -> Result<(), Error> {
    let found = cells.join(", ");
    match found.trim_start_matches(['#', ' ']) == header.join(", ") {
        true => Ok(()),
        false => {
            Err(Error::failed(format!("the header of another table, expected one table a file: {}", quote(&found))))
        }
    }
}

/// A row of another width than the header, which is none where it is of one cell: titles stand there.
fn ragged(line: u64, (found, expected): (usize, usize), header: &[String]) -> Error {
    if let [title] = header {
        let what = "one cell, expected the header of a table (leave out lines in front of it: tail -n +LINE)";
        return Error::failed(format!("line 1: {what}: {}", quote(title)));
    }
    Error::failed(format!("line {line}: {found} cells, expected {expected} as in the header"))
}

/// The cells of a row at the places of their columns.
fn spread(cells: Vec<String>, places: &[usize], width: usize) -> Vec<String> {
    let mut row = vec![String::new(); width];
    for (cell, place) in cells.into_iter().zip(places) {
        row[*place] = cell;
    }
    row
}

/// The delimiter that stands most often in the first line, outside quotes; a comma where none does.
pub(crate) fn delimiter(bytes: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let lines = bytes.split(|b| *b == b'\n').find(|line| !line.starts_with(b"#"));
    for &byte in lines.unwrap_or_default() {
        quoted ^= byte == b'"';
        for (delimiter, count) in &mut counts {
            *count += u32::from(!quoted && byte == *delimiter);
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(delimiter, _)| *delimiter)
}

/// The line of a quoted cell that goes on to the end of the text.
fn open_quote(bytes: &[u8], delimiter: u8) -> Option<u64> {
    let mut open = None;
    for at in memchr_iter(b'"', bytes) {
        let before = at.checked_sub(1).map_or(b'\n', |before| bytes[before]);
        // A quote that is doubled opens again what it closed.
        let opens = before == b'"' || before == delimiter || matches!(before, b'\n' | b'\r');
        open = if open.is_none() && opens { Some(at) } else { None };
    }
    open.map(|at| 1 + memchr_iter(b'\n', &bytes[..at]).count() as u64)
}

fn refuse(e: &csv::Error) -> Error {
    let line = e.position().map_or(0, csv::Position::line);
    Error::failed(format!("line {line}: not a table in UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_found_or_said() {
        for (text, want) in [("a;b,c;d\n", b';'), ("\"a;b;c\",d\n", b','), ("a\tb\n", b'\t'), ("a\n", b',')] {
            assert_eq!(delimiter(text.as_bytes()), want, "{text}");
        }
        let table = Cells::read(b"sep=;\r\n\"Time\";a\r\n1;2\r\n", &Dialect::default()).unwrap();
        assert_eq!((table.header, table.rows[0].line), (vec!["Time".to_string(), "a".to_string()], 3));
    }

    #[test]
    fn a_quote_that_is_not_closed_is_told_with_its_line() {
        let line = |text: &str| open_quote(text.as_bytes(), b',');
        assert_eq!(
            (line("time,a\n1,\"x\n2,3\n"), line("a,\"b\"\"c\n\n\",d\n"), line("a,5\" disk\n")),
            (Some(2), None, None)
        );
        assert_eq!((line("a,\"b\"\""), line("\"")), (Some(1), Some(1)));
    }

    #[test]
    fn columns_are_found_by_name_or_number() {
        let table = Cells::read(b"#group,x\n,Time,a\n,1,2\n,Time,a\n,2,3\n", &Dialect::default()).unwrap();
        assert_eq!((table.position("time").unwrap(), table.position("3").unwrap(), table.rows.len()), (1, 2, 2));
        assert!(table.position("b").is_err());
    }
}
