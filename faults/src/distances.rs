//! How far runs are apart, in units that a library of known runs teaches.

use std::collections::BTreeMap;

use dtw::{Band, Plan, Settings, Timed, one_to_many};

use crate::signature::POINTS;
use crate::{Example, Observed};

/// The band between two signatures, in points.
const BAND: usize = 6;

/// Squared distances below this share of the largest are those of one run with itself: what is left is rounding.
const SAME: f64 = 1e-12;

/// What a library says of distances.
pub(crate) struct Library<'a> {
    library: &'a [Example],
    /// Squared distances of the signatures of each pair.
    between: Vec<Vec<f64>>,
    /// For each run, those of its kind that it may be looked for among.
    others: Vec<Vec<usize>>,
    /// The mean squared distance of a run from its own kind, by the run's first kind of metric, and of all.
    scales: BTreeMap<&'a str, f64>,
    scale: f64,
    /// What another first kind of metric adds to half of the squared distance.
    mismatch: f64,
}

impl<'a> Library<'a> {
    /// Learns from a library, for a run of `service`.
    pub(crate) fn new(library: &'a [Example], service: &str) -> Self {
        let between: Vec<Vec<f64>> = library.iter().map(|e| distances(&e.seen.signature, library)).collect();
        let others = others(library, service, &between);
        let mut known =
            Library { library, between, others, scales: BTreeMap::new(), scale: 1.0, mismatch: mismatch(library) };
        known.learn_scales();
        known
    }

    fn learn_scales(&mut self) {
        let own: Vec<(&'a str, f64)> = (0..self.library.len()).filter_map(|k| self.own(k)).collect();
        if own.is_empty() {
            return;
        }
        self.scale = (own.iter().map(|own| own.1).sum::<f64>() / own.len() as f64).max(f64::MIN_POSITIVE);
        for (first, _) in &own {
            let same = own.iter().filter(|o| o.0 == *first);
            let (sum, count) = same.fold((self.scale, 1.0), |(sum, count), o| (sum + o.1, count + 1.0));
            self.scales.insert(first, sum / count);
        }
    }

    /// A run's first kind of metric and squared distance from its own kind: from those with the same first kind, if any.
    fn own(&self, k: usize) -> Option<(&'a str, f64)> {
        let first = &self.library[k].seen.first_kind;
        let least = |of: &dyn Fn(usize) -> bool| {
            self.others[k].iter().filter(|&&o| of(o)).map(|&o| self.between[k][o]).min_by(f64::total_cmp)
        };
        let own = least(&|o| self.library[o].seen.first_kind == *first).or_else(|| least(&|_| true))?;
        Some((first, own))
    }

    /// A distance of signatures in the usual distances of runs with this first kind of metric.
    pub(crate) fn in_units(&self, first_kind: &str, distance: f64) -> f64 {
        distance / self.scales.get(first_kind).unwrap_or(&self.scale).sqrt()
    }

    /// The distance of a run from each known run, from the squared distances of their signatures; only of those
    /// `among`.
    pub(crate) fn scores(&self, run: &Observed, squared: &[f64], among: Option<&[usize]>) -> Vec<f64> {
        let score = |k: usize| {
            let other = if self.library[k].seen.first_kind == run.first_kind { 0.0 } else { self.mismatch };
            self.in_units(&run.first_kind, squared[k].sqrt()).hypot((2.0 * other).sqrt())
        };
        match among {
            Some(some) => some.iter().map(|&k| score(k)).collect(),
            None => (0..self.library.len()).map(score).collect(),
        }
    }

    /// The distance of each known run from the others of its kind, where there are any.
    pub(crate) fn own_scores(&self) -> Vec<f64> {
        let own = |k: usize| {
            let scores = self.scores(&self.library[k].seen, &self.between[k], Some(&self.others[k]));
            scores.into_iter().min_by(f64::total_cmp)
        };
        (0..self.library.len()).filter_map(own).collect()
    }
}

/// For each run the others of its kind in other services; if there are none and the library has runs of
/// `service`, those in its own. A run that was filed twice is not one of its others: it says nothing of how far runs of a
/// kind are apart.
fn others(library: &[Example], service: &str, between: &[Vec<f64>]) -> Vec<Vec<usize>> {
    let largest = between.iter().flatten().copied().fold(0.0, f64::max);
    let known = library.iter().any(|e| e.seen.service == service);
    let of = |(k, run): (usize, &Example)| {
        let is_another = |o: usize| o != k && between[k][o] > SAME * largest;
        let kind = (0..library.len()).filter(|&o| is_another(o) && library[o].kind == run.kind);
        let (here, elsewhere): (Vec<usize>, Vec<usize>) =
            kind.partition(|&o| library[o].seen.service == run.seen.service);
        if elsewhere.is_empty() && known { here } else { elsewhere }
    };
    library.iter().enumerate().map(of).collect()
}

/// The log odds that two runs of one kind in two services have the same first kind of metric (Krichevsky & Trofimov's
/// estimate: half a pair more on either side), at least 0.
fn mismatch(library: &[Example]) -> f64 {
    let (mut same, mut pairs) = (0.5, 1.0);
    for (k, a) in library.iter().enumerate() {
        for b in &library[..k] {
            if a.kind == b.kind && a.seen.service != b.seen.service {
                pairs += 1.0;
                same += f64::from(u8::from(a.seen.first_kind == b.seen.first_kind));
            }
        }
    }
    (same / (pairs - same)).ln().max(0.0)
}

/// The squared distances of a signature from those of known runs.
pub(crate) fn distances(signature: &[f64], library: &[Example]) -> Vec<f64> {
    let settings = Settings { band: Band::Points(BAND), ..Settings::default() };
    let plan = Plan { settings, dims: signature.len() / POINTS, ..Plan::default() };
    let series: Vec<&[f64]> = library.iter().map(|e| &e.seen.signature[..]).collect();
    let (query, series) = (Timed { values: signature, times_ms: &[] }, Timed { values: &series[..], times_ms: &[] });
    let square = |normalised: f64| normalised * normalised;
    one_to_many(query, series, &plan).into_iter().map(|o| o.map_or(f64::INFINITY, |o| square(o.normalised))).collect()
}
