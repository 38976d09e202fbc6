//! Which columns the grid has, and in which order.

use std::collections::{HashMap, HashSet};

use grid::{Column, Error, Grid};

use crate::labels::rename;

/// What is done with the columns at the end.
#[derive(Debug, Default)]
pub struct Shape<'a> {
    /// The very same columns in the same order as in this grid.
    pub like: Option<&'a Grid>,
    /// Leave out columns without any value.
    pub drop_empty: bool,
    /// Leave out columns that have one value throughout, here and in `like`.
    pub drop_constant: bool,
    /// New names, with `{label}` for labels.
    pub template: Option<&'a str>,
}

/// Brings the columns into their final shape; returns what is to be said about it.
pub fn shape(grid: &mut Grid, shape: &Shape<'_>) -> Result<Vec<String>, Error> {
    let mut notes = Vec::new();
    if let Some(template) = shape.template {
        let headers: Vec<String> = grid.columns.iter().map(|c| c.name.clone()).collect();
        for (column, name) in grid.columns.iter_mut().zip(rename(&headers, template)?) {
            column.name = name;
        }
        grid.columns.sort_by(|a, b| a.name.cmp(&b.name));
    }
    if let Some(reference) = shape.like {
        follow(grid, reference, &mut notes);
    }
    if shape.drop_empty {
        remove(grid, "without a value", &mut notes, |c| c.values.iter().all(|v| v.is_nan()));
    }
    if shape.drop_constant {
        let steady: Option<HashSet<&str>> = shape
            .like
            .map(|like| like.columns.iter().filter(|c| is_constant(&c.values)).map(|c| c.name.as_str()).collect());
        let steady_too = |name: &str| steady.as_ref().is_none_or(|s| s.contains(name));
        remove(grid, "constant", &mut notes, |c| is_constant(&c.values) && steady_too(&c.name));
    }
    Ok(notes)
}

/// True when all values that are there are the same, and there is one.
fn is_constant(values: &[f64]) -> bool {
    let mut known = values.iter().filter(|v| !v.is_nan());
    known.next().is_some_and(|first| known.all(|v| v == first))
}

fn remove(grid: &mut Grid, what: &str, notes: &mut Vec<String>, gone: impl Fn(&Column) -> bool) {
    let before = grid.columns.len();
    grid.columns.retain(|column| !gone(column));
    let dropped = before - grid.columns.len();
    if dropped > 0 {
        notes.push(format!("{} {what}: left out", count(dropped, "column")));
    }
}

fn follow(grid: &mut Grid, reference: &Grid, notes: &mut Vec<String>) {
    let rows = grid.rows();
    let mut own: HashMap<String, Column> = grid.columns.drain(..).map(|c| (c.name.clone(), c)).collect();
    let mut missing = Vec::new();
    for wanted in &reference.columns {
        grid.columns.push(own.remove(&wanted.name).unwrap_or_else(|| {
            missing.push(wanted.name.clone());
            Column { name: wanted.name.clone(), values: vec![f64::NAN; rows] }
        }));
    }
    let mut extra: Vec<String> = own.into_keys().collect();
    extra.sort();
    if !missing.is_empty() {
        notes.push(format!(
            "{} of --like not in the data, empty here: {}",
            count(missing.len(), "column"),
            list(&missing)
        ));
    }
    if !extra.is_empty() {
        notes.push(format!("{} not in --like, left out: {}", count(extra.len(), "column"), list(&extra)));
    }
}

/// `1 column`, `2 columns`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 || noun == "series" { "" } else { "s" })
}

/// The first few names.
pub(crate) fn list(names: &[String]) -> String {
    let first: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
    let more = names.len() - first.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(columns: &[(&str, [f64; 2])]) -> Grid {
        let columns = columns.iter().map(|(name, v)| Column { name: (*name).into(), values: v.to_vec() });
        Grid { times_ms: vec![0, 1000], windows: None, columns: columns.collect() }
    }

    fn names(grid: &Grid) -> Vec<&str> {
        grid.columns.iter().map(|c| c.name.as_str()).collect()
    }

    #[test]
    fn like_gives_the_same_columns_in_the_same_order() {
        let reference = grid(&[("c", [0.0; 2]), ("a", [0.0; 2])]);
        let mut own = grid(&[("a", [1.0, 2.0]), ("b", [3.0, 4.0])]);
        let notes = shape(&mut own, &Shape { like: Some(&reference), ..Shape::default() }).unwrap();
        assert_eq!(names(&own), ["c", "a"]);
        assert!(own.columns[0].values.iter().all(|v| v.is_nan()));
        assert_eq!(notes, ["1 column of --like not in the data, empty here: c", "1 column not in --like, left out: b"]);
    }

    #[test]
    fn constant_columns_stay_when_they_vary_in_the_reference() {
        let data = [("a", [1.0, 1.0]), ("b", [1.0, f64::NAN]), ("c", [1.0, 2.0]), ("d", [f64::NAN; 2])];
        let mut own = grid(&data);
        let wish = Shape { drop_constant: true, drop_empty: true, ..Shape::default() };
        shape(&mut own, &wish).unwrap();
        assert_eq!(names(&own), ["c"]);
        let reference = grid(&[("a", [1.0, 3.0]), ("b", [2.0, 2.0])]);
        let mut own = grid(&data);
        shape(&mut own, &Shape { like: Some(&reference), ..wish }).unwrap();
        assert_eq!(names(&own), ["a"]);
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..7).map(|i| i.to_string()).collect();
        assert_eq!(list(&names), "0, 1, 2, 3, 4 and 2 more");
    }
}
