//! The nearest series, without comparing them all in full.
//!
//! As the UCR suite does (Rakthanmanon et al., 2012): a cheap lower bound orders the series, dearer
//! ones are asked before a comparison, and a comparison is given up as soon as its least row and
//! what the rows to come cost at least are above the K-th best sum so far. The result is that of
//! comparing them all: nothing is given up that could still tie with the K-th best.

use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::bounds::{Envelope, improved, keogh};
use crate::compare::{Plan, Ready, Timed, alike, region_of};
use crate::kernel::{LANES, SAFE};
use crate::{Ends, Problem, Region, align};

/// How many series a thread takes at a time.
const SHARE: usize = 2 * LANES;

/// The dearer bounds are asked where a comparison has this many cells per point of either series:
/// they cost about a hundred, and may fail.
const CELLS_A_POINT: usize = 400;

/// The series among which the `k` nearest are: those, and any that tie with the last of them to
/// within rounding, the nearest first. Series that cannot be compared are left out.
pub fn nearest(query: Timed<'_, [f64]>, series: Timed<'_, [&[f64]]>, plan: &Plan, k: usize) -> Vec<usize> {
    let plan = Plan { dims: plan.dims.max(1), lag: false, keep_path: false, ..*plan };
    let ready = Ready::new(query.values, plan.dims, plan.gaps);
    if k == 0 || ready.values.iter().all(|x| x.is_nan()) {
        return Vec::new();
    }
    let search = Search { ready, series: series.values, plan, best: Best::new(k) };
    let groups: Vec<Group> =
        alike(series.values, &plan, usize::MAX).into_iter().filter_map(|group| search.bounded(&group)).collect();
    let mut shares: Vec<Share<'_>> =
        groups.iter().flat_map(|of| of.members.chunks(SHARE).map(move |members| Share { of, members })).collect();
    shares.sort_by(|a, b| a.members[0].0.total_cmp(&b.members[0].0));
    let next = AtomicUsize::new(0);
    let found: Vec<(f64, usize)> =
        (0..rayon::current_num_threads()).into_par_iter().flat_map_iter(|_| search.work(&shares, &next)).collect();
    let limit = search.best.limit();
    let mut found: Vec<(f64, usize)> = found.into_iter().filter(|f| f.0 * SAFE <= limit).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    found.into_iter().map(|f| f.1).collect()
}

/// The K least sums so far.
struct Best {
    k: usize,
    sums: Mutex<BinaryHeap<u64>>,
    limit: AtomicU64,
}

impl Best {
    fn new(k: usize) -> Self {
        Best { k, sums: Mutex::new(BinaryHeap::new()), limit: AtomicU64::new(f64::INFINITY.to_bits()) }
    }

    fn limit(&self) -> f64 {
        f64::from_bits(self.limit.load(Ordering::Relaxed))
    }

    /// Takes a sum; bits of numbers that are not negative are in the order of the numbers.
    fn offer(&self, sum: f64) {
        let mut sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        sums.push(sum.to_bits());
        if sums.len() > self.k {
            sums.pop();
        }
        if sums.len() == self.k
            && let Some(&worst) = sums.peek()
        {
            self.limit.store(worst, Ordering::Relaxed);
        }
    }
}

/// A few series of a group, one after the other in its order.
struct Share<'a> {
    of: &'a Group,
    members: &'a [(f64, usize)],
}

/// The series that share a region, the least lower bound first.
struct Group {
    members: Vec<(f64, usize)>,
    region: Region,
    envelope: Option<Envelope>,
    transposed: Option<Region>,
}

struct Search<'a> {
    ready: Ready<'a>,
    series: &'a [&'a [f64]],
    plan: Plan,
    best: Best,
}

