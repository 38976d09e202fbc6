//! Principal components of columns that share their rows.
//!
//! [`fit`] centres the columns, decomposes them and keeps the first components, as scikit-learn's
//! `PCA` does (n − 1 in the variances, ratios over the total variance), with one rule of its own for
//! signs: in every component the loading largest in size is positive. [`contributions`] says how
//! much of what the components explain each column carries, [`residual`] what of other rows lies
//! outside them, [`groups`] which columns can stand for the rest. [`Gram`] is for columns that come in parts.
//!
//! Input is one `Vec` a column, all of one length; a value that is not finite is missing.

mod contribution;
mod gram;
mod groups;
mod prepare;
mod residual;
mod solve;

pub use contribution::contributions;
pub use gram::{Gram, Rows, known, set_signs};
pub use groups::{Group, groups};
pub use prepare::{Prepared, Shift, State};
pub use residual::{Residual, own_residual, residual};

use std::fmt;
use std::ops::Range;

/// How many components are kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Components {
    /// This many, or as many as carry variance when those are fewer.
    Count(usize),
    /// The fewest whose explained variance together is at least this share of the total, in (0, 1].
    Share(f64),
}

/// What is done about missing values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Each becomes the mean of its column (in its window).
    Mean,
    /// Each becomes what the components say, found by repetition.
    Em,
    /// The first one ends the fit.
    Refuse,
}

/// How the components are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solver {
    /// The cheapest of the three for the shape.
    Auto,
    /// One-sided Jacobi rotations of the grid itself: small components as exact as large ones.
    Svd,
    /// The smaller of the two Gram matrices (columns × columns or rows × rows).
    Gram,
    /// Randomised block Krylov iteration on the grid, never a Gram matrix.
    Randomised,
}

/// What [`fit`] is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many components are kept.
    pub components: Components,
    /// Whether columns are brought to unit (population) variance.
    pub scale: bool,
    /// What is done about missing values.
    pub missing: Missing,
    /// How the components are found.
    pub solver: Solver,
}

impl Default for Options {
    fn default() -> Self {
        Self { components: Components::Count(10), scale: false, missing: Missing::Mean, solver: Solver::Auto }
    }
}

/// Why there are no components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No column was given.
    NoColumns,
    /// Columns of unequal length.
    Ragged,
    /// Each window is centred, so there must be more rows than windows.
    TooFewRows {
        /// Rows there are.
        rows: usize,
        /// Windows they are in.
        windows: usize,
    },
    /// A missing value, and [`Missing::Refuse`].
    Missing {
        /// Its column.
        column: usize,
        /// Its row.
        row: usize,
    },
    /// The dense eigenvalue iteration did not end.
    Unsolved,
    /// Numbers whose squares leave the range of a double.
    Unsquared,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoColumns => write!(out, "no columns to decompose"),
            Self::Ragged => write!(out, "columns of unequal length"),
            Self::TooFewRows { rows, windows: 1 } => {
                write!(out, "a variance needs at least 2 rows: \"{rows}\"")
            }
            Self::TooFewRows { rows, windows } => {
                write!(out, "{windows} windows need more rows than that, each is centred: \"{rows}\"")
            }
            Self::Missing { column, row } => {
                write!(out, "column {}, row {}: a missing value", column + 1, row + 1)
            }
            Self::Unsolved => write!(out, "the eigenvalue iteration did not end"),
            Self::Unsquared => write!(out, "numbers too large or too small to be squared; --scale brings them near 1"),
        }
    }
}

/// The components of some columns.
#[derive(Clone, Debug)]
pub struct Model {
    /// Kept components, that of largest variance first; each has a loading for every column, length 1.
    pub components: Vec<Vec<f64>>,
    /// Variance along each component, denominator n − w (n − 1 for one window).
    pub variance: Vec<f64>,
    /// Singular values of the centred columns, `√(variance·(n − w))`.
    pub singular: Vec<f64>,
    /// The share of the total variance along each component.
    pub ratios: Vec<f64>,
    /// Variance of all columns together, same denominator.
    pub total: f64,
    /// The solver that was used.
    pub solver: Solver,
    /// Largest residual of the iteration relative to the largest eigenvalue; 0 for a direct method.
    pub unsettled: f64,
    /// How missing values were estimated, with [`Missing::Em`].
    pub rounds: Option<Rounds>,
}

/// The rounds in which missing values were estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rounds {
    /// How many there were.
    pub count: usize,
    /// Root of the summed squared changes of the last one over that of the grid.
    pub change: f64,
    /// Whether that is small enough to stop.
    pub settled: bool,
}

/// A model with the prepared columns it was fitted on.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The components.
    pub model: Model,
    /// The centred columns.
    pub data: Prepared,
}

impl Fit {
    /// Coordinates of each row along each component: Xv, a list of columns.
    pub fn scores(&self) -> Vec<Vec<f64>> {
        let unit = self.data.unit();
        let (columns, weights) = (solve::view(&self.data.columns), solve::view(&self.model.components));
        let mut scores = solve::combine(&columns, &weights, self.data.rows);
        scores.iter_mut().flatten().for_each(|x| *x *= unit);
        scores
    }
}

/// Fits the components: X is centred window by window, `X = U·S·Vᵀ`, components are the columns of V
/// and variances `s² / (n − w)` with w windows (n − 1 for one).
///
/// Shapes: p columns of n rows; `spans` are the rows of each window (one span, `0..n`, when there
/// are none). At most min(n − w, p) components are kept, and only those that carry variance: one
/// whose variance is within rounding of zero (`s ≤ max(n, p)·ε·s₁` for [`Solver::Svd`], `s² ≤
/// min(n, p)·4ε·s₁²` for the others) has no direction of its own. Constant and empty columns have
/// loading 0. Ties in size for the sign rule go to the first column. The solver, when it is left to
/// choose, is that of least cost: rotations to 4·10⁶ = max(n, p)·min(n, p)², the Gram matrix while
/// min(n, p) ≤ 100·(k + 6), else iteration. Source: Jolliffe, Principal Component Analysis, 2002.
pub fn fit(columns: Vec<Vec<f64>>, spans: &[Range<usize>], options: &Options) -> Result<Fit, Problem> {
    let mut data = prepare(columns, spans, options)?;
    let model = match options.missing {
        Missing::Em => solve::em::fit(&mut data, options)?,
        _ => solve::solve(&data, options)?,
    };
    Ok(Fit { model, data })
}

/// Centres the columns as [`fit`] does first; ends at the first missing value with [`Missing::Refuse`].
pub fn prepare(columns: Vec<Vec<f64>>, spans: &[Range<usize>], options: &Options) -> Result<Prepared, Problem> {
    let data = Prepared::new(columns, spans, options)?;
    if options.missing == Missing::Refuse {
        // The first in time.
        if let Some(&(column, row)) = data.missing.iter().min_by_key(|place| (place.1, place.0)) {
            return Err(Problem::Missing { column: column as usize, row: row as usize });
        }
    }
    Ok(data)
}
