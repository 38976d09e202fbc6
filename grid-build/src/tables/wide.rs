//! A wide table of any program: one row per time, one column per series.

use grid::{Column, Error, Grid, quote};
use jiff::tz::TimeZone;

use super::cells::{Cells, Dialect};
use super::clock::{IN_UTC, has_no_zone, is_recent, is_time, place, read_times};
use super::number::{Cell, are_several, decimal_of, has_strange_unit, in_unit, parse_cell, parse_flag};
use super::tidy::{Series, labelled, series, share_times};
use super::unit::OneUnit;
use crate::notes::{count, list};

/// Reads a wide table: one grid, or one for each series where columns of text tell rows apart. Another column without any
/// number is left out, units and thousands are read, and what was assumed is said.
pub(crate) fn read_wide(cells: &Cells, dialect: &Dialect, notes: &mut Vec<String>) -> Result<Vec<Grid>, Error> {
    cells.check_header()?;
    let time = time_column(cells, dialect)?;
    let zone = zone(cells.column(time).map(|(_, cell)| cell), dialect, notes);
    let times_ms = read_times(&cells.header[time], cells.column(time), &zone)?;
    let decimal = decimal(cells, time, dialect)?;
    // Truth values may be what tells rows of one time apart.
    let share = share_times(&times_ms);
    let (named, remarks) = named(cells, time, decimal)?;
    let (beside, rest): (Vec<usize>, Vec<usize>) = named.into_iter().partition(|at| is_beside(cells, time, *at));
    let (mut columns, mut texts, mut units) = (Vec::new(), Vec::new(), Vec::new());
    for at in rest {
        let name = &cells.header[at];
        let Some((values, unit)) = read_column(cells, at, decimal, !share)? else {
            texts.push(at);
            continue;
        };
        units.extend(unit.map(|unit| format!("{name} ({unit})")));
        columns.push(Column { name: unit.map_or_else(|| name.clone(), |unit| in_unit(name, unit)), values });
    }
    let (several, mut texts): (Vec<usize>, Vec<usize>) =
        texts.into_iter().partition(|at| is_all(cells, *at, |cell| are_several(cell, decimal)));
    let Series { labels, groups, why } = series(cells, time, &times_ms, &texts)?;
    let names = |places: &[usize]| places.iter().map(|at| cells.header[*at].as_str()).collect::<Vec<&str>>();
    texts.retain(|at| !labels.contains(at));
    notes.extend(notes_on_texts(cells, several, &texts, decimal));
    let numbers: Vec<String> = remarks.iter().map(|at| format!("column {}", at + 1)).collect();
    notes.extend(note("of text without a name left out", &numbers));
    notes.extend(note(&format!("of text made labels, {why}"), &names(&labels)));
    notes.extend(note("of no series left out", &names(&beside)));
    if !units.is_empty() {
        notes.push(format!("units in cells brought to base units: {}", list(&units)));
    }
    if labels.is_empty() {
        return Ok(vec![Grid { times_ms, windows: None, columns }]);
    }
    let part = |(texts, rows): (Vec<&str>, Vec<usize>)| {
        let labels: Vec<(&str, &str)> = names(&labels).into_iter().zip(texts).collect();
        part(&times_ms, &columns, &rows, &labels)
    };
    Ok(groups.into_iter().map(part).collect())
}

fn note(what: &str, names: &[impl AsRef<str>]) -> Option<String> {
    (!names.is_empty()).then(|| format!("{} {what}: {}", count(names.len(), "column"), list(names)))
}

/// The columns beside the times with a name, and those without one that hold remarks. Others hold nothing, as behind delimiters
/// at the end of lines, or stand before the times, as an index does that pandas writes; numbers would have no series.
fn named(cells: &Cells, time: usize, decimal: char) -> Result<(Vec<usize>, Vec<usize>), Error> {
    let (named, mut nameless): (Vec<usize>, Vec<usize>) =
        (0..cells.header.len()).filter(|at| *at != time).partition(|at| !cells.header[*at].is_empty());
    nameless.retain(|at| *at > time && cells.column(*at).any(|(_, cell)| parse_cell(cell, decimal) != Cell::Missing));
    for at in &nameless {
        let is_number = |cell: &str| matches!(parse_cell(cell, decimal), Cell::Number(..));
        if let Some((line, cell)) = cells.column(*at).find(|(_, cell)| is_number(cell)) {
            return Err(Error::failed(format!("line {line}: {}", grid::nameless(at + 1, cell))));
        }
    }
    Ok((named, nameless))
}

/// True for a column whose every value is of a kind.
fn is_all(cells: &Cells, at: usize, is: impl Fn(&str) -> bool) -> bool {
    cells.column(at).all(|(_, cell)| parse_cell(cell, '.') == Cell::Missing || is(cell))
}

/// What is said of columns that are neither series nor labels: a value of those that hold numbers shows why they are not read.
fn notes_on_texts(cells: &Cells, mut several: Vec<usize>, texts: &[usize], decimal: char) -> Vec<String> {
    let (strange, texts): (Vec<usize>, Vec<usize>) =
        texts.iter().partition(|at| is_all(cells, **at, |cell| has_strange_unit(cell, decimal)));
    several.extend(strange);
    let with_a_cell = |at: usize| {
        let first = cells.column(at).map(|(_, cell)| cell).find(|cell| parse_cell(cell, '.') != Cell::Missing);
        format!("{} ({})", cells.header[at], quote(first.unwrap_or_default()))
    };
    let numbers: Vec<String> = several.into_iter().map(with_a_cell).collect();
    let texts: Vec<&String> = texts.iter().map(|at| &cells.header[*at]).collect();
    note("of numbers that cannot be read left out", &numbers)
        .into_iter()
        .chain(note("of text left out", &texts))
        .collect()
}

