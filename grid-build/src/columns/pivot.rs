//! The literal two-dimensional grid: `__name__` down, `instance` across, one number per cell.

use std::collections::{BTreeMap, BTreeSet};

use grid::{Cell, Grid, Name, Table};
use stats::{quantile, sorted};

/// The number that stands for a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Pivot {
    /// The mean of its values
    Mean,
    /// The largest of its values
    Max,
    /// The 95th percentile, interpolated linearly
    P95,
    /// The last value that is there
    Last,
}

/// One row per metric name, one column per instance; an empty cell where there is no such series or it has
/// no value. The grid has been aggregated by instance, so that a cell is one series; a further
/// label that was kept (`quantile`, `le`) stays in the name. Series of no instance stand under `-`.
pub fn pivot(grid: &Grid, how: Pivot) -> Table {
    let mut cells: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    let mut instances: BTreeSet<String> = BTreeSet::new();
    for column in &grid.columns {
        let mut name = Name::parse(&column.name);
        let instance = name.label("instance").unwrap_or("-").to_string();
        name.labels.retain(|(label, _)| label != "instance");
        instances.insert(instance.clone());
        cells.entry(name.to_string()).or_default().insert(instance, reduce(&column.values, how));
    }
    let header: Vec<&str> = std::iter::once("__name__").chain(instances.iter().map(String::as_str)).collect();
    let mut table = Table::new(&header);
    for (name, row) in cells {
        let numbers = instances.iter().map(|i| Cell::from(row.get(i).copied()));
        table.push(std::iter::once(Cell::from(name)).chain(numbers).collect());
    }
    table
}

/// One number for a column, from the values that are there; NaN without any.
pub fn reduce(values: &[f64], how: Pivot) -> f64 {
    let known: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    let Some(&last) = known.last() else { return f64::NAN };
    match how {
        Pivot::Mean => known.iter().sum::<f64>() / known.len() as f64,
        Pivot::Max => known.into_iter().fold(f64::NEG_INFINITY, f64::max),
        Pivot::Last => last,
        Pivot::P95 => quantile(&sorted(&known), 0.95).unwrap_or(f64::NAN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use grid::Column;

    #[test]
    fn names_go_down_and_instances_across() {
        let column = |name: &str, v: f64| Column { name: name.into(), values: vec![v, f64::NAN, v + 2.0] };
        let columns = vec![column("a{instance=\"x\"}", 1.0), column("a{instance=\"y\"}", 5.0), column("b", 0.0)];
        let grid = Grid { times_ms: vec![0, 1, 2], windows: None, columns };
        let table = pivot(&grid, Pivot::Mean);
        assert_eq!(table.header, ["__name__", "-", "x", "y"]);
        assert_eq!(table.rows[0], [Cell::from("a"), Cell::Empty, Cell::from(2.0), Cell::from(6.0)]);
        assert_eq!(table.rows[1], [Cell::from("b"), Cell::from(1.0), Cell::Empty, Cell::Empty]);
    }

    #[test]
    fn gaps_do_not_count() {
        let values = [f64::NAN, 4.0, 1.0, f64::NAN];
        let all = [Pivot::Mean, Pivot::Max, Pivot::P95, Pivot::Last].map(|how| reduce(&values, how));
        assert_eq!(all, [2.5, 4.0, 1.0 + 3.0 * 0.95, 1.0]);
        assert!(reduce(&[f64::NAN], Pivot::Max).is_nan());
    }
}
