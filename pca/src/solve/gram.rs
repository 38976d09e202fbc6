//! Gram matrices of columns and of rows.

use super::product::{add_gram, view};

/// Columns that are turned at a time for the Gram matrix of rows.
const PANEL: usize = 256;

pub(super) fn gram_of(columns: &[&[f64]]) -> Vec<Vec<f64>> {
    let mut gram = vec![vec![0.0; columns.len()]; columns.len()];
    add_gram(&mut gram, columns);
    gram
}

/// XXᵀ, a panel of columns turned at a time, so that no second copy of the grid is needed.
pub(super) fn gram_of_rows(columns: &[&[f64]], rows: usize) -> Vec<Vec<f64>> {
    let mut gram = vec![vec![0.0; rows]; rows];
    add_rows(&mut gram, columns);
    gram
}

/// Adds XXᵀ to a matrix of rows × rows.
pub(crate) fn add_rows(gram: &mut [Vec<f64>], columns: &[&[f64]]) {
    for panel in columns.chunks(PANEL) {
        let turned: Vec<Vec<f64>> = (0..gram.len()).map(|i| panel.iter().map(|column| column[i]).collect()).collect();
        add_gram(gram, &view(&turned));
    }
}
