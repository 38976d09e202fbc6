//! One query against many series of one grid.

use rayon::prelude::*;

use super::lag::{slopes, weighted_median};
use super::missing::{Gaps, Ready, missing};
use crate::kernel::LANES;
use crate::{Alignment, Band, Problem, Region, Settings, align};

/// How a query and series are compared.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Plan {
    /// Cost, steps, band and ends.
    pub settings: Settings,
    /// What is done with missing points.
    pub gaps: Gaps,
    /// How many columns are compared together, their numbers interleaved point by point (0 is 1).
    pub dims: usize,
    /// Whether the path is looked at: without it there is no lag.
    pub lag: bool,
    /// Whether the path itself is kept.
    pub keep_path: bool,
}

/// What came of comparing the query with one series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The path sum.
    pub sum: f64,
    /// The distance.
    pub distance: f64,
    /// The distance per step of the path, see [`Settings::normalised`].
    pub normalised: f64,
    /// The median offset along the path in milliseconds, negative where the series moves before the query. Each pair counts by how
    /// steep both are there: where one rests any pair is as good as the next. Nothing where one never moves.
    pub lag_ms: Option<f64>,
    /// The first and the last point of the series on the path.
    pub matched: Option<(usize, usize)>,
    /// The path as points `(query, series)`, if kept.
    pub path: Vec<(u32, u32)>,
}

/// Why there is no distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The query has no values.
    EmptyQuery,
    /// The series has no values.
    EmptySeries,
    /// No path fits the band.
    NoPath,
    /// The sum is too large for a number.
    TooLarge,
}

/// A query or a set of series on their times.
#[derive(Debug)]
pub struct Timed<'a, T: ?Sized> {
    /// The numbers.
    pub values: &'a T,
    /// The time of each point, from any beginning that both sides share.
    pub times_ms: &'a [i64],
}

impl<T: ?Sized> Clone for Timed<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Timed<'_, T> {}

/// Compares a query with each of many series, all threads together, eight series at a time.
///
/// NaN is a missing number. The outcomes do not depend on the number of threads, nor on which
/// series are compared together. Costs `O(cells of the band)` time a series and, a thread, `O(n)`
/// memory, with the lag at most 8 MB more and, past that, the rows kept on the way.
pub fn one_to_many(query: Timed<'_, [f64]>, series: Timed<'_, [&[f64]]>, plan: &Plan) -> Vec<Result<Outcome, Gap>> {
    let plan = Plan { dims: plan.dims.max(1), ..*plan };
    let ready = Ready::new(query.values, plan.dims, plan.gaps);
    let slopes = slopes(&ready.values, plan.dims);
    let one = One { query, ready, slopes, times_ms: series.times_ms, plan: &plan };
    let groups = alike(series.values, &plan, LANES);
    let found: Vec<_> = groups.par_iter().map(|group| one.with(series.values, group)).collect();
    let mut found: Vec<_> = found.into_iter().flatten().collect();
    found.sort_by_key(|f| f.0);
    found.into_iter().map(|f| f.1).collect()
}

/// Up to `most` series each, of one length and with the same points present.
pub(crate) fn alike(series: &[&[f64]], plan: &Plan, most: usize) -> Vec<Vec<usize>> {
    let key = |x: &&[f64]| (x.len(), if plan.gaps == Gaps::Skip { missing(x, plan.dims) } else { Vec::new() });
    let keys: Vec<_> = series.par_iter().map(key).collect();
    let mut order: Vec<usize> = (0..series.len()).collect();
    order.sort_by(|&a, &b| keys[a].cmp(&keys[b]));
    let same = |a: &usize, b: &usize| keys[*a] == keys[*b];
    order.chunk_by(same).flat_map(|group| group.chunks(most)).map(<[usize]>::to_vec).collect()
}

/// The region between two series, some of whose points may have been left out.
pub(crate) fn region_of(band: Band, query: &Ready<'_>, series: &Ready<'_>) -> Option<Region> {
    if query.present.is_none() && series.present.is_none() {
        return Region::new(band, query.len, series.len);
    }
    let all = |ready: &Ready<'_>| ready.present.clone().unwrap_or_else(|| (0..ready.len).collect());
    Region::between(band, &all(query), query.len, &all(series), series.len)
}

/// The query's side of a comparison.
struct One<'a> {
    query: Timed<'a, [f64]>,
    ready: Ready<'a>,
    slopes: Vec<f64>,
    times_ms: &'a [i64],
    plan: &'a Plan,
}

impl One<'_> {
    fn with(&self, series: &[&[f64]], group: &[usize]) -> Vec<(usize, Result<Outcome, Gap>)> {
        let plan = self.plan;
        let all: Vec<Ready<'_>> = group.iter().map(|&k| Ready::new(series[k], plan.dims, plan.gaps)).collect();
        let gap = |gap: Gap| group.iter().map(|&k| (k, Err(gap))).collect();
        if self.ready.values.iter().all(|x| x.is_nan()) {
            return gap(Gap::EmptyQuery);
        }
        let Some(region) = region_of(plan.settings.band, &self.ready, &all[0]) else {
            return gap(if all[0].values.is_empty() { Gap::EmptySeries } else { Gap::NoPath });
        };
        let values: Vec<&[f64]> = all.iter().map(|r| &r.values[..]).collect();
        let found = align(&Problem {
            query: &self.ready.values,
            dims: plan.dims,
            series: &values,
            region: &region,
            settings: plan.settings,
            gaps: self.ready.gaps || all.iter().any(|r| r.gaps),
            paths: plan.lag || plan.keep_path,
            limit: None,
            rest: None,
        });
        let outcome = |(found, ready): (Alignment, &Ready<'_>)| self.outcome(found, ready);
        group.iter().copied().zip(found.into_iter().zip(&all).map(outcome)).collect()
    }

    fn outcome(&self, found: Alignment, series: &Ready<'_>) -> Result<Outcome, Gap> {
        if series.values.iter().all(|x| x.is_nan()) {
            return Err(Gap::EmptySeries);
        }
        if !found.sum.is_finite() {
            return Err(Gap::TooLarge);
        }
        let (settings, dims) = (self.plan.settings, self.plan.dims);
        let (n, m) = (self.ready.values.len() / dims, series.values.len() / dims);
        let path: Vec<(u32, u32)> = found.path.iter().map(|&(i, j)| (self.ready.place(i), series.place(j))).collect();
        let ends = path.first().zip(path.last());
        Ok(Outcome {
            sum: found.sum,
            distance: settings.distance(found.sum),
            normalised: settings.normalised(found.sum, n, m),
            lag_ms: self.lag_ms(&found.path, &path, &series.values),
            matched: ends.map(|(first, last)| (first.1 as usize, last.1 as usize)),
            path: if self.plan.keep_path { path } else { Vec::new() },
        })
    }

    /// The lag along a path; `places` are its points where some were left out.
    fn lag_ms(&self, path: &[(u32, u32)], places: &[(u32, u32)], series: &[f64]) -> Option<f64> {
        if path.is_empty() {
            return None;
        }
        let steep = slopes(series, self.plan.dims);
        let offset = |(&(i, j), &(query, series)): (&(u32, u32), &(u32, u32))| {
            let offset = self.times_ms.get(series as usize)? - self.query.times_ms.get(query as usize)?;
            Some((offset, self.slopes.get(i as usize)? * steep.get(j as usize)?))
        };
        weighted_median(path.iter().zip(places).filter_map(offset).collect())
    }
}
