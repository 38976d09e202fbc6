//! What the kernel is asked: a query, up to eight series, and what is wanted of them.

use std::sync::atomic::AtomicU64;

use crate::{Region, Settings};

/// Lower bounds are sums in another order than the path's; this keeps rounding on the safe side.
pub(crate) const SAFE: f64 = 1.0 - 1e-12;

/// A query and up to eight series to align it with.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// The query: `n` points of `dims` numbers each. With `gaps` a NaN is a missing number.
    pub query: &'a [f64],
    /// How many columns are compared together, point by point (1: one against one).
    pub dims: usize,
    /// The series, 1 to 8 of them, each `m` points of `dims` numbers.
    pub series: &'a [&'a [f64]],
    /// The cells a path may visit: `m` rows, `n` columns.
    pub region: &'a Region,
    /// Cost, steps and ends (the band is the region's matter).
    pub settings: Settings,
    /// Whether to look for NaN, whose cost is 0.
    pub gaps: bool,
    /// Whether paths are wanted.
    pub paths: bool,
    /// Sums above this need not be known: the series may then be given an infinite one.
    pub limit: Option<&'a AtomicU64>,
    /// For each series, a lower bound of what the rows from `j` on add to the sum, and 0 at `m`.
    pub rest: Option<&'a [&'a [f64]]>,
}

impl<'a> Problem<'a> {
    /// Distances alone, of series without gaps, each to its end.
    pub fn new(
        query: &'a [f64],
        dims: usize,
        series: &'a [&'a [f64]],
        region: &'a Region,
        settings: Settings,
    ) -> Problem<'a> {
        Problem { query, dims, series, region, settings, gaps: false, paths: false, limit: None, rest: None }
    }
}
