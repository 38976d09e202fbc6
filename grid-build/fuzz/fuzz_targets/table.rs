//! Any bytes as a table, CSV or JSONL: what is read is written, read again, and then the same; no number of it is infinite.
#![no_main]

use grid::{Cell, Source, Table, TableForm};
use libfuzzer_sys::fuzz_target;

fn read(bytes: Vec<u8>) -> Option<Table> {
    match Table::read(Source::from_bytes(bytes).ok()?) {
        Ok(table) => Some(table),
        Err(e) => {
            assert!(!e.to_string().is_empty());
            None
        }
    }
}

fn write(table: &Table, form: TableForm) -> Vec<u8> {
    let mut out = Vec::new();
    assert!(table.write(form, &mut out).is_ok());
    out
}

fuzz_target!(|bytes: &[u8]| {
    let Some(table) = read(bytes.to_vec()) else { return };
    assert!(table.rows.iter().all(|row| row.len() == table.header.len()));
    assert!(table.rows.iter().flatten().all(|cell| !matches!(cell, Cell::Number(number) if !number.is_finite())));
    // For people: one line each, and nothing in them that a terminal obeys.
    let text = String::from_utf8(write(&table, TableForm::Table));
    assert!(text.is_ok_and(|text| text.chars().all(|c| c == '\n' || !c.is_control())));
    // A text that is a number in CSV has become one: from then on nothing changes.
    let Some(again) = read(write(&table, TableForm::Csv)) else { return };
    let csv = write(&again, TableForm::Csv);
    assert!(read(csv.clone()).is_none_or(|table| write(&table, TableForm::Csv) == csv));
});
