//! Rows of one time, which columns of text tell apart: each text is a label of the series.

use std::collections::{BTreeMap, HashSet};

use grid::{Error, Name};

use super::cells::Cells;
use crate::series::{normalise_label, normalise_name};

/// The texts that a series has in the columns of text, and the rows that it has them in.
pub(super) type Groups<'a> = BTreeMap<Vec<&'a str>, Vec<usize>>;

/// All rows as one group without texts where each has a time of its own, else the rows of each series. Refused where the
/// texts leave two rows of one time, or are seldom the same twice, as messages are.
pub(super) fn groups<'a>(
    cells: &'a Cells,
    time: usize,
    times_ms: &[i64],
    texts: &[usize],
) -> Result<Groups<'a>, Error> {
    let Some(twin) = twin(times_ms.iter()) else {
        return Ok(BTreeMap::from([(Vec::new(), (0..times_ms.len()).collect())]));
    };
    let mut groups = Groups::new();
    for (at, row) in cells.rows.iter().enumerate() {
        groups.entry(texts.iter().map(|text| row.cells[*text].as_str()).collect()).or_default().push(at);
    }
    let is_series = |rows: &Vec<usize>| twin_of(rows, times_ms).is_none();
    if 2 * groups.len() <= cells.rows.len() && groups.values().all(is_series) {
        return Ok(groups);
    }
    let left = groups.values().find_map(|rows| twin_of(rows, times_ms)).unwrap_or(twin);
    let (row, name) = (&cells.rows[left], &cells.header[time]);
    let what = "two rows have one time, expected one, or texts that tell series apart";
    let out = "long tables: grid-build --long time,metric,value[,label…]";
    Err(Error::failed(format!("line {}: column \"{name}\": {what}: \"{}\" ({out})", row.line, row.cells[time])))
}

/// The first row that has the time of one before it.
fn twin<'t>(mut times_ms: impl Iterator<Item = &'t i64>) -> Option<usize> {
    let mut seen = HashSet::new();
    times_ms.position(|time| !seen.insert(*time))
}

fn twin_of(rows: &[usize], times_ms: &[i64]) -> Option<usize> {
    twin(rows.iter().map(|row| &times_ms[*row])).map(|at| rows[at])
}

/// A name or selector with labels besides, of which those without a value are left out.
pub(super) fn labelled<'a>(name: &str, labels: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut name = Name::parse(name);
    for (label, value) in labels.filter(|(_, value)| !value.is_empty()) {
        name.labels.push((label.to_string(), normalise_label(label, value.to_string())));
    }
    normalise_name(&Name::new(name.name, name.labels).to_string())
}
