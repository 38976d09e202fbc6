//! A table in JSON: one object per row, on lines or in an array.

use grid::{Error, is_time_name, time_column};
use serde_json::{Deserializer, Map, Value};

use super::cells::{Cells, Row};

/// True for an object that is a row of a table: it has plain values alone, a time among them or said to be, and nothing of a
/// series.
pub(crate) fn is_row(object: &Map<String, Value>) -> bool {
    let timed = time_column().is_some() || object.keys().any(|key| !key.is_empty() && is_time_name(key));
    timed && !object.contains_key("metric") && object.values().all(|value| !value.is_array() && !value.is_object())
}

/// Reads the rows; a key that an object lacks is missing there.
pub(super) fn read(bytes: &[u8]) -> Result<Cells, Error> {
    let mut table = Cells { header: Vec::new(), rows: Vec::new() };
    for value in Deserializer::from_slice(bytes).into_iter::<Value>() {
        let refused = |e: serde_json::Error| Error::failed(format!("line {}: not a row in JSON: {e}", e.line()));
        match value.map_err(refused)? {
            Value::Array(items) => items.into_iter().try_for_each(|item| add(&mut table, item))?,
            object => add(&mut table, object)?,
        }
    }
    let width = table.header.len();
    table.rows.iter_mut().for_each(|row| row.cells.resize(width, String::new()));
    Ok(table)
}

fn add(table: &mut Cells, value: Value) -> Result<(), Error> {
    let line = table.rows.len() as u64 + 1;
    let Value::Object(object) = value else {
        return Err(Error::failed(format!("row {line}: not an object with a time: \"{value}\"")));
    };
    let mut cells = vec![String::new(); table.header.len()];
    for (key, value) in object {
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
    Ok(())
}
