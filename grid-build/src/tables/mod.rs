//! CSV files by the names of their columns, and tables as other programs write them.

mod cells;
mod clock;
mod dates;
mod index;
mod influx;
mod lead;
mod long;
mod months;
mod number;
mod rows;
mod sheet;
mod suffix;
mod tidy;
mod unit;
mod wide;

use grid::{Error, is_time_name, parse_time_ms};

use crate::{Input, Store};
pub use cells::Dialect;
pub(crate) use cells::{Cells, delimiter};
pub use clock::parse_zone;
use clock::{has_no_zone, is_day_number};
pub use long::Long;
pub(crate) use rows::{is_row, refuse_timeless};
pub(crate) use sheet::Sheet;

/// Reads a table that is no plain grid into the store: a long one where `long` or its header says so, else a wide one.
/// Returns what is to be said.
pub fn read_table(
    bytes: &[u8],
    dialect: &Dialect,
    long: Option<&Long>,
    store: &mut Store,
) -> Result<Vec<String>, Error> {
    read_cells(Cells::read(bytes, dialect)?, dialect, long, store)
}

fn read_cells(
    mut cells: Cells,
    dialect: &Dialect,
    long: Option<&Long>,
    store: &mut Store,
) -> Result<Vec<String>, Error> {
    let mut notes = Vec::new();
    // Where columns are said by name or number, they are all there.
    if long.is_none() && dialect.time.is_none() {
        cells.unname_indexes();
        cells = cells.by_field().unwrap_or(cells);
    }
    if let Some([day, time]) = cells.join_days() {
        notes.push(format!("columns joined for the times: \"{day}\" and \"{time}\""));
    }
    let is_told = |long: &Long| dialect.time.as_ref().is_none_or(|time| time.eq_ignore_ascii_case(&long.time));
    let known = Long::of(&cells.header, cells.rows.first()).filter(is_told);
    match long.cloned().or(known) {
        Some(long) => long::read_long(&mut cells, &long, dialect, store, &mut notes)?,
        None => {
            for grid in wide::read_wide(&cells, dialect, &mut notes)? {
                store.add_grid(grid)?;
            }
        }
    }
    Ok(notes)
}

/// Reads one JSON object per time or sample into the store, as Miller, jq and pandas write tables.
pub fn read_rows(
    bytes: &[u8],
    dialect: &Dialect,
    long: Option<&Long>,
    store: &mut Store,
) -> Result<Vec<String>, Error> {
    read_cells(rows::read(bytes)?, dialect, long, store)
}

/// How much of a table tells whether it is plain.
const HEAD: usize = Input::HEAD;

/// True for a table that `grid` reads as it is: commas, one column of times that it knows in front, times with a zone.
pub fn is_plain(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    if head.windows(2).any(|pair| pair[0] == b'\r' && !matches!(pair[1], b'\r' | b'\n')) {
        return false;
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(head);
    let mut records = reader.records().filter_map(Result::ok);
    let Some(header) = records.next() else { return true };
    let mut is_time_column = header.iter().map(|name| !name.is_empty() && is_time_name(name));
    let known = is_time_column.next() == Some(true) && !is_time_column.any(|is| is) && header.len() > 1;
    let header: Vec<String> = header.iter().map(str::to_string).collect();
    let is_time = |time: &str| parse_time_ms(time).is_some() && !has_no_zone(time) && !is_day_number(time);
    let plain = |row: csv::StringRecord| {
        row.get(0).is_some_and(|time| is_time(time.trim())) && row.iter().skip(1).all(|cell| is_plain_cell(cell.trim()))
    };
    // The last record of a longer input may be cut off in the middle.
    let mut rows = records.peekable();
    let mut next = || rows.next().filter(|_| head.len() < HEAD || rows.peek().is_some());
    known && Long::of(&header, None).is_none() && std::iter::from_fn(&mut next).all(plain)
}

/// True for a cell that `grid` reads; with others the whole table is read here, whatever its times.
fn is_plain_cell(cell: &str) -> bool {
    cell.is_empty()
        || cell.parse::<f64>().is_ok()
        || ["null", "na", "n/a"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}
