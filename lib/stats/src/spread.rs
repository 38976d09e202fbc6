//! The one robust spread of strain.

use crate::{Sample, quantile};

/// `1 / Φ⁻¹(3/4)`: the median absolute deviation of a normal distribution times this is its standard deviation.
const MAD_TO_DEVIATION: f64 = 1.4826;

/// `2 Φ⁻¹(3/4)`: the interquartile range of a normal distribution in standard deviations.
const IQR_IN_DEVIATIONS: f64 = 1.349;

/// The part of a metric's own size below which its spread is not resolved: what never moved in steady state is measured
/// by it. A thousandth; a hundredth would already hide a slow memory leak.
pub const FLOOR: f64 = 0.001;

/// The level of a series in steady state and how far it strays from it, in the unit of the series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The median.
    pub centre: f64,
    /// See [`spread`].
    pub spread: f64,
}

/// Median and robust spread: the largest of three estimates that agree for normal samples,
///
/// `max(σ, 1.4826 · MAD, IQR / 1.349)`
///
/// with the standard deviation σ (denominator n), the median absolute deviation from the median, and the interquartile
/// range between quantiles of type 7.
///
/// Why the largest: a spread is here what a later value is divided by to say how unusual it is. All that a metric does in
/// steady state is usual, so a steady state that is calm most of the time and spikes every 12 s must not make a thirty-fold
/// deviation of its own spikes. MAD and IQR alone (Rousseeuw and Croux 1993) ignore whatever less than half, or a quarter,
/// of the samples do. σ alone, on the other hand, hides that half of the samples stand at another level when a few are
/// close together; where one estimate is blind another is not. The price is a breakdown point of 0: an outlier in the
/// steady state makes the metric less sensitive, never more. The centre is the median, which outliers do not move.
///
/// Values that are not finite are missing. The spread of constant samples is exactly 0; one that would not fit is
/// `f64::MAX`. `None` without a finite value. Cost: O(n log n) time, O(n) memory.
pub fn spread(values: &[f64]) -> Option<Spread> {
    let sample = Sample::without_autocorrelation(values).0;
    Some(Spread { centre: sample.quantile(0.5)?, spread: sample.spread() })
}

/// The spread of ascending samples with the standard deviation `deviation`; 0 when empty.
pub(crate) fn of_sorted(sorted: &[f64], deviation: f64) -> f64 {
    let at = |q| quantile(sorted, q);
    let (Some(q1), Some(median), Some(q3)) = (at(0.25), at(0.5), at(0.75)) else { return 0.0 };
    let mad = MAD_TO_DEVIATION * median_distance(sorted, median);
    finite(deviation.max(mad).max((q3 - q1) / IQR_IN_DEVIATIONS))
}

/// What does not fit an `f64` as the largest that does.
pub(crate) fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::MAX }
}

/// Median of |x − centre| of ascending values: both sides of the centre are ascending distances, of
/// which the smallest k are found by bisection. O(log n).
fn median_distance(sorted: &[f64], centre: f64) -> f64 {
    let n = sorted.len();
    let middle = sorted.partition_point(|v| *v < centre);
    let upper = nearest(sorted, middle, centre, n / 2 + 1);
    if n % 2 == 1 {
        return upper;
    }
    let lower = nearest(sorted, middle, centre, n / 2);
    lower + (upper - lower) / 2.0
}

/// The k-th smallest distance from the centre, 1 ≤ k ≤ n; `middle` values are below the centre.
fn nearest(sorted: &[f64], middle: usize, centre: f64, k: usize) -> f64 {
    let left = |i: usize| centre - sorted[middle - 1 - i];
    let right = |j: usize| sorted[middle + j] - centre;
    let (mut few, mut many) = (k.saturating_sub(sorted.len() - middle), k.min(middle));
    while few < many {
        let i = usize::midpoint(few, many);
        // One more from the left is nearer than the last from the right.
        if left(i) < right(k - i - 1) {
            few = i + 1;
        } else {
            many = i;
        }
    }
    let from_left = if few > 0 { left(few - 1) } else { 0.0 };
    let from_right = if few < k { right(k - few - 1) } else { 0.0 };
    from_left.max(from_right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sorted;

    #[test]
    fn median_distance_equals_the_sorted_one() {
        for n in 1..12 {
            let values = sorted(&(0..n).map(|i| f64::from((i * 7919) % 13)).collect::<Vec<_>>());
            let centre = quantile(&values, 0.5).unwrap();
            let away = sorted(&values.iter().map(|v| (v - centre).abs()).collect::<Vec<_>>());
            assert_eq!(median_distance(&values, centre), quantile(&away, 0.5).unwrap(), "{values:?}");
        }
    }

    #[test]
    fn each_estimate_has_its_turn() {
        let spread_of = |values: &[f64]| spread(values).map(|s| s.spread);
        let spikes: Vec<f64> = (0..36).map(|i| if i % 12 == 0 { 10.0 } else { 0.0 }).collect();
        assert_eq!(spread_of(&spikes), Some((100.0f64 / 12.0 * 11.0 / 12.0).sqrt()));
        assert_eq!(spread_of(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 3.0, 3.0, 3.0]), Some(3.0 / 1.349));
        assert_eq!(spread_of(&[-1.0, -1.0, -1.0, 0.0, 1.0, 1.0, 1.0]), Some(1.4826));
    }

    #[test]
    fn constant_and_missing_samples_have_no_spread() {
        assert_eq!(spread(&[0.1, f64::NAN, 0.1, 0.1]), Some(Spread { centre: 0.1, spread: 0.0 }));
        assert_eq!(spread(&[f64::NAN, f64::INFINITY]), None);
        assert_eq!(spread(&[f64::MAX, -f64::MAX]).map(|s| s.spread), Some(f64::MAX));
    }
}
