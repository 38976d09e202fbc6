//! Reads a table back, CSV or JSONL.

use std::io::Read;
use std::path::Path;

use crate::{Cell, Error, Form, Source, Table, parse_number};

impl Table {
    /// Reads a table with a header from a file; `-` is standard input.
    pub fn read_file(path: &Path) -> Result<Self, Error> {
        Self::read(Source::open(path)?)
    }

    /// Reads a table with a header.
    pub fn read(mut source: Source) -> Result<Self, Error> {
        let (place, form) = (source.place().to_string(), source.form());
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes).map_err(|e| Error::read(&place, &e))?;
        let table = match form {
            Form::Csv => read_csv(&bytes),
            Form::Jsonl => read_jsonl(&bytes),
        };
        table.map_err(|e| e.at(&place))
    }
}

fn read_csv(bytes: &[u8]) -> Result<Table, Error> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header: Vec<String> = reader.headers()?.iter().map(str::to_string).collect();
    if header.is_empty() {
        return Err(Error::empty("", "a table with a header"));
    }
    let mut table = Table { header, rows: Vec::new() };
    for record in reader.records() {
        table.rows.push(record?.iter().map(cell).collect());
    }
    Ok(table)
}

/// A cell as it was written: of a number the text is kept, unless it is the one that we write.
fn cell(text: &str) -> Cell {
    match parse_number(text.as_bytes()) {
        Some(number) if Cell::Number(number).text() == text => Cell::Number(number),
        Some(number) => Cell::Spelt(number, text.to_string()),
        None if text.is_empty() => Cell::Empty,
        None => Cell::Text(text.to_string()),
    }
}

fn read_jsonl(bytes: &[u8]) -> Result<Table, Error> {
    let mut table = Table::default();
    for (index, line) in bytes.split(|&b| b == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let object = object(line, index + 1)?;
        for name in object.keys() {
            if table.column(name).is_none() {
                table.header.push(name.clone());
            }
        }
        let row = table.header.iter().map(|name| json_cell(object.get(name))).collect();
        table.rows.push(row);
    }
    let width = table.header.len();
    table.rows.iter_mut().for_each(|row| row.resize(width, Cell::Empty));
    Ok(table)
}

/// The object on a line; `number` is the line's, counted from 1.
pub(super) fn object(line: &[u8], number: usize) -> Result<serde_json::Map<String, serde_json::Value>, Error> {
    serde_json::from_slice(line).map_err(|e| Error::failed(format!("line {number}: not an object: {e}")))
}

fn json_cell(value: Option<&serde_json::Value>) -> Cell {
    match value {
        Some(serde_json::Value::String(text)) => Cell::Text(text.clone()),
        Some(serde_json::Value::Number(number)) if number.is_f64() => number.as_f64().into(),
        Some(serde_json::Value::Number(whole)) => cell(&whole.to_string()),
        None | Some(serde_json::Value::Null) => Cell::Empty,
        Some(other) => Cell::Text(other.to_string()),
    }
}
