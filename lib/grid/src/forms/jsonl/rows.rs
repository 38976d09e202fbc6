//! Reads a grid whose rows are JSON objects, `{"time":1700000000,"a":1}`: Miller, jq, and pandas' records write it so.

use std::collections::HashMap;

use serde_json::{Deserializer, Map, Value};

use super::objects::each_row;
use crate::forms::canonical::canonical;
use crate::forms::csv::header::{is_time_name, no_time};
use crate::forms::reading::{check_columns, check_name, no_number, time_column};
use crate::text::time::{Unit, number_ms};
use crate::{Column, Error, Grid, Picker, parse_number, parse_time_ms, quote};

/// Whether a text begins with such a row, or an array of them: it has a time, or was said to have one.
pub(crate) fn are_rows(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let first = text.strip_prefix(b"[").unwrap_or(text);
    let row = Deserializer::from_slice(first).into_iter::<Map<String, Value>>().next();
    row.and_then(Result::ok)
        .is_some_and(|row| !row.contains_key("metric") && (time_column().is_some() || time_key(&row).is_some()))
}

/// Reads all rows. A key that a row lacks is a missing value; columns stand in the order in which they come.
pub(crate) fn read(text: &[u8], picker: &mut Picker) -> Result<Grid, Error> {
    let mut rows = Rows::default();
    each_row(text, |row| rows.add(&row, picker))?;
    picker.check_used()?;
    let count = rows.times_ms.len();
    rows.columns.iter_mut().for_each(|column| column.values.resize(count, f64::NAN));
    Ok(Grid { times_ms: rows.times_ms, windows: None, columns: rows.columns })
}

#[derive(Default)]
struct Rows {
    times_ms: Vec<i64>,
    /// What the first time that is a number counts.
    unit: Option<Unit>,
    columns: Vec<Column>,
    /// Where a key's column stands; `None` for a key that is not picked.
    places: HashMap<String, Option<usize>>,
}

impl Rows {
    fn add(&mut self, row: &Map<String, Value>, picker: &mut Picker) -> Result<(), String> {
        let key = match (time_key(row), time_column()) {
            (Some(key), Some(asked)) if key == asked || picker.beside => key.to_string(),
            (_, Some(asked)) => return Err(no_time(asked, row.keys().map(String::as_str))),
            (Some(key), None) => key.to_string(),
            (None, None) => return Err("no time, expected a key such as time or timestamp, or --time KEY".into()),
        };
        let at = self.times_ms.len();
        self.times_ms.try_reserve(1).map_err(|_| "out of memory: the times of the rows")?;
        let time = self.time(&row[&key])?;
        self.times_ms.push(time);
        for (name, value) in row.iter().filter(|(name, _)| **name != key) {
            let Some(place) = self.place(name, picker)? else { continue };
            let number = number(value).ok_or_else(|| no_number(name, &value.to_string()))?;
            let values = &mut self.columns[place].values;
            values.try_reserve(at + 1 - values.len()).map_err(|_| "out of memory: the cells of the rows")?;
            values.resize(at, f64::NAN);
            values.push(number);
        }
        Ok(())
    }

    fn place(&mut self, name: &str, picker: &mut Picker) -> Result<Option<usize>, String> {
        if let Some(place) = self.places.get(name) {
            return Ok(*place);
        }
        if name.trim().is_empty() {
            return Err("a key without a name, expected one".into());
        }
        check_name(name.len())?;
        check_columns(self.columns.len() + 1)?;
        let place = picker.keeps(name).then_some(self.columns.len());
        if place.is_some() {
            self.columns.push(Column { name: canonical(name).into_owned(), values: Vec::new() });
        }
        self.places.insert(name.to_string(), place);
        Ok(place)
    }

    fn time(&mut self, value: &Value) -> Result<i64, String> {
        let refused = || format!("not a time: {}", quote(&value.to_string()));
        let number = match value {
            Value::Number(number) => number.as_f64().ok_or_else(refused)?,
            Value::String(text) => match parse_number(text.trim().as_bytes()) {
                Some(number) => number,
                None => return parse_time_ms(text).ok_or_else(refused),
            },
            _ => return Err(refused()),
        };
        let unit = Unit::of(number).ok_or_else(refused)?;
        match *self.unit.get_or_insert(unit) {
            first if first != unit && number != 0.0 => {
                Err(format!("{} and {} are mixed: {}", first.word(), unit.word(), quote(&value.to_string())))
            }
            _ => number_ms(number).ok_or_else(refused),
        }
    }
}

/// The key of the time: the one that `--time` names, or else the first that is called like one.
fn time_key(row: &Map<String, Value>) -> Option<&str> {
    let named = time_column().filter(|name| row.contains_key(*name));
    named.or_else(|| row.keys().map(String::as_str).find(|name| is_time_name(name)))
}

/// A number, or a missing value: `null`, an empty text, or what is not finite.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::Null => Some(f64::NAN),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Value::String(text) if text.trim().is_empty() => Some(f64::NAN),
        Value::String(text) => {
            let number: f64 = text.trim().parse().ok()?;
            Some(if number.is_finite() { number } else { f64::NAN })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(text: &str) -> Result<Grid, String> {
        assert!(are_rows(text.as_bytes()), "{text}");
        read(text.as_bytes(), &mut Picker::default()).map_err(|e| e.to_string())
    }

    #[test]
    fn objects_are_rows_and_their_keys_columns() {
        let lines =
            grid("{\"time\":1,\"a\":1.5}\n{\"time\":2,\"b\":null,\"a\":\"2\"}\n{\"time\":3,\"b\":7}\n").unwrap();
        assert_eq!((lines.times_ms.as_slice(), lines.columns.len()), ([1000, 2000, 3000].as_slice(), 2));
        assert_eq!(lines.columns[0].values[..2], [1.5, 2.0]);
        assert!(lines.columns[0].values[2].is_nan() && lines.columns[1].values[0].is_nan());
        assert_eq!(lines.columns[1].values[2], 7.0);
    }

    #[test]
    fn an_array_of_records_is_the_same() {
        let array = grid("[{\"Timestamp\":1700000000123,\"a\":1},\n {\"Timestamp\":1700000001123,\"a\":2}]").unwrap();
        assert_eq!(array.times_ms, [1_700_000_000_123, 1_700_000_001_123]);
        let dates = grid("{\"date\":\"2023-11-14T22:13:20.000\",\"a\":true}").unwrap();
        assert_eq!((dates.times_ms[0], dates.columns[0].values[0]), (1_700_000_000_000, 1.0));
    }

    #[test]
    fn what_is_no_number_is_named_with_its_row() {
        let refused = grid("{\"time\":1,\"host\":\"web-1\"}").unwrap_err();
        assert_eq!(
            refused,
            "row 1: column \"host\": not a number: \"\"web-1\"\", expected one or an empty cell (long tables: grid-build --long)"
        );
        assert!(!are_rows(b"{\"metric\":{},\"values\":[],\"timestamps\":[]}"));
        assert!(!are_rows(b"[{\"metric\":{}}]"));
    }
}
