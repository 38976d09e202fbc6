//! Goes down the rows of the series block by block, and remembers where paths may end.

use std::ops::Range;
use std::sync::atomic::Ordering;

use super::lanes::{LANES, Lanes};
use super::local::{Costs, Local};
use super::problem::{Problem, SAFE};
use super::recurrence::{Block, Front, ROWS, Word, block, front};
use super::rows::{Rows, blocks};
use crate::Ends;

/// The most direction codes that are held at once, in words: 8 MB a thread. They are those of the
/// last rows, where the paths end.
const MOST_WORDS: usize = 1 << 20;

/// The rows before are kept in stretches of this many words, 1 MB that stays in the cache: the row
/// above each is remembered, and the stretches are gone through again from the last to the first.
const STRETCH_WORDS: usize = 1 << 17;

/// The state of a way down.
pub(crate) struct Sweep<'a, L: Lanes> {
    problem: &'a Problem<'a>,
    series: [&'a [f64]; LANES],
    pub(crate) front: Front<L>,
    pub(crate) blocks: Vec<Rows>,
    pub(crate) codes: Vec<Word>,
    best: [f64; LANES],
    ends: [usize; LANES],
    given_up: bool,
    /// The columns of the row above that hold sums within the limit lie from `first` to before
    /// `until`; it was computed to before `extent`.
    first: usize,
    until: usize,
    extent: usize,
}

/// Whether columns without sums within the limit are passed over: not where a path may have ended
/// in a row before.
fn narrows(problem: &Problem<'_>) -> bool {
    problem.limit.is_some() && problem.settings.ends == Ends::Closed
}

impl<'a, L: Lanes> Sweep<'a, L> {
    /// A front before the first row; lanes without a series repeat the first.
    #[inline(always)]
    pub(crate) fn new<K: Costs, const SYM2: bool>(lanes: L, problem: &'a Problem<'a>) -> Self {
        let series: [&[f64]; LANES] =
            std::array::from_fn(|l| problem.series.get(l).copied().unwrap_or(problem.series[0]));
        // A path enters its first cell by a diagonal step, and that cell must weigh 1.
        let cost = K::One::<L>::load(lanes, problem.query, problem.dims, &series, 0).cost(lanes, problem.query, 0, 0);
        let zero = lanes.splat(0.0);
        let start = if SYM2 && problem.settings.ends != Ends::Subsequence { lanes.sub(zero, cost) } else { zero };
        Sweep {
            problem,
            series,
            front: front(lanes, problem.region.columns, start),
            blocks: blocks(problem.region),
            codes: Vec::new(),
            best: [f64::INFINITY; LANES],
            ends: [problem.region.rows.len() - 1; LANES],
            given_up: false,
            first: 0,
            until: if narrows(problem) { 0 } else { usize::MAX },
            extent: 0,
        }
    }

    /// The blocks in stretches, of which the last may be all.
    pub(crate) fn stretches(&self) -> Vec<Range<usize>> {
        let words = |k: usize| self.blocks[k].to + 1 - self.blocks[k].from;
        let mut stretches: Vec<Range<usize>> = Vec::new();
        let mut end = self.blocks.len();
        while end > 0 {
            let most = if stretches.is_empty() { MOST_WORDS } else { STRETCH_WORDS };
            let (mut start, mut held) = (end - 1, words(end - 1));
            while start > 0 && held + words(start - 1) <= most {
                start -= 1;
                held += words(start);
            }
            stretches.push(start..end);
            end = start;
        }
        stretches.reverse();
        stretches
    }

    /// Does the blocks of a stretch, up to query point `furthest`. Nothing once it has given up.
    #[inline(always)]
    pub(crate) fn down<K: Costs, const SYM2: bool, const CODES: bool>(
        &mut self,
        lanes: L,
        stretch: Range<usize>,
        furthest: usize,
    ) {
        let mut offset = 0;
        for k in stretch {
            if self.given_up {
                return;
            }
            let rows = &mut self.blocks[k];
            rows.offset = offset;
            rows.to = rows.to.min(furthest);
            if CODES {
                offset += rows.to + 1 - rows.from;
                if self.codes.len() < offset {
                    self.codes.resize(offset, [0; 2 * ROWS]);
                }
            }
            let rows = *rows;
            if rows.count == ROWS {
                self.rows::<K::Four<L>, ROWS, SYM2, CODES>(lanes, rows);
            } else {
                self.rows::<K::One<L>, 1, SYM2, CODES>(lanes, rows);
            }
            self.note_ends(lanes, rows);
            self.given_up |= self.is_hopeless(lanes, rows.first + rows.count);
        }
    }

