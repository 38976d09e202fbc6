//! How much each column carries.

use crate::Model;

/// The share of the explained variance that each column carries: `cⱼ = Σₖ λₖ vₖⱼ² / Σₖ λₖ`.
///
/// One number for each column, none negative, 1 together (each component has length 1). Constant and
/// empty columns carry 0; without any component every share is 0. Cost: kp. Source: the squared
/// loadings weighted by explained variance of Jolliffe, Principal Component Analysis, 2002, §3.2.
pub fn contributions(model: &Model, columns: usize) -> Vec<f64> {
    let explained: f64 = model.ratios.iter().sum();
    (0..columns)
        .map(|j| {
            let parts = model.ratios.iter().zip(&model.components);
            let sum: f64 = parts.map(|(ratio, component)| ratio * component[j].powi(2)).sum();
            if explained > 0.0 { sum / explained } else { 0.0 }
        })
        .collect()
}
