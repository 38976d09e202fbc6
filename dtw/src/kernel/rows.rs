//! The rows of a region in blocks: what one step of the way down does.

use super::recurrence::ROWS;
use crate::Region;

/// Some rows of the series that are done together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    /// The first of them.
    pub(crate) first: usize,
    /// How many: 4, or 1 at the end.
    pub(crate) count: usize,
    /// The first query point any of them may visit.
    pub(crate) from: usize,
    /// The last query point they may visit, or the last that was looked at.
    pub(crate) to: usize,
    /// Where its codes begin.
    pub(crate) offset: usize,
}

/// The region's rows in blocks.
pub(crate) fn blocks(region: &Region) -> Vec<Rows> {
    let m = region.rows.len();
    let full = m - m % ROWS;
    let block = |first: usize, count: usize| {
        let (from, to) = (region.rows[first].0, region.rows[first + count - 1].1);
        Rows { first, count, from, to, offset: 0 }
    };
    let fours = (0..full).step_by(ROWS).map(|first| block(first, ROWS));
    fours.chain((full..m).map(|first| block(first, 1))).collect()
}
