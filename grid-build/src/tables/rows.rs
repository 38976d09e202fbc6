//! A table in JSON: one object per row, on lines or in an array.

use grid::{Error, each_row, is_time_name, quote, time_column};
use serde_json::{Map, Value};

use super::cells::{Cells, Row};

/// True for an object that is a row of a table: it has plain values alone, a time among them or said to be, and nothing of a
/// series.
pub(crate) fn is_row(object: &Map<String, Value>) -> bool {
    let timed = time_column().is_some() || object.keys().any(|key| !key.is_empty() && is_time_name(key));
    timed && !object.contains_key("metric") && is_flat(object)
}

fn is_flat(object: &Map<String, Value>) -> bool {
    object.values().all(|value| !value.is_array() && !value.is_object())
}

/// Refuses a row without a time, which is no answer of a server either: those have a status.
pub(crate) fn refuse_timeless(object: &Map<String, Value>) -> Result<(), Error> {
    if object.is_empty()
        || !is_flat(object)
        || ["metric", "status", "isPartial"].iter().any(|key| object.contains_key(*key))
    {
        return Ok(());
    }
    let keys: Vec<&str> = object.keys().take(4).map(String::as_str).collect();
    let what = "row 1: no key of times (time, timestamp, ts …), name it with --time";
    Err(Error::failed(format!("{what}: {}", quote(&keys.join(", ")))))
}

/// Reads the rows; a key that an object lacks is missing there.
pub(super) fn read(bytes: &[u8]) -> Result<Cells, Error> {
    let mut table = Cells { header: Vec::new(), rows: Vec::new() };
    each_row(bytes, |row| {
        add(&mut table, row);
        Ok(())
    })?;
    let width = table.header.len();
    table.rows.iter_mut().for_each(|row| row.cells.resize(width, String::new()));
    Ok(table)
}

fn add(table: &mut Cells, row: Map<String, Value>) {
    let line = table.rows.len() as u64 + 1;
    let mut cells = vec![String::new(); table.header.len()];
    for (key, value) in row {
        let at = table.place(key);
        cells.resize(table.header.len(), String::new());
        cells[at] = match value {
            Value::String(text) => text,
            Value::Null => String::new(),
            Value::Bool(flag) => u8::from(flag).to_string(),
            other => other.to_string(),
        };
    }
    table.rows.push(Row { line, cells });
}
