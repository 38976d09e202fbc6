//! The local cost of a cell, for four rows of the series at a time.

use super::lanes::{LANES, Lanes};

/// The cost of matching row `row` of the block with query point `column`, in every lane.
pub(crate) trait Local<L: Lanes, const ROWS: usize> {
    /// Loads `ROWS` points of each series, from `first` on.
    fn load(lanes: L, query: &[f64], dims: usize, series: &[&[f64]; LANES], first: usize) -> Self;
    /// The cost in every lane.
    fn cost(&self, lanes: L, query: &[f64], row: usize, column: usize) -> L::V;
}

/// Picks the type of the local cost, for whichever number of rows a block has.
pub(crate) trait Costs {
    /// Four rows at a time.
    type Four<L: Lanes>: Local<L, 4>;
    /// The rows left over.
    type One<L: Lanes>: Local<L, 1>;
}

/// One column against one: `ABS` is `|q - x|`, else squared; with `GAPS` a NaN costs nothing.
pub(crate) struct Single<L: Lanes, const ROWS: usize, const ABS: bool, const GAPS: bool> {
    rows: [L::V; ROWS],
}

/// Several columns against several, interleaved: the costs of a point add up, gaps cost nothing.
pub(crate) struct Several<L: Lanes, const ABS: bool> {
    rows: Vec<L::V>,
    dims: usize,
}

/// Selects [`Single`].
pub(crate) struct Plain<const ABS: bool, const GAPS: bool>;

/// Selects [`Several`].
pub(crate) struct Dependent<const ABS: bool>;

impl<const ABS: bool, const GAPS: bool> Costs for Plain<ABS, GAPS> {
    type Four<L: Lanes> = Single<L, 4, ABS, GAPS>;
    type One<L: Lanes> = Single<L, 1, ABS, GAPS>;
}

impl<const ABS: bool> Costs for Dependent<ABS> {
    type Four<L: Lanes> = Several<L, ABS>;
    type One<L: Lanes> = Several<L, ABS>;
}

#[inline(always)]
fn cell<L: Lanes, const ABS: bool>(lanes: L, q: L::V, x: L::V) -> L::V {
    let d = lanes.sub(q, x);
    if ABS { lanes.max(d, lanes.sub(x, q)) } else { lanes.mul(d, d) }
}

impl<L: Lanes, const ROWS: usize, const ABS: bool, const GAPS: bool> Local<L, ROWS> for Single<L, ROWS, ABS, GAPS> {
    #[inline(always)]
    fn load(lanes: L, _: &[f64], _: usize, series: &[&[f64]; LANES], first: usize) -> Self {
        Single { rows: std::array::from_fn(|r| lanes.load(std::array::from_fn(|l| series[l][first + r]))) }
    }

    #[inline(always)]
    fn cost(&self, lanes: L, query: &[f64], row: usize, column: usize) -> L::V {
        let cost = cell::<L, ABS>(lanes, lanes.splat(query[column]), self.rows[row]);
        // The larger of NaN and 0 is 0.
        if GAPS { lanes.max(cost, lanes.splat(0.0)) } else { cost }
    }
}

impl<L: Lanes, const ROWS: usize, const ABS: bool> Local<L, ROWS> for Several<L, ABS> {
    #[inline(always)]
    fn load(lanes: L, _: &[f64], dims: usize, series: &[&[f64]; LANES], first: usize) -> Self {
        let value = |k| lanes.load(std::array::from_fn(|l| series[l][first * dims + k]));
        Several { rows: (0..ROWS * dims).map(value).collect(), dims }
    }

    #[inline(always)]
    fn cost(&self, lanes: L, query: &[f64], row: usize, column: usize) -> L::V {
        let query = &query[column * self.dims..][..self.dims];
        let rows = &self.rows[row * self.dims..][..self.dims];
        let mut sum = lanes.splat(0.0);
        for (&q, &x) in query.iter().zip(rows) {
            let cost = cell::<L, ABS>(lanes, lanes.splat(q), x);
            sum = lanes.add(sum, lanes.max(cost, lanes.splat(0.0)));
        }
        sum
    }
}
