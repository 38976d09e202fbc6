//! Tables: one result a row.

mod read;

use std::io::Write;

use crate::{Error, Name, TableForm, quote, write_number};

/// The widest text in a table for people; the other forms never shorten.
const WIDEST: usize = 100;

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

    /// The cell as a person reads it in its row: about five digits, a series without the labels whose
    /// value another cell says, long names shortened in the middle.
    fn short(&self, row: &[Cell]) -> String {
        match self {
            Cell::Text(text) => {
                let mut name = Name::parse(text);
                name.labels.retain(|(_, value)| !row.iter().any(|cell| matches!(cell, Cell::Text(t) if t == value)));
                let kept = if name.labels.is_empty() && name.name.is_empty() { text } else { &name.to_string() };
                shorten(kept)
            }
            Cell::Number(value) if *value != 0.0 => {
                let digits = value.abs().log10().floor();
                match digits {
                    d if !(-5.0..15.0).contains(&d) => format!("{value:.3e}"),
                    d => trim_zeros(format!("{value:.*}", (4.0 - d).clamp(0.0, 9.0) as usize)),
                }
            }
            other => other.text(),
        }
    }
}

/// Keeps the beginning and the end of a long text.
fn shorten(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= WIDEST {
        return text.to_string();
    }
    let half = (WIDEST - 1) / 2;
    let ends = [&letters[..WIDEST - 1 - half], &letters[letters.len() - half..]];
    ends.map(|part| part.iter().collect::<String>()).join("…")
}

fn trim_zeros(text: String) -> String {
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_string()
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
            TableForm::Table => self.write_aligned(out),
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

    fn write_aligned(&self, out: &mut impl Write) -> Result<(), Error> {
        let texts: Vec<Vec<String>> =
            self.rows.iter().map(|row| row.iter().map(|cell| cell.short(row)).collect()).collect();
        let numeric: Vec<bool> = (0..self.header.len())
            .map(|i| !self.rows.iter().any(|row| matches!(row.get(i), Some(Cell::Text(_)))))
            .collect();
        let widest = |i: usize| texts.iter().map(|row| row[i].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> =
            self.header.iter().enumerate().map(|(i, name)| widest(i).max(name.chars().count())).collect();
        for row in std::iter::once(&self.header).chain(&texts) {
            let mut line = String::new();
            for ((text, width), numeric) in row.iter().zip(&widths).zip(&numeric) {
                let gap = if line.is_empty() { "" } else { "  " };
                line += gap;
                line += &if *numeric { format!("{text:>width$}") } else { format!("{text:<width$}") };
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
