//! The objects of a text in JSON, each a row, in which no key comes twice.

use std::fmt;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::Error;

/// Reads objects, one after the other or in arrays, and hands on each; a failure is told with the number of the row. Of a key
/// that comes twice one value would count and the other be lost without a word: that is refused, too.
pub fn each_row(text: &[u8], mut add: impl FnMut(Map<String, Value>) -> Result<(), String>) -> Result<(), Error> {
    let mut number = 0;
    for rows in serde_json::Deserializer::from_slice(text).into_iter::<Rows>() {
        for row in rows.map_err(|e| refuse(&e))?.0 {
            number += 1;
            add(row.0).map_err(|what| Error::failed(format!("row {number}: {what}")))?;
        }
    }
    Ok(())
}

fn refuse(e: &serde_json::Error) -> Error {
    let what = e.to_string();
    let what = what.rsplit_once(" at line").map_or(what.as_str(), |(what, _)| what);
    Error::failed(format!("line {}: column {}: not a row in JSON: {what}", e.line(), e.column()))
}

/// An object, or an array of them.
struct Rows(Vec<Row>);

struct Row(Map<String, Value>);

struct RowVisitor;

struct RowsVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object with a time")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Row, A::Error> {
        let mut row = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if row.contains_key(&key) {
                return Err(A::Error::custom(format_args!("a key that comes twice: \"{key}\"")));
            }
            row.insert(key, entries.next_value()?);
        }
        Ok(Row(row))
    }
}

impl<'de> Visitor<'de> for RowsVisitor {
    type Value = Rows;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        RowVisitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Rows, A::Error> {
        Ok(Rows(vec![RowVisitor.visit_map(entries)?]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Rows, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = items.next_element()? {
            rows.push(row);
        }
        Ok(Rows(rows))
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(RowVisitor)
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(RowsVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<usize, String> {
        let mut count = 0;
        let read = each_row(text.as_bytes(), |row| {
            count += row.len();
            Ok(())
        });
        read.map(|()| count).map_err(|e| e.to_string())
    }

    #[test]
    fn a_key_that_comes_twice_is_refused_where_it_stands() {
        assert_eq!(read("{\"time\":1,\"a\":2}\n[{\"time\":2}, {\"time\":3}]"), Ok(4));
        let twice = read("{\"time\":1}\n{\"time\":2,\"a\":1,\"a\":2}").unwrap_err();
        assert_eq!(twice, "line 2: column 19: not a row in JSON: a key that comes twice: \"a\"");
        let number = read("{\"time\":1}\n7").unwrap_err();
        let expected = "not a row in JSON: invalid type: integer `7`, expected an object with a time";
        assert!(number.ends_with(expected), "{number}");
    }
}