/// True for a column of times beside that of the rows, and for what numbers tables and bounds them in InfluxDB's.
fn is_beside(cells: &Cells, time: usize, at: usize) -> bool {
    const INFLUX: [&str; 4] = ["result", "table", "_start", "_stop"];
    let name = cells.header[at].as_str();
    let of_influx = cells.header[time] == "_time" && cells.header.iter().any(|own| own == "table");
    let is_time = place(name) == Some(0) && cells.column(at).all(|(_, cell)| cell.is_empty() || is_recent(cell));
    is_time || of_influx && INFLUX.contains(&name)
}

/// Some rows as series with these labels; a column that has no value in them is none of theirs.
fn part(times_ms: &[i64], columns: &[Column], rows: &[usize], labels: &[(&str, &str)]) -> Grid {
    let of = |column: &Column| Column {
        name: labelled(&column.name, labels.iter().copied()),
        values: rows.iter().map(|row| column.values[*row]).collect(),
    };
    let mut columns: Vec<Column> = columns.iter().map(of).collect();
    columns.retain(|column| column.values.iter().any(|value| !value.is_nan()));
    Grid { times_ms: rows.iter().map(|row| times_ms[*row]).collect(), windows: None, columns }
}

/// The column of times: the one that is named, else the first with a usual name that holds times.
fn time_column(cells: &Cells, dialect: &Dialect) -> Result<usize, Error> {
    if let Some(name) = &dialect.time {
        return cells.position(name).map_err(|e| Error::failed(format!("--time: {e}")));
    }
    let holds_times = |at: &usize| cells.rows.first().is_none_or(|row| is_time(&row.cells[*at]));
    // The row numbers of a pandas index look like times soon after 1970: the surest name comes first.
    let known = (0..cells.header.len()).filter(holds_times).filter_map(|at| Some((place(&cells.header[at])?, at)));
    // A column that is called so, but cannot be read, is named by its cell.
    let called = || cells.header.iter().position(|name| place(name) == Some(0));
    let found = known.min().map(|(_, at)| at).or_else(called);
    found.ok_or_else(|| no_times(cells))
}

/// What is said where no column is called as one of times is: which may be meant, or that there is no header.
fn no_times(cells: &Cells) -> Error {
    let first: Vec<&str> = cells.header.iter().take(4).map(String::as_str).collect();
    let shown = quote(&first.join(", ").chars().take(60).collect::<String>());
    if cells.header.iter().any(|name| is_recent(name)) {
        let what = "no header, expected the names of the columns (of a long table their numbers: --long 2,1,3)";
        return Error::failed(format!("line 1: {what}: {shown}"));
    }
    let row = cells.rows.first().map(|row| row.cells.as_slice()).unwrap_or_default();
    let near = row.iter().position(|cell| is_recent(cell)).map(|at| format!(", perhaps {}", quote(&cells.header[at])));
    let what = "no column of times (time, timestamp, ts, _time, datetime, date …), name it with --time";
    Error::failed(format!("line 1: {what}{}: {shown}", near.unwrap_or_default()))
}

/// The zone of times without one, and a word on it where it was assumed.
pub(super) fn zone<'a>(
    mut cells: impl Iterator<Item = &'a str>,
    dialect: &Dialect,
    notes: &mut Vec<String>,
) -> TimeZone {
    if dialect.zone.is_none() && cells.next().is_some_and(has_no_zone) {
        notes.push(IN_UTC.to_string());
    }
    dialect.zone.clone().unwrap_or(TimeZone::UTC)
}

fn decimal(cells: &Cells, time: usize, dialect: &Dialect) -> Result<char, Error> {
    if let Some(decimal) = dialect.decimal {
        return Ok(decimal);
    }
    decimal_of((0..cells.header.len()).filter(|at| *at != time).flat_map(|at| cells.places(at)))
}

/// The values of a column and their unit; none for a column without any number but with text.
type Read = Option<(Vec<f64>, Option<&'static str>)>;

fn read_column(cells: &Cells, at: usize, decimal: char, may_be_flags: bool) -> Result<Read, Error> {
    let (mut values, mut unit, mut text) = (Vec::with_capacity(cells.rows.len()), OneUnit::default(), None);
    let mut numbers = 0;
    let refused = |(line, cell): (u64, &str), what: &str, wanted: &str| {
        let (name, cell) = (&cells.header[at], cell.chars().take(60).collect::<String>());
        Error::failed(format!("line {line}: column \"{name}\": {what}: \"{cell}\", expected {wanted}"))
    };
    for (line, cell) in cells.column(at) {
        let refused = |what: &str, wanted: &str| refused((line, cell), what, wanted);
        values.push(match parse_cell(cell, decimal) {
            Cell::Missing => f64::NAN,
            Cell::Number(number, own) => {
                unit.add((line, cell), number, own).map_err(|what| refused(&what, "one unit, or none"))?;
                numbers += 1;
                number
            }
            Cell::Text => {
                let wanted = "one or an empty cell (long tables: grid-build --long)";
                text = text.or_else(|| Some(refused("not a number", wanted)));
                f64::NAN
            }
        });
    }
    match text {
        Some(_) if numbers == 0 => {
            let flags = || cells.column(at).map(|(_, cell)| parse_flag(cell)).collect::<Option<Vec<f64>>>();
            Ok(may_be_flags.then(flags).flatten().map(|flags| (flags, None)))
        }
        Some(error) => Err(error),
        None => match unit.of(&cells.header[at]) {
            Ok(unit) => Ok(Some((values, unit))),
            Err(((line, cell), what)) => Err(refused((line, cell), what, "another unit")),
        },
    }
}
