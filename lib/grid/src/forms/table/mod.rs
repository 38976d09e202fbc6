//! Tables: one result a row.

pub(crate) mod people;
mod read;

use std::io::Write;

use self::people::Look;
use crate::{Error, TableForm, quote, write_number};

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number; written as an empty cell when it is not finite.
    Number(f64),
    /// A whole number.
    Integer(i64),
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
            Cell::Text(_) | Cell::Empty => None,
        }
    }

    /// The cell as it stands in CSV.
    pub fn text(&self) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Integer(value) => value.to_string(),
            Cell::Empty => String::new(),
            Cell::Number(value) => {
                let mut out = Vec::new();
                write_number(&mut out, *value);
                String::from_utf8(out).unwrap_or_default()
            }
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
        let place = |name: &String| {
            let there = self.header.join(",");
            self.column(name)
                .ok_or_else(|| Error::usage(format!("--columns: expected some of {there}: {}", quote(name))))
        };
        let places: Vec<usize> = names.iter().map(place).collect::<Result<_, _>>()?;
        let choose = |row: &Vec<Cell>| places.iter().map(|&at| row[at].clone()).collect();
        Ok(Table { header: names.to_vec(), rows: self.rows.iter().map(choose).collect() })
    }

    /// Writes the table.
    pub fn write(&self, form: TableForm, out: &mut impl Write) -> Result<(), Error> {
        match form {
            TableForm::Csv => self.write_csv(out),
            TableForm::Jsonl => self.write_jsonl(out),
            TableForm::Table => people::write(self, Look::default(), out),
        }
    }

    fn write_csv(&self, out: &mut impl Write) -> Result<(), Error> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(&self.header)?;
        for row in &self.rows {
            for cell in row {
                writer.write_field(cell.text())?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        writer.flush()?;
        Ok(())
    }

    fn write_jsonl(&self, out: &mut impl Write) -> Result<(), Error> {
        for row in &self.rows {
            let mut line = b"{".to_vec();
            for (name, cell) in self.header.iter().zip(row) {
                if line.len() > 1 {
                    line.push(b',');
                }
                line.extend_from_slice(serde_json::Value::from(name.as_str()).to_string().as_bytes());
                line.push(b':');
                let text = match cell {
                    Cell::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
                    other => Some(other.text()).filter(|t| !t.is_empty()).unwrap_or("null".into()),
                };
                line.extend_from_slice(text.as_bytes());
            }
            line.extend_from_slice(b"}\n");
            out.write_all(&line)?;
        }
        Ok(())
    }
}
