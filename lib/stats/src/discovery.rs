//! The control of false discoveries among many tests.

/// The false discovery rate below which a change is no chance, in every filter.
pub const CLEAR: f64 = 0.01;

/// Benjamini and Hochberg's (1995) adjusted p-values: `q(i) = min over j ≥ i of p(j) n / j`, p in
/// ascending order, at most 1. `None` stays `None` and is not counted as a test.
pub fn false_discovery(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(usize, f64)> = p.iter().enumerate().filter_map(|(i, p)| p.map(|p| (i, p))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let n = order.len() as f64;
    let mut q = vec![None; p.len()];
    let mut least = 1.0_f64;
    for (rank, (index, p)) in order.into_iter().enumerate().rev() {
        least = least.min(p * (n / (rank + 1) as f64));
        q[index] = Some(least);
    }
    q
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
