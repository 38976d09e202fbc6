//! What of other rows a model does not explain, and how far it is out in what it does.

use crate::solve::{combine, view};
use crate::{Fit, Shift};

/// What is left of a value counts as rounding up to this share of the largest value in its row.
const ROUNDING: f64 = 1e-12;

/// Residual and distance of rows from a model, by row and by column.
#[derive(Clone, Debug)]
pub struct Residual {
    /// Q (squared prediction error) of each row.
    pub q: Vec<f64>,
    /// Hotelling's T² of each row.
    pub t2: Vec<f64>,
    /// Mean over the rows of each column's part of Q; their sum is the mean of `q`.
    pub q_of: Vec<f64>,
    /// Mean over the rows of each column's part of T²; their sum is the mean of `t2`.
    pub t2_of: Vec<f64>,
    /// Coordinates of the rows along each component.
    pub scores: Vec<Vec<f64>>,
}

/// Q and T² of rows against a model fitted on others, divided among the columns.
///
/// With x centred (and scaled) as the model's own rows were, `t = Vᵀx` and `e = x − Vt`:
/// `Q = Σⱼ eⱼ²`, to which column j gives `eⱼ²`; `T² = Σₖ tₖ²/λₖ`, to which it gives
/// `(Σₖ vₖⱼ tₖ/√λₖ)²`, the complete decomposition (none is negative, together they are T²).
/// Units: Q in squared units of the (scaled) columns, T² none.
/// Shapes: `columns` are the model's p columns with any number of rows. A missing value counts as
/// the model's mean, and gives nothing to Q by itself; no rows give zeros. What is left of a value within rounding,
/// `|eⱼ| ≤ 1e-12·maxⱼ |xⱼ|`, is 0: a model that keeps every direction leaves nothing. The model's centre is the
/// mean of its window means. Cost: 4npk. Source: Jackson & Mudholkar 1979, Technometrics 21:341
/// (Q); Hotelling 1931; Alcala & Qin 2011, J. Process Control 21:322 (the division).
pub fn residual(fit: &Fit, mut columns: Vec<Vec<f64>>) -> Residual {
    for (column, shift) in columns.iter_mut().zip(&fit.data.shifts) {
        project(column, shift);
    }
    divide(fit, &columns)
}

/// Q and T² of the rows the model was fitted on.
pub fn own_residual(fit: &Fit) -> Residual {
    divide(fit, &fit.data.columns)
}

fn divide(fit: &Fit, columns: &[Vec<f64>]) -> Residual {
    let rows = columns.first().map_or(0, Vec::len);
    let model = &fit.model;
    let unit = fit.data.unit();
    let mut scores = combine(&view(columns), &view(&model.components), rows);
    let mut standard = scores.clone();
    for (score, singular) in standard.iter_mut().zip(&model.singular) {
        let spread = singular / unit / fit.data.freedom().sqrt();
        score.iter_mut().for_each(|x| *x /= spread);
    }
    let mut rounding = vec![0.0_f64; rows];
    for column in columns {
        rounding.iter_mut().zip(column).for_each(|(least, x)| *least = least.max(ROUNDING * x.abs()));
    }
    let (mut q, mut t2) = (vec![0.0; rows], vec![0.0; rows]);
    let (mut q_of, mut t2_of) = (Vec::new(), Vec::new());
    for (j, column) in columns.iter().enumerate() {
        let loadings: Vec<f64> = model.components.iter().map(|component| component[j]).collect();
        let fitted = mix(&scores, &loadings, rows);
        let inside = mix(&standard, &loadings, rows);
        let left = column.iter().zip(&fitted).map(|(x, y)| x - y);
        let left = left.zip(&rounding).map(|(e, least)| if e.abs() <= *least { 0.0 } else { e });
        q_of.push(add_squares(left, unit, &mut q));
        t2_of.push(add_squares(inside.into_iter(), 1.0, &mut t2));
    }
    scores.iter_mut().flatten().for_each(|x| *x *= unit);
    Residual { q, t2, q_of, t2_of, scores }
}

/// Centres (and scales) a column as the model's was; missing values become 0.
fn project(column: &mut [f64], shift: &Shift) {
    let unit = shift.unit();
    for x in column {
        let moved = (*x / unit - shift.mean) / shift.spread;
        *x = if moved.is_finite() { moved } else { 0.0 };
    }
}

fn mix(columns: &[Vec<f64>], weights: &[f64], rows: usize) -> Vec<f64> {
    combine(&view(columns), &[weights], rows).pop().unwrap_or_default()
}

/// Adds the squares to the rows' sums and returns their mean.
fn add_squares(parts: impl Iterator<Item = f64>, unit: f64, sums: &mut [f64]) -> f64 {
    let mut total = 0.0;
    for (part, sum) in parts.zip(sums.iter_mut()) {
        *sum += (part * unit).powi(2);
        total += (part * unit).powi(2);
    }
    total / sums.len().max(1) as f64
}
