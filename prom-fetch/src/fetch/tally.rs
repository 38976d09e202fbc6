//! What has been fetched, in numbers.

use std::collections::{BTreeMap, BTreeSet};

use crate::reply::Series;
use crate::server::types::Types;

/// What has been fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pieces done, and pieces known of.
    pub pieces: (i64, i64),
    /// Lines and samples in them.
    pub share: Share,
    /// The lines of each query.
    pub lines: Vec<usize>,
}

/// What some lines hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Lines.
    pub lines: usize,
    /// Samples.
    pub samples: usize,
    /// Infinite samples, written as `null`.
    pub infinite: usize,
    /// Names of series with native histograms, which were passed over.
    pub histograms: BTreeSet<String>,
    /// Names of metrics whose type could be known, and whether it is.
    pub names: BTreeMap<String, bool>,
    last: String,
}

impl Share {
    /// How many metrics have a type, and how many could have one.
    pub fn typed(&self) -> (usize, usize) {
        (self.names.values().filter(|&&typed| typed).count(), self.names.len())
    }

    pub(crate) fn count(&mut self, series: &Series, types: Option<&Types>) {
        self.lines += 1;
        self.samples += series.points.count();
        self.infinite += series.points.infinite();
        let (Some(types), name) = (types, series.label("__name__")) else { return };
        // Series of one name mostly come together.
        if self.last != name {
            self.last = name.to_string();
            self.names.insert(name.to_string(), types.of(name).is_some());
        }
    }

    pub(crate) fn add(&mut self, other: Share) {
        self.lines += other.lines;
        self.samples += other.samples;
        self.infinite += other.infinite;
        self.histograms.extend(other.histograms);
        self.names.extend(other.names);
    }
}
