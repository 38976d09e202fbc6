//! All series of both grids, on one clock.

use std::collections::HashMap;

use grid::Grid;
use names::Outcome;
use report::words::unit;
use report::{Clock, Series};

use super::naming::Naming;

/// Series found by their header.
pub(crate) struct Store {
    /// The phases.
    pub(crate) clock: Clock,
    /// When the rows of each phase were recorded.
    pub(crate) times_ms: Vec<Vec<i64>>,
    /// The series.
    pub(crate) series: Vec<Series>,
    found: HashMap<String, usize>,
}

impl Store {
    /// Takes the columns of the overload, each with that of the steady state; `names` are those of the phases.
    pub(crate) fn new(steady: Option<Grid>, overload: Grid, names: [String; 2]) -> Self {
        let mut phases = Vec::new();
        let mut times_ms = Vec::new();
        let grids = [steady.as_ref(), Some(&overload)];
        for (grid, name) in grids.into_iter().zip(names).filter_map(|(grid, name)| Some((grid?, name))) {
            let (first, last) = (grid.times_ms.first().copied(), grid.times_ms.last().copied());
            phases.push((name, first.unwrap_or(0), last.unwrap_or(0)));
            times_ms.push(grid.times_ms.clone());
        }
        let has_steady = steady.is_some();
        let before = steady.map(|grid| grid.columns).unwrap_or_default();
        let mut before: HashMap<String, Vec<f64>> =
            before.into_iter().map(|column| (column.name, column.values)).collect();
        let mut series = Vec::with_capacity(overload.columns.len());
        let mut found = HashMap::with_capacity(overload.columns.len());
        for column in overload.columns {
            let steady = has_steady.then(|| before.remove(&column.name).unwrap_or_default());
            found.insert(column.name.clone(), series.len());
            let values = steady.into_iter().chain([column.values]).collect();
            let unit = unit(&column.name);
            series.push(Series { name: column.name, unit, values });
        }
        Store { clock: Clock::new(&phases), times_ms, series, found }
    }

    /// The place of a series.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.found.get(name).copied()
    }

    /// The first series of that meaning.
    pub(crate) fn outcome(&self, naming: &Naming, outcome: Outcome) -> Option<usize> {
        self.names().find(|(_, name)| naming.outcome(name) == Some(outcome)).map(|(series, _)| series)
    }

    /// All series with their places.
    pub(crate) fn names(&self) -> impl Iterator<Item = (usize, &str)> {
        self.series.iter().enumerate().map(|(at, series)| (at, series.name.as_str()))
    }

    /// The values of a series in each phase.
    pub(crate) fn values(&self, series: usize) -> impl Iterator<Item = &[f64]> {
        self.series.get(series).into_iter().flat_map(|series| series.values.iter().map(Vec::as_slice))
    }

    /// The unit of a series.
    pub(crate) fn unit(&self, series: usize) -> &'static str {
        self.series.get(series).map_or("", |series| series.unit)
    }

    /// The values of the steady state; nothing without one.
    pub(crate) fn steady(&self, series: usize) -> &[f64] {
        match self.series.get(series) {
            Some(series) if series.values.len() == 2 => &series.values[0],
            _ => &[],
        }
    }

    /// Adds the sum of some series, missing where all are.
    pub(crate) fn sum(&mut self, parts: &[usize]) -> usize {
        let phases = self.times_ms.iter().map(Vec::len).enumerate();
        let values = phases.map(|(phase, rows)| {
            let at = |row: usize| {
                let there = parts.iter().filter_map(|part| self.series[*part].values.get(phase)?.get(row).copied());
                let there: Vec<f64> = there.filter(|value| value.is_finite()).collect();
                if there.is_empty() { f64::NAN } else { there.iter().sum() }
            };
            (0..rows).map(at).collect()
        });
        let series = Series { name: String::new(), unit: "", values: values.collect() };
        self.series.push(series);
        self.series.len() - 1
    }
}
