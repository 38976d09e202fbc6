//! Which columns the grid has, and in which order.

use std::collections::HashSet;

use grid::{Column, Error, Grid};

use crate::notes::{count, list};
use crate::series::rename;

/// What is done with the columns at the end.
#[derive(Debug, Default)]
pub struct Shape<'a> {
    /// The columns of this grid in its order, then those that it does not have.
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
    let mut own = std::mem::take(&mut grid.columns);
    if !own.is_sorted_by(|a, b| a.name <= b.name) {
        own.sort_by(|a, b| a.name.cmp(&b.name));
    }
    let place = |wanted: &Column| own.binary_search_by(|column| column.name.cmp(&wanted.name)).ok();
    let places: Vec<Option<usize>> = reference.columns.iter().map(place).collect();
    let mut new: Vec<Option<Column>> = own.into_iter().map(Some).collect();
    let mut missing = Vec::new();
    grid.columns.reserve_exact(new.len().max(places.len()));
    for (wanted, place) in reference.columns.iter().zip(places) {
        grid.columns.push(place.and_then(|at| new[at].take()).unwrap_or_else(|| {
            missing.push(wanted.name.clone());
            Column { name: wanted.name.clone(), values: vec![f64::NAN; rows] }
        }));
    }
    let new: Vec<Column> = new.into_iter().flatten().collect();
    let names: Vec<&str> = new.iter().map(|column| column.name.as_str()).collect();
    if !missing.is_empty() {
        let what = "of --like not in the data, empty here";
        notes.push(format!("{} {what}: {}", count(missing.len(), "column"), list(&missing)));
    }
    if !names.is_empty() {
        notes.push(format!("{} not in --like, put after its own: {}", count(names.len(), "column"), list(&names)));
    }
    grid.columns.extend(new);
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
    fn like_gives_its_columns_in_its_order_then_those_that_are_new() {
        let reference = grid(&[("c", [0.0; 2]), ("a", [0.0; 2])]);
        let mut own = grid(&[("a", [1.0, 2.0]), ("b", [3.0, 4.0])]);
        let notes = shape(&mut own, &Shape { like: Some(&reference), ..Shape::default() }).unwrap();
        assert_eq!(names(&own), ["c", "a", "b"]);
        assert!(own.columns[0].values.iter().all(|v| v.is_nan()));
        let new = "1 column not in --like, put after its own: b";
        assert_eq!(notes, ["1 column of --like not in the data, empty here: c", new]);
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
        assert_eq!(names(&own), ["a", "c"]);
    }
}
