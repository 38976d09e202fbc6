//! Tables: one result a row.

mod batches;
pub(crate) mod people;
mod read;
mod records;
mod rows;

use std::io::Write;

pub use self::batches::{Fields, TableBatches};
pub use self::rows::Rows;
use crate::{Error, TableForm, write_number};

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number; written as an empty cell when it is not finite.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// A number that was read and that we would write otherwise: `007`, `1.10`, `1e3`. It may be a name, so its text is kept.
    Spelt(f64, String),
    /// Nothing: what cannot be computed.
    Empty,
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        if value.is_finite() { Cell::Number(value) } else { Cell::Empty }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_string())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Cell::Integer(value)
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        i64::try_from(value).map_or(Cell::Number(value as f64), Cell::Integer)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Empty, Into::into)
    }
}

impl Cell {
    /// The number in the cell, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Cell::Number(value) => Some(*value),
            Cell::Integer(value) => Some(*value as f64),
            Cell::Spelt(value, _) => Some(*value),
            Cell::Text(_) | Cell::Empty => None,
        }
    }

    /// The cell as it stands in CSV.
    pub fn text(&self) -> String {
        match self {
            Cell::Text(text) | Cell::Spelt(_, text) => text.clone(),
            other => {
                let mut out = Vec::new();
                other.write(&mut out);
                String::from_utf8(out).unwrap_or_default()
            }
        }
    }

    /// Appends the cell as it stands in CSV, without quotes.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Cell::Text(text) | Cell::Spelt(_, text) => out.extend_from_slice(text.as_bytes()),
            Cell::Integer(value) => out.extend_from_slice(itoa::Buffer::new().format(*value).as_bytes()),
            Cell::Number(value) => write_number(out, *value),
            Cell::Empty => {}
        }
    }
}

/// A table with a fixed header.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The names of the columns.
    pub header: Vec<String>,
    /// The rows, each as long as the header.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty table.
    pub fn new(header: &[&str]) -> Self {
        Table { header: header.iter().map(|name| (*name).to_string()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    /// Where a column stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|own| own == name)
    }

    /// Only some of the columns, in the order given.
    pub fn choose(&self, names: &[String]) -> Result<Self, Error> {
        Ok(Rows::from(self).choose(names)?.collect())
    }

    /// Writes the table.
    pub fn write(&self, form: TableForm, out: &mut impl Write) -> Result<(), Error> {
        Rows::from(self).write(form, out)
    }
}
