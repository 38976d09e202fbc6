//! The control of false discoveries among many tests.

use rayon::prelude::*;

/// The false discovery rate below which a change is no chance, in every filter.
pub const CLEAR: f64 = 0.01;

/// Benjamini and Hochberg's (1995) adjusted p-values: `q(i) = min over j ≥ i of p(j) n / j`, p in
/// ascending order, at most 1. `None` stays `None` and is not counted as a test.
pub fn false_discovery(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut q: Vec<f64> = p.iter().map(|p| p.unwrap_or(f64::NAN)).collect();
    adjust(&mut q);
    q.into_iter().map(|q| (!q.is_nan()).then_some(q)).collect()
}

/// The same in place, NaN for what is missing.
pub fn adjust(p: &mut [f64]) {
    let mut order: Vec<(f64, u32)> = p.iter().copied().zip(0..).filter(|(p, _)| !p.is_nan()).collect();
    order.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let n = order.len() as f64;
    let mut least = 1.0_f64;
    for (rank, (own, index)) in order.into_iter().enumerate().rev() {
        least = least.min(own * (n / (rank + 1) as f64));
        p[index as usize] = least;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discovery_rates_rise_with_p_and_skip_what_is_missing() {
        let q = false_discovery(&[Some(0.01), None, Some(0.04), Some(0.03)]);
        assert_eq!(q, vec![Some(0.03), None, Some(0.04), Some(0.04)]);
    }
}
