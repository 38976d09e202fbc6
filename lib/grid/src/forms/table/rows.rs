//! Rows of a table that are made as they are written, so that a long table is never held whole.

use std::io::Write;

use memchr::memchr;
use rayon::prelude::*;
use serde_json::value::RawValue;

use super::people::{self, Look};
use super::{Cell, Table};
use crate::text::near::near_name;
use crate::{Error, TableForm, quote};

/// Rows that are formatted together.
const BLOCK: usize = 512;

/// The header of a table, and its rows, each made when it is asked for.
pub struct Rows<'a> {
    header: Vec<String>,
    count: usize,
    row: Box<dyn Fn(usize) -> Vec<Cell> + Sync + 'a>,
}

impl<'a> Rows<'a> {
    /// `count` rows; `row` gives the cells of each, as many as the header has names.
    pub fn new(header: Vec<String>, count: usize, row: impl Fn(usize) -> Vec<Cell> + Sync + 'a) -> Self {
        Rows { header, count, row: Box::new(row) }
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The cells of a row.
    pub fn row(&self, at: usize) -> Vec<Cell> {
        (self.row)(at)
    }

    /// Where a column stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|own| own == name)
    }

    /// No more rows than these.
    #[must_use]
    pub fn first(self, count: usize) -> Self {
        Rows { count: self.count.min(count), ..self }
    }

    /// Only some of the columns, in the order given.
    pub fn choose(self, names: &[String]) -> Result<Self, Error> {
        let place = |name: &String| {
            let refused = || {
                let (there, near) = (self.header.join(","), near_name(name, &self.header));
                Error::usage(format!("--columns: expected some of {there}: {}{near}", quote(name)))
            };
            self.column(name).ok_or_else(refused)
        };
        let places: Vec<usize> = names.iter().map(place).collect::<Result<_, _>>()?;
        let row = self.row;
        let chosen = move |at: usize| {
            let cells = row(at);
            places.iter().map(|&place| cells[place].clone()).collect()
        };
        Ok(Rows::new(names.to_vec(), self.count, chosen))
    }

    /// All of them.
    pub fn collect(&self) -> Table {
        Table { header: self.header.clone(), rows: (0..self.count).map(&self.row).collect() }
    }

    /// Writes the header and the rows. Blocks of rows are formatted in parallel and written in order.
    pub fn write(&self, form: TableForm, out: &mut impl Write) -> Result<(), Error> {
        match form {
            TableForm::Table => return people::write(&self.collect(), Look::default(), out),
            TableForm::Csv => {
                let mut writer = csv::Writer::from_writer(Vec::new());
                writer.write_record(&self.header)?;
                out.write_all(&text_of(writer)?)?;
            }
            TableForm::Jsonl => {}
        }
        self.write_body(form, out)
    }

    /// Writes the rows alone, as CSV or JSONL, to go on with a table of which the header was written.
    pub fn write_body(&self, form: TableForm, out: &mut impl Write) -> Result<(), Error> {
        let blocks: Vec<usize> = (0..self.count).step_by(BLOCK).collect();
        for group in blocks.chunks(4 * rayon::current_num_threads()) {
            let text = |&start: &usize| self.text(start..self.count.min(start + BLOCK), form);
            let texts: Vec<Vec<u8>> = group.par_iter().map(text).collect();
            for text in texts {
                out.write_all(&text)?;
            }
        }
        Ok(out.flush()?)
    }

    fn text(&self, rows: std::ops::Range<usize>, form: TableForm) -> Vec<u8> {
        match form {
            TableForm::Jsonl => self.objects(rows),
            _ => self.records(rows),
        }
    }

    fn records(&self, rows: std::ops::Range<usize>) -> Vec<u8> {
        let mut text = Vec::new();
        for at in rows {
            let start = text.len();
            for (column, cell) in self.row(at).iter().enumerate() {
                if column > 0 {
                    text.push(b',');
                }
                match cell {
                    Cell::Text(words) => write_text(&mut text, words.as_bytes()),
                    other => other.write(&mut text),
                }
            }
            // A row of one cell without text would be a blank line.
            if text.len() == start {
                text.extend_from_slice(b"\"\"");
            }
            text.push(b'\n');
        }
        text
    }

    fn objects(&self, rows: std::ops::Range<usize>) -> Vec<u8> {
        let json = |text: &str| serde_json::Value::from(text).to_string();
        let names: Vec<String> = self.header.iter().map(|name| json(name) + ":").collect();
        let mut text = Vec::new();
        for at in rows {
            let mut before = b'{';
            for (name, cell) in names.iter().zip(self.row(at)) {
                text.push(std::mem::replace(&mut before, b','));
                text.extend_from_slice(name.as_bytes());
                let start = text.len();
                match &cell {
                    Cell::Text(words) => text.extend_from_slice(json(words).as_bytes()),
                    // JSON has no number 007.
                    Cell::Spelt(_, words) if serde_json::from_str::<&RawValue>(words).is_err() => {
                        text.extend_from_slice(json(words).as_bytes());
                    }
                    other => other.write(&mut text),
                }
                if text.len() == start {
                    text.extend_from_slice(b"null");
                }
            }
            text.extend_from_slice(b"}\n");
        }
        text
    }
}

/// Appends a text as it stands in CSV: in quotes where it has a quote, a comma or a line's end.
fn write_text(out: &mut Vec<u8>, text: &[u8]) {
    let quoted = text.iter().any(|b| matches!(b, b'"' | b',' | b'\n' | b'\r'));
    if !quoted {
        return out.extend_from_slice(text);
    }
    out.push(b'"');
    let mut rest = text;
    while let Some(quote) = memchr(b'"', rest) {
        out.extend_from_slice(&rest[..=quote]);
        out.push(b'"');
        rest = &rest[quote + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

fn text_of(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, Error> {
    writer.into_inner().map_err(|e| Error::Output(e.into_error()))
}

impl<'a> From<&'a Table> for Rows<'a> {
    fn from(table: &'a Table) -> Self {
        Rows::new(table.header.clone(), table.rows.len(), |at| table.rows[at].clone())
    }
}

impl From<Table> for Rows<'static> {
    fn from(table: Table) -> Self {
        let Table { header, rows } = table;
        Rows::new(header, rows.len(), move |at| rows[at].clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn records_are_those_of_the_crate_csv(cells in proptest::collection::vec("[ab\",\n\r #é]{0,4}", 1..20), width in 1usize..4) {
            let rows: Vec<&[String]> = cells.chunks_exact(width).collect();
            let header: Vec<String> = (0..width).map(|at| at.to_string()).collect();
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(&header).unwrap();
            rows.iter().for_each(|row| writer.write_record(*row).unwrap());
            let row = |at: usize| rows[at].iter().map(|text| Cell::from(text.as_str())).collect();
            let mut out = Vec::new();
            Rows::new(header, rows.len(), row).write(TableForm::Csv, &mut out).unwrap();
            prop_assert_eq!(String::from_utf8(out).unwrap(), String::from_utf8(writer.into_inner().unwrap()).unwrap());
        }
    }
}