    #[inline(always)]
    fn rows<C: Local<L, R>, const R: usize, const SYM2: bool, const CODES: bool>(&mut self, lanes: L, rows: Rows) {
        let problem = self.problem;
        let range = |k: usize| problem.region.rows[rows.first + k];
        let most = problem.limit.map_or(f64::INFINITY, |limit| f64::from_bits(limit.load(Ordering::Relaxed)) / SAFE);
        let task = Block {
            query: problem.query,
            lo: std::array::from_fn(|k| range(k).0.max(self.first)),
            hi: std::array::from_fn(|k| range(k).1.min(rows.to)),
            free_start: problem.settings.ends == Ends::Subsequence,
            until: self.until,
            most,
        };
        let local = C::load(lanes, problem.query, problem.dims, &self.series, rows.first);
        let codes = self.codes.get_mut(rows.offset..).unwrap_or_default();
        block::<L, C, R, SYM2, CODES>(lanes, &task, &local, &mut self.front, codes);
        if !CODES && narrows(problem) {
            self.narrow(lanes, task.lo[0], most);
        }
    }

    /// Looks up between which columns the row just done has sums within the limit: a path within it
    /// must pass there (as EAPrunedDTW does, Herrmann & Webb, 2021). What is left of older rows
    /// beyond is put out of reach.
    #[inline(always)]
    fn narrow(&mut self, lanes: L, from: usize, most: f64) {
        let (above, stop, most) = (&mut self.front.above, self.front.stop, lanes.splat(most));
        if stop < self.extent {
            above[stop + 1..=self.extent].fill(lanes.splat(f64::INFINITY));
        }
        self.extent = stop;
        let within = |column: usize| lanes.le(above[column + 1], most) != 0;
        self.first = (from..stop).find(|&c| within(c)).unwrap_or(stop);
        self.until = (self.first..stop).rev().find(|&c| within(c)).map_or(self.first, |c| c + 1);
        self.given_up = self.first == stop;
    }

    /// Where the end is open, keeps the best row to end in; of equal sums the first.
    #[inline(always)]
    fn note_ends(&mut self, lanes: L, rows: Rows) {
        if self.problem.settings.ends == Ends::Closed || rows.to + 1 != self.problem.region.columns {
            return;
        }
        for k in 0..rows.count {
            let sums = lanes.store(self.front.last[k]);
            for (l, &sum) in sums.iter().enumerate() {
                if sum < self.best[l] {
                    self.best[l] = sum;
                    self.ends[l] = rows.first + k;
                }
            }
        }
    }

    /// Whether no series can still come to a sum within the limit, `next` being the row to come.
    #[inline(always)]
    fn is_hopeless(&self, lanes: L, next: usize) -> bool {
        let Some(limit) = self.problem.limit else {
            return false;
        };
        let limit = f64::from_bits(limit.load(Ordering::Relaxed));
        let least = lanes.store(self.front.least);
        (0..self.problem.series.len()).all(|l| {
            let rest = self.problem.rest.map_or(0.0, |rest| rest[l][next]);
            (least[l] + rest).min(self.best[l]) * SAFE > limit
        })
    }

    /// The sums, and the rows in which the paths end.
    #[inline(always)]
    pub(crate) fn result(&self, lanes: L) -> ([f64; LANES], [usize; LANES]) {
        if self.given_up {
            return ([f64::INFINITY; LANES], self.ends);
        }
        match self.problem.settings.ends {
            Ends::Closed => (lanes.store(self.front.above[self.problem.region.columns]), self.ends),
            Ends::OpenEnd | Ends::Subsequence => (self.best, self.ends),
        }
    }
}