impl Search<'_> {
    fn ready(&self, k: usize) -> Ready<'_> {
        Ready::new(self.series[k], self.plan.dims, self.plan.gaps)
    }

    /// Orders a group by the cheap bound.
    fn bounded(&self, group: &[usize]) -> Option<Group> {
        let region = region_of(self.plan.settings.band, &self.ready, &self.ready(*group.first()?))?;
        let unit = self.plan.settings.cost;
        let bounds = self.plan.dims == 1 && self.plan.settings.ends == Ends::Closed && !self.ready.gaps;
        let envelope = bounds.then(|| Envelope::new(&self.ready.values, &region));
        let worth = region.cells() > CELLS_A_POINT * (region.columns + region.rows.len());
        let transposed = (bounds && worth).then(|| region.transposed());
        let bound = |&k: &usize| {
            let series = self.ready(k);
            if series.values.iter().all(|x| x.is_nan()) {
                return None;
            }
            let sure = envelope.as_ref().filter(|_| !series.gaps);
            Some((sure.map_or(0.0, |e| keogh(&self.ready.values, &series.values, e, unit).iter().sum()), k))
        };
        let mut members: Vec<(f64, usize)> = group.par_iter().filter_map(bound).collect();
        members.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        (!members.is_empty()).then_some(Group { members, region, envelope, transposed })
    }

    /// One thread's part: takes shares until there are no more.
    fn work(&self, shares: &[Share<'_>], next: &AtomicUsize) -> Vec<(f64, usize)> {
        let mut found = Vec::new();
        while let Some(share) = shares.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut batch = Vec::with_capacity(LANES);
            for &(bound, k) in share.members {
                if bound * SAFE > self.best.limit() {
                    break;
                }
                if self.may_be_near(share.of, k) {
                    batch.push(k);
                }
                if batch.len() == LANES {
                    found.extend(self.compare(share.of, &std::mem::take(&mut batch)));
                }
            }
            if !batch.is_empty() {
                found.extend(self.compare(share.of, &batch));
            }
        }
        found
    }

    /// Asks the dearer bounds, where they are worth it.
    fn may_be_near(&self, group: &Group, k: usize) -> bool {
        let (Some(envelope), Some(transposed)) = (&group.envelope, &group.transposed) else {
            return true;
        };
        let (series, limit) = (self.ready(k), self.best.limit());
        if series.gaps || limit == f64::INFINITY {
            return true;
        }
        let unit = self.plan.settings.cost;
        improved(&self.ready.values, &series.values, envelope, transposed, unit) * SAFE <= limit
    }

    /// Compares up to eight series in full, or until they are hopeless.
    fn compare(&self, group: &Group, batch: &[usize]) -> Vec<(f64, usize)> {
        let all: Vec<Ready<'_>> = batch.iter().map(|&k| self.ready(k)).collect();
        let series: Vec<&[f64]> = all.iter().map(|r| &r.values[..]).collect();
        let gaps = self.ready.gaps || all.iter().any(|r| r.gaps);
        let rests: Option<Vec<Vec<f64>>> = group.envelope.as_ref().filter(|_| !gaps).map(|envelope| {
            series.iter().map(|x| from_here(keogh(&self.ready.values, x, envelope, self.plan.settings.cost))).collect()
        });
        let rests: Option<Vec<&[f64]>> = rests.as_ref().map(|r| r.iter().map(|r| &r[..]).collect());
        let found = align(&Problem {
            query: &self.ready.values,
            dims: self.plan.dims,
            series: &series,
            region: &group.region,
            settings: self.plan.settings,
            gaps,
            paths: false,
            limit: (self.plan.settings.ends != Ends::Subsequence).then_some(&self.best.limit),
            rest: rests.as_deref(),
        });
        let known: Vec<(f64, usize)> =
            found.iter().map(|a| a.sum).zip(batch.iter().copied()).filter(|f| f.0.is_finite()).collect();
        known.iter().for_each(|f| self.best.offer(f.0));
        known
    }
}

/// The sum of what each row and those after it cost at least, and 0 after the last.
fn from_here(mut costs: Vec<f64>) -> Vec<f64> {
    costs.push(0.0);
    for j in (1..costs.len()).rev() {
        costs[j - 1] += costs[j];
    }
    costs
}
