//! The recurrence, four rows of the series and eight series at a time.
//!
//! The row above a block is kept in `above`; inside the block the values of the column before sit
//! in registers. A row's value waits only for the row above it and its own last value, so four
//! rows keep the processor's arithmetic units busy while each waits.

use super::lanes::Lanes;
use super::local::Local;

/// How many rows a full block has.
pub(crate) const ROWS: usize = 4;

/// The row above the block: entry `i + 1` is query point `i`, entry 0 the virtual point before.
pub(crate) struct Front<L: Lanes> {
    /// The sums of the last row done.
    pub(crate) above: Vec<L::V>,
    /// The last column of each row of the block just done.
    pub(crate) last: [L::V; ROWS],
    /// The least sum of the last row of the block just done.
    pub(crate) least: L::V,
    /// One past the last column of the block just done.
    pub(crate) stop: usize,
}

/// What a block is asked to do.
pub(crate) struct Block<'a, const R: usize> {
    /// The query, interleaved where it has several columns.
    pub(crate) query: &'a [f64],
    /// First and last query point of each row, inclusive.
    pub(crate) lo: [usize; R],
    /// See `lo`.
    pub(crate) hi: [usize; R],
    /// A path may begin in any row, at no cost.
    pub(crate) free_start: bool,
    /// Beyond this column the row above has only sums over `most`.
    pub(crate) until: usize,
    /// Sums over this need not be known: beyond `until` the block stops where it has only those.
    pub(crate) most: f64,
}

/// Row `k`'s directions, a bit a lane: byte `k` has the diagonal, byte `ROWS + k` the step along the
/// query rather than along the series.
pub(crate) type Word = [u8; 2 * ROWS];

/// Runs one block of `R` rows over its columns. With `CODES`, writes a word a column from `lo[0]`
/// to `hi[R - 1]` that says where each cell's sum came from; of equal sums the diagonal is taken
/// first, then the step along the query. With `SYM2` a diagonal step weighs 2.
#[inline(always)]
pub(crate) fn block<L: Lanes, C: Local<L, R>, const R: usize, const SYM2: bool, const CODES: bool>(
    lanes: L,
    task: &Block<'_, R>,
    local: &C,
    front: &mut Front<L>,
    codes: &mut [Word],
) {
    let inf = lanes.splat(f64::INFINITY);
    let (from, to) = (task.lo[0], task.hi[R - 1]);
    let start = if task.free_start && from == 0 { lanes.splat(0.0) } else { inf };
    let mut run = Running { left: [start; R], diagonal: front.above[from], least: inf };
    front.above[from] = start;
    // In the middle every row may visit the column.
    let (middle, tail) = (task.lo[R - 1].min(to + 1), (task.hi[0] + 1).max(task.lo[R - 1]).min(to + 1));
    let mut none = [0; 2 * ROWS];
    for i in from..middle {
        let code = if CODES { &mut codes[i - from] } else { &mut none };
        run.column::<L, C, SYM2, CODES, false>(lanes, task, local, &mut front.above[i + 1], i, code);
    }
    let most = lanes.splat(task.most);
    front.stop = to + 1;
    for i in middle..=to {
        if !CODES && i > task.until && run.is_over(lanes, most) {
            front.stop = i;
            break;
        }
        let code = if CODES { &mut codes[i - from] } else { &mut none };
        let above = &mut front.above[i + 1];
        if i < tail {
            run.column::<L, C, SYM2, CODES, true>(lanes, task, local, above, i, code);
        } else {
            run.column::<L, C, SYM2, CODES, false>(lanes, task, local, above, i, code);
        }
    }
    front.last[..R].copy_from_slice(&run.left);
    front.least = run.least;
}

/// The values of the column before, and the least value of the last row so far.
struct Running<V, const R: usize> {
    left: [V; R],
    diagonal: V,
    least: V,
}

impl<V: Copy, const R: usize> Running<V, R> {
    /// Whether the column before has only sums over `most`, in every row and lane.
    #[inline(always)]
    fn is_over<L: Lanes<V = V>>(&self, lanes: L, most: V) -> bool {
        self.left.iter().all(|&left| lanes.le(left, most) == 0)
    }

    /// Moves on to column `i`; with `ALL` every row of the block may visit it.
    #[inline(always)]
    fn column<L: Lanes<V = V>, C: Local<L, R>, const SYM2: bool, const CODES: bool, const ALL: bool>(
        &mut self,
        lanes: L,
        task: &Block<'_, R>,
        local: &C,
        above: &mut V,
        i: usize,
        code: &mut Word,
    ) {
        let mut up = *above;
        let mut diagonal = std::mem::replace(&mut self.diagonal, up);
        for k in 0..R {
            let left = self.left[k];
            let value = if ALL || (task.lo[k] <= i && i <= task.hi[k]) {
                let cost = local.cost(lanes, task.query, k, i);
                let across = if SYM2 { lanes.add(diagonal, cost) } else { diagonal };
                let straight = lanes.min(left, up);
                if CODES {
                    code[k] = lanes.le(across, straight);
                    code[ROWS + k] = lanes.le(left, up);
                }
                lanes.add(lanes.min(across, straight), cost)
            } else {
                lanes.splat(f64::INFINITY)
            };
            diagonal = left;
            self.left[k] = value;
            up = value;
        }
        *above = up;
        self.least = lanes.min(up, self.least);
    }
}

/// A front before the first row: no path but the one that begins at the first point.
#[inline(always)]
pub(crate) fn front<L: Lanes>(lanes: L, columns: usize, start: L::V) -> Front<L> {
    let inf = lanes.splat(f64::INFINITY);
    let mut above = vec![inf; columns + 1];
    above[0] = start;
    Front { above, last: [inf; ROWS], least: inf, stop: 0 }
}
