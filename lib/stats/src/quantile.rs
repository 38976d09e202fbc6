//! Values in ascending order, and quantiles of them.

use std::borrow::Cow;

/// The finite values in ascending order; −0 counts as 0. Cost: O(n log n), without a comparison of floats.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut keys: Vec<i64> = present(values).iter().map(|v| key(*v)).collect();
    keys.sort_unstable();
    keys.into_iter().map(unkey).collect()
}

/// The finite values, in their order.
pub(crate) fn present(values: &[f64]) -> Cow<'_, [f64]> {
    match values.iter().all(|v| v.is_finite()) {
        true => values.into(),
        false => values.iter().copied().filter(|v| v.is_finite()).collect(),
    }
}

/// Maps a finite value to an integer of the same order, so that integers can be sorted; −0 is 0.
fn key(value: f64) -> i64 {
    let bits = (value + 0.0).to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

fn unkey(key: i64) -> f64 {
    f64::from_bits((key ^ (((key >> 63) as u64) >> 1) as i64) as u64)
}

/// Quantile `q` in [0, 1] of ascending values, linear between neighbours: at position `q (n − 1)`
/// (Hyndman and Fan 1996, type 7; numpy's default). `None` when empty. O(1).
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = q.clamp(0.0, 1.0) * last as f64;
    let low = at.floor() as usize;
    let high = (low + 1).min(last);
    let part = at - low as f64;
    let (a, b) = (sorted[low], sorted[high]);
    let gap = b - a;
    Some(match gap.is_finite() {
        _ if part == 0.0 => a,
        // From the nearer end, as numpy does: nothing is lost where the values are close.
        true if part < 0.5 => a + gap * part,
        true => b - gap * (1.0 - part),
        false => a * (1.0 - part) + b * part,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_the_order_of_values() {
        let values = [-1e300, -2.0, -0.0, 0.0, 1e-300, 7.5];
        assert!(values.windows(2).all(|w| key(w[0]) <= key(w[1])));
        assert!(values.iter().all(|v| unkey(key(*v)) == *v));
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let s = sorted(&[4.0, f64::NAN, 1.0, 3.0, 2.0]);
        assert_eq!((quantile(&s, 0.5), quantile(&s, 0.25), quantile(&s, 1.0)), (Some(2.5), Some(1.75), Some(4.0)));
        assert_eq!((quantile(&[7.0], 0.75), quantile(&[], 0.5)), (Some(7.0), None));
        assert_eq!(quantile(&[-f64::MAX, f64::MAX], 0.5), Some(0.0));
    }
}
