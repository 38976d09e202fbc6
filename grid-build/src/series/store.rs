//! The series that have been read: their names, and their samples with shared clocks.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasher;
use std::sync::Arc;

use grid::{Error, Grid, Name};
use hashbrown::HashTable;
use rayon::prelude::*;

use super::labels::normalise_name;
use super::metadata::Metadata;
use super::overlap::Overlap;
use super::ports::names_without_ports;
use super::samples::{Tidied, tidy};
use crate::counters::{Kind, metric_of};
use crate::lines::Element;

/// The times of samples. Series of one target have the same, and share them.
pub(crate) type Clock = Arc<Vec<i64>>;

/// Some samples of a series.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) clock: Clock,
    pub(crate) values: Vec<f64>,
}

/// A series with the samples of its first line, and of all once they are joined.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) name: Box<str>,
    pub(crate) kind: Option<Kind>,
    /// True when its values are increases now, to be added up over series.
    pub(crate) adds: bool,
    pub(crate) run: Run,
}

/// What was read, and what is to be said about it.
#[derive(Debug, Default)]
pub struct Store {
    pub(crate) series: Vec<Series>,
    /// Where a series stands, by the hash of its name.
    index: HashTable<u32>,
    hasher: RandomState,
    /// The samples of further lines, by the place of their series.
    more: BTreeMap<u32, Vec<Run>>,
    clocks: HashMap<u64, Vec<Clock>>,
    /// Samples that are null, stale markers, or not finite.
    pub(crate) missing: usize,
    pub(crate) tidied: Tidied,
    pub(crate) metadata: Metadata,
    /// Series that hold native histograms and no values.
    pub(crate) native: Vec<String>,
    /// Series that hold values besides them, whose histograms are passed over.
    pub(crate) half_native: Vec<String>,
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
            self.metadata.add(metric_of(&name).into_owned(), unit, help);
        }
        if native && values.is_empty() {
            self.native.push(name);
            return None;
        }
        if native {
            self.half_native.push(name.clone());
        }
        self.missing += missing;
        self.tidied += tidied;
        let clock = clock.unwrap_or_else(|| self.share(&times_ms));
        let run = Run { clock: clock.clone(), values };
        let at = self.place(&name);
        match self.series.get_mut(at as usize) {
            Some(series) => {
                series.kind = series.kind.max(kind);
                self.more.entry(at).or_default().push(run);
            }
            None => self.series.push(Series { name: name.into(), kind, adds: false, run }),
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
    fn place(&mut self, name: &str) -> u32 {
        let (series, hasher) = (&self.series, &self.hasher);
        let of = |at: &u32| &*series[*at as usize].name;
        let entry = self.index.entry(hasher.hash_one(name), |at| of(at) == name, |at| hasher.hash_one(of(at)));
        *entry.or_insert(series.len() as u32).get()
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

    /// Refuses series with native histograms when `strict`.
    pub fn check_native(&self, strict: bool) -> Result<(), Error> {
        match self.native.iter().chain(&self.half_native).min() {
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
        let clock: Clock = times_ms.to_vec().into();
        known.push(clock.clone());
        clock
    }

    /// Drops the ports of schemes from instances, where no two become one.
    fn drop_ports(&mut self) {
        let mut names = names_without_ports(&self.series);
        if names.is_empty() {
            return;
        }
        let (series, mut more) = (std::mem::take(&mut self.series), std::mem::take(&mut self.more));
        self.index.clear();
        for (at, mut one) in series.into_iter().enumerate() {
            one.name = names.remove(&at).unwrap_or(one.name);
            let place = self.place(&one.name);
            let mut runs = more.remove(&(at as u32)).unwrap_or_default();
            match self.series.get_mut(place as usize) {
                Some(same) => {
                    same.kind = same.kind.max(one.kind);
                    runs.push(one.run);
                }
                None => self.series.push(one),
            }
            if !runs.is_empty() {
                self.more.entry(place).or_default().append(&mut runs);
            }
        }
    }

    /// Joins the runs of every series, sorts the series by name and forgets the index. Refused where runs hold different things.
    pub(crate) fn join(&mut self) -> Result<(), Error> {
        self.drop_ports();
        self.index = HashTable::new();
        let mut more = std::mem::take(&mut self.more);
        let mut overlap = Overlap::default();
        while !more.is_empty() {
            // Some at a time: each has times of its own until they are shared.
            let some: Vec<(u32, Vec<Run>)> = std::iter::from_fn(|| more.pop_first()).take(TOGETHER).collect();
            let first = |at: u32| &self.series[at as usize].run;
            let joined: Vec<_> = some.into_par_iter().map(|(at, runs)| (at, join_runs(first(at), &runs))).collect();
            for (at, (times_ms, values, tidied)) in joined {
                self.tidied += tidied;
                overlap.add(&self.series[at as usize].name, tidied);
                self.series[at as usize].run = Run { clock: self.share(&times_ms), values };
            }
        }
        self.clocks = HashMap::new();
        self.series.par_sort_unstable_by(|a, b| a.name.cmp(&b.name));
        overlap.check()
    }
}

/// How many series of several lines are joined at once.
const TOGETHER: usize = 1 << 12;

fn join_runs(first: &Run, more: &[Run]) -> (Vec<i64>, Vec<f64>, Tidied) {
    let mut runs: Vec<&Run> = more.iter().chain([first]).collect();
    runs.sort_by_key(|run| run.clock.first().copied());
    let mut times_ms: Vec<i64> = runs.iter().flat_map(|run| run.clock.iter().copied()).collect();
    let mut values: Vec<f64> = runs.iter().flat_map(|run| run.values.iter().copied()).collect();
    let tidied = tidy(&mut times_ms, &mut values);
    // Runs that overlap are put in order, but no input was out of order for that.
    (times_ms, values, Tidied { unsorted: 0, ..tidied })
}
