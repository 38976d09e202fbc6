//! Walks back along the direction codes, from the end of each path to its beginning.

use super::recurrence::{ROWS, Word};
use super::rows::Rows;

/// One walk a series.
pub(crate) struct Tracer {
    walks: Vec<Walk>,
}

struct Walk {
    /// The next cell `(i, j)` to put down; nothing once the first has been.
    at: Option<(usize, usize)>,
    /// The cells so far, from the last on.
    path: Vec<(u32, u32)>,
}

impl Tracer {
    /// Walks from the last query point in the row where each path ends.
    pub(crate) fn new(ends: &[usize], columns: usize) -> Self {
        let walk = |&row: &usize| Walk { at: Some((columns - 1, row)), path: Vec::with_capacity(columns + row + 1) };
        Tracer { walks: ends.iter().map(walk).collect() }
    }

    /// The last query point any walk can still visit.
    pub(crate) fn furthest(&self) -> usize {
        self.walks.iter().filter_map(|w| w.at).map(|at| at.0).max().unwrap_or(0)
    }

    /// Walks back through the rows of one stretch.
    pub(crate) fn trace(&mut self, blocks: &[Rows], codes: &[Word]) {
        for (lane, walk) in self.walks.iter_mut().enumerate() {
            for rows in blocks.iter().rev() {
                walk.through(rows, codes, lane);
            }
        }
    }

    /// The paths, each from its first cell to its last.
    pub(crate) fn into_paths(self) -> impl Iterator<Item = Vec<(u32, u32)>> {
        self.walks.into_iter().map(|mut walk| {
            walk.path.reverse();
            walk.path
        })
    }
}

impl Walk {
    fn through(&mut self, rows: &Rows, codes: &[Word], lane: usize) {
        while let Some((i, j)) = self.at
            && j >= rows.first
        {
            self.path.push((i as u32, j as u32));
            let word = codes[rows.offset + i - rows.from];
            let row = j - rows.first;
            let bit = |byte: usize| (word[byte] >> lane) & 1 == 1;
            self.at = if bit(row) {
                i.checked_sub(1).zip(j.checked_sub(1))
            } else if bit(ROWS + row) {
                i.checked_sub(1).map(|i| (i, j))
            } else {
                j.checked_sub(1).map(|j| (i, j))
            };
        }
    }
}
