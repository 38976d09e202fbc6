//! Components of more columns than one machine holds: Gram matrices of rows, which add up.
//!
//! The columns come in parts. A first pass makes [`Gram`] of each part and adds them; [`Gram::solve`] finds what the
//! components are along the rows; a second pass gives each part its loadings ([`known`]); [`set_signs`] settles the
//! signs, which only all columns together tell.

use crate::solve::{add_rows, cross, dot, pairs_of_rows, set_sign, view};
use crate::{Components, Fit, Model, Prepared, Problem, Solver};

/// The Gram matrix of the rows of some columns: XXᵀ, rows × rows, both triangles.
#[derive(Clone, Debug, PartialEq)]
pub struct Gram(Vec<Vec<f64>>);

/// What a Gram matrix of rows tells of the components: all but the loadings.
#[derive(Clone, Debug)]
pub struct Rows {
    /// Coordinates of each row along each component; the one largest in size (of equal ones the first) is positive.
    pub scores: Vec<Vec<f64>>,
    /// As in [`Model`].
    pub variance: Vec<f64>,
    /// As in [`Model`].
    pub singular: Vec<f64>,
    /// As in [`Model`].
    pub ratios: Vec<f64>,
    /// As in [`Model`].
    pub unsettled: f64,
}

impl Gram {
    /// That of no columns.
    pub fn zero(rows: usize) -> Self {
        Gram(vec![vec![0.0; rows]; rows])
    }

    /// XXᵀ of prepared columns, in their own units.
    ///
    /// Columns whose magnitudes leave the range of a double when squared are refused, for parts of a grid could not be
    /// added. A constant or empty column adds nothing. Shapes: p columns of n rows, the answer n × n. Cost: pn².
    pub fn new(data: &Prepared) -> Result<Self, Problem> {
        if data.unit() != 1.0 {
            return Err(Problem::Unsquared);
        }
        let mut gram = Self::zero(data.rows);
        add_rows(&mut gram.0, &view(&data.columns));
        Ok(gram)
    }

    /// The matrix whose columns these are; of each, the numbers from the diagonal on count.
    pub fn from_lower(mut columns: Vec<Vec<f64>>) -> Self {
        for j in 0..columns.len() {
            let (left, right) = columns.split_at_mut(j);
            for (i, column) in left.iter().enumerate() {
                right[0][i] = column[j];
            }
        }
        Gram(columns)
    }

    /// The matrix of these rows; of each, the numbers up to the diagonal.
    pub fn from_triangle(mut rows: Vec<Vec<f64>>) -> Self {
        let count = rows.len();
        rows.iter_mut().for_each(|row| row.resize(count, 0.0));
        for i in 0..count {
            let (above, below) = rows.split_at_mut(i + 1);
            above[i][i + 1..].iter_mut().zip(below).for_each(|(own, row)| *own = row[i]);
        }
        Gram(rows)
    }

    /// Its columns, which are its rows as well.
    pub fn columns(&self) -> &[Vec<f64>] {
        &self.0
    }

    /// The same, without a copy.
    pub fn into_columns(self) -> Vec<Vec<f64>> {
        self.0
    }

    /// Adds the matrix of other columns over the same rows. A sum of floating-point numbers depends on its order: the
    /// same order gives the same bits, another one differs by rounding (1e-16 a sum, of the largest).
    pub fn add(&mut self, other: &Gram) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
        }
    }

    /// The components of all columns that were added: XXᵀ = U·S²·Uᵀ, scores U·S.
    ///
    /// As [`crate::fit`] with [`Solver::Gram`], whose numbers these are: components below `s² ≤ 4nε·s₁²` are lost in the
    /// squaring. `windows` are how many means each column lost. Cost: some 10n³ at worst, a few n² for a few components.
    pub fn solve(&self, windows: usize, components: Components) -> Result<Rows, Problem> {
        let rows = self.0.len();
        if rows <= windows {
            return Err(Problem::TooFewRows { rows, windows });
        }
        let total: f64 = self.0.iter().enumerate().map(|(i, column)| column[i]).sum();
        let pairs = pairs_of_rows(&self.0, rows - windows, total, components)?;
        let singular: Vec<f64> = pairs.values.iter().map(|square| square.sqrt()).collect();
        let mut scores = pairs.vectors;
        for (score, size) in scores.iter_mut().zip(&singular) {
            set_sign(score);
            score.iter_mut().for_each(|x| *x *= size);
        }
        Ok(Rows {
            scores,
            variance: pairs.values.iter().map(|square| square / (rows - windows) as f64).collect(),
            ratios: pairs.values.iter().map(|square| square / total).collect(),
            singular,
            unsettled: pairs.residual,
        })
    }
}

/// The loadings of some of the columns, where the scores of all are known: `v = Xᵀu/s = Xᵀt/‖t‖²` for a score t = u·s.
///
/// Signs are those of the scores; ratios are taken over the components given. Cost: 2npk.
pub fn known(data: Prepared, scores: &[Vec<f64>]) -> Fit {
    let squares: Vec<f64> = scores.iter().map(|score| dot(score, score)).collect();
    let (total, unit) = (squares.iter().sum::<f64>(), data.unit());
    let mut components = cross(&view(&data.columns), &view(scores));
    for (component, square) in components.iter_mut().zip(&squares) {
        component.iter_mut().for_each(|loading| *loading *= unit / square);
    }
    let freedom = data.freedom();
    let model = Model {
        components,
        variance: squares.iter().map(|square| square / freedom).collect(),
        singular: squares.iter().map(|square| square.sqrt()).collect(),
        ratios: squares.iter().map(|square| square / total).collect(),
        total: total / freedom,
        solver: Solver::Gram,
        unsettled: 0.0,
        rounds: None,
    };
    Fit { model, data }
}

/// Gives each component its sign once all its loadings are together, in the order of names: as [`crate::fit`] does.
pub fn set_signs(components: &mut [Vec<f64>]) {
    for component in components {
        set_sign(component);
        // What carries nothing has no sign.
        component.iter_mut().for_each(|loading| *loading += 0.0);
    }
}
