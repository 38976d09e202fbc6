//! The series that have been read: their names, and their samples with shared clocks.

use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;
use std::sync::Arc;

use grid::{Error, Grid, Name};
use rayon::prelude::*;

use super::labels::normalise_name;
use super::metadata::Metadata;
use super::samples::{Tidied, tidy};
use crate::counters::{Kind, metric_of};
use crate::lines::Element;

/// The times of samples. Series of one target have the same, and share them.
pub(crate) type Clock = Arc<[i64]>;

/// Some samples of a series.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) clock: Clock,
    pub(crate) values: Vec<f64>,
}

/// A series with all its samples, in as many runs as there were lines.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) name: Box<str>,
    pub(crate) kind: Option<Kind>,
    pub(crate) run: Run,
    pub(crate) more: Vec<Run>,
}

/// What was read, and what is to be said about it.
#[derive(Debug, Default)]
pub struct Store {
    pub(crate) series: Vec<Series>,
    /// Where a series stands, by the hash of its name, or by the next number where another has that.
    index: HashMap<u64, usize>,
    clocks: HashMap<u64, Vec<Clock>>,
    /// Samples that are null, stale markers, or not finite.
    pub(crate) missing: usize,
    pub(crate) tidied: Tidied,
    pub(crate) metadata: Metadata,
    /// Series that hold native histograms and no values.
    pub(crate) native: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

impl Store {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many series there are.
    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// True when nothing was read.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// Adds what one line or matrix element brought; returns its clock, if its times were in order.
    pub(crate) fn add(&mut self, element: Element) -> Option<Clock> {
        let Element { name, kind, unit, help, times_ms, clock, values, missing, native, tidied, .. } = element;
        let name = name.unwrap_or_default();
        if unit.is_some() || help.is_some() {
            self.metadata.add(metric_of(&name), unit, help);
        }
        if native && values.is_empty() {
            self.native.push(name);
            return None;
        }
        self.missing += missing;
        self.tidied += tidied;
        let clock = clock.unwrap_or_else(|| self.share(&times_ms));
        let run = Run { clock: clock.clone(), values };
        let at = self.place(&name);
        match self.series.get_mut(at) {
            Some(series) => {
                series.kind = series.kind.max(kind);
                series.more.push(run);
            }
            None => self.series.push(Series { name: name.into(), kind, run, more: Vec::new() }),
        }
        (tidied == Tidied::default()).then_some(clock)
    }

    /// Adds the columns of a grid as series whose values are what they are.
    pub fn add_grid(&mut self, grid: Grid) -> Result<(), Error> {
        if grid.windows.is_some() {
            return Err(Error::failed("the grid is cut into windows, expected one without the column \"window\""));
        }
        for column in grid.columns {
            let element = Element {
                name: Some(normalise_name(&column.name)),
                kind: Some(Kind::Column),
                times_ms: grid.times_ms.clone(),
                values: column.values,
                ..Element::default()
            };
            self.add(if grid.times_ms.is_sorted_by(|a, b| a < b) { element } else { element.tidied() });
        }
        Ok(())
    }

    /// Adds samples of a series in any order; its name is canonical.
    pub(crate) fn add_samples(&mut self, name: String, kind: Option<Kind>, times_ms: Vec<i64>, values: Vec<f64>) {
        let missing = values.iter().filter(|v| v.is_nan()).count();
        self.add(Element { name: Some(name), kind, times_ms, values, missing, ..Element::default() }.tidied());
    }

    /// Where the series of this name stands, or will stand as the next one.
    fn place(&mut self, name: &str) -> usize {
        let mut key = self.index.hasher().hash_one(name);
        loop {
            let at = *self.index.entry(key).or_insert(self.series.len());
            if self.series.get(at).is_none_or(|series| *series.name == *name) {
                return at;
            }
            key = key.wrapping_add(1);
        }
    }

    /// The labels of all series, sorted.
    pub fn labels(&self) -> Vec<String> {
        let names = self.series.par_iter().map(|one| Name::parse(&one.name));
        let with = |mut labels: BTreeSet<String>, name: Name| {
            labels.extend(name.labels.into_iter().map(|(label, _)| label));
            labels
        };
        let labels = names.fold(BTreeSet::new, with).reduce(BTreeSet::new, |a, b| &a | &b);
        labels.into_iter().collect()
    }

    /// Refuses series with native histograms only when `strict`.
    pub fn check_native(&self, strict: bool) -> Result<(), Error> {
        match self.native.first() {
            Some(name) if strict => Err(Error::failed(format!("native histograms cannot be read: \"{name}\""))),
            _ => Ok(()),
        }
    }

    pub(crate) fn warn(&mut self, warnings: Vec<String>) {
        self.warnings.extend(warnings);
    }

    /// One copy of equal clocks.
    fn share(&mut self, times_ms: &[i64]) -> Clock {
        let digest = times_ms.iter().fold(times_ms.len() as u64, |digest, &time| {
            (digest ^ time as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
        });
        let known = self.clocks.entry(digest).or_default();
        if let Some(clock) = known.iter().find(|clock| ***clock == *times_ms) {
            return clock.clone();
        }
        let clock: Clock = times_ms.into();
        known.push(clock.clone());
        clock
    }

    /// Joins the runs of every series, sorts the series by name and forgets the index.
    pub(crate) fn join(&mut self) {
        self.index = HashMap::new();
        let joined: Vec<Option<(Vec<i64>, Tidied)>> = self.series.par_iter_mut().map(join_runs).collect();
        for (at, joined) in joined.into_iter().enumerate() {
            let Some((times_ms, tidied)) = joined else { continue };
            self.tidied += tidied;
            self.series[at].run.clock = self.share(&times_ms);
        }
        self.clocks = HashMap::new();
        self.series.par_sort_unstable_by(|a, b| a.name.cmp(&b.name));
    }
}

fn join_runs(series: &mut Series) -> Option<(Vec<i64>, Tidied)> {
    if series.more.is_empty() {
        return None;
    }
    let mut runs = std::mem::take(&mut series.more);
    runs.push(Run { clock: series.run.clock.clone(), values: std::mem::take(&mut series.run.values) });
    runs.sort_by_key(|run| run.clock.first().copied());
    let mut times_ms: Vec<i64> = runs.iter().flat_map(|run| run.clock.iter().copied()).collect();
    let mut values: Vec<f64> = runs.into_iter().flat_map(|run| run.values).collect();
    let tidied = tidy(&mut times_ms, &mut values);
    series.run.values = values;
    // Runs that overlap are put in order, but no input was out of order for that.
    Some((times_ms, Tidied { unsorted: 0, ..tidied }))
}
