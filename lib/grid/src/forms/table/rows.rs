//! Rows of a table that are made as they are written, so that a long table is never held whole.

use std::io::Write;

use rayon::prelude::*;

use super::people::{self, Look};
use super::{Cell, Table};
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
            let there = self.header.join(",");
            self.column(name)
                .ok_or_else(|| Error::usage(format!("--columns: expected some of {there}: {}", quote(name))))
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
            let texts: Vec<Result<Vec<u8>, Error>> = group.par_iter().map(text).collect();
            for text in texts {
                out.write_all(&text?)?;
            }
        }
        Ok(out.flush()?)
    }

    fn text(&self, rows: std::ops::Range<usize>, form: TableForm) -> Result<Vec<u8>, Error> {
        match form {
            TableForm::Jsonl => Ok(self.objects(rows)),
            _ => self.records(rows),
        }
    }

    fn records(&self, rows: std::ops::Range<usize>) -> Result<Vec<u8>, Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut number = Vec::new();
        for at in rows {
            for cell in self.row(at) {
                match &cell {
                    Cell::Text(text) => writer.write_field(text)?,
                    other => {
                        number.clear();
                        other.write(&mut number);
                        writer.write_field(&number)?;
                    }
                }
            }
            writer.write_record(None::<&[u8]>)?;
        }
        text_of(writer)
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
