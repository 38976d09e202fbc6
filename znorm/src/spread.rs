//! Centre and spread of one series whose squares fit an `f64`.

use crate::{Method, Scale};

/// `1 / Φ⁻¹(3/4)`: the median absolute deviation of a normal distribution times this is its standard deviation
/// (Rousseeuw & Croux, 1993).
const MAD_TO_DEVIATION: f64 = 1.4826;

/// `2·Φ⁻¹(3/4)`: the interquartile range of a normal distribution in standard deviations.
const IQR_IN_DEVIATIONS: f64 = 1.349;

/// Centre and spread by `method`; `None` when there is no sample, or a varying series has not more than `ddof`.
pub(crate) fn measure(values: &[f64], method: Method) -> Option<Scale> {
    match method {
        Method::Deviation { ddof } => deviation(values, ddof),
        Method::Robust => robust(values),
        Method::MinMax => range(values),
    }
}

/// Mean and standard deviation in two passes.
///
/// Both sums are of differences from a sample (then from the mean), and the second is corrected by what the rounding
/// of the mean left over (Chan, Golub & LeVeque, 1983), so that a large level takes no digits from a small spread
/// and a constant has the spread 0 exactly.
fn deviation(values: &[f64], ddof: usize) -> Option<Scale> {
    let first = values.iter().copied().find(|v| v.is_finite())?;
    let (count, sum, _) = sums(values, first);
    let centre = first + sum / count as f64;
    let (_, rest, squares) = sums(values, centre);
    let total = (squares - rest * rest / count as f64).max(0.0);
    if total == 0.0 {
        return Some(Scale { centre, spread: 0.0 });
    }
    (count > ddof).then(|| Scale { centre, spread: (total / (count - ddof) as f64).sqrt() })
}

/// How many samples there are, and the sums of their differences from `origin` and of the squares of these.
///
/// Four running sums each, so that an addition need not wait for the one before.
fn sums(values: &[f64], origin: f64) -> (usize, f64, f64) {
    let (mut count, mut sum, mut squares) = ([0_usize; 4], [0.0; 4], [0.0; 4]);
    for four in values.chunks(4) {
        for (k, v) in four.iter().enumerate() {
            let d = if v.is_finite() { v - origin } else { 0.0 };
            count[k] += usize::from(v.is_finite());
            sum[k] += d;
            squares[k] += d * d;
        }
    }
    (count.iter().sum(), sum.iter().sum(), squares.iter().sum())
}

/// Median, and the larger of `1.4826·MAD` and `IQR / 1.349`.
///
/// Both are 0 when more than half of the samples are equal, though the others may stand far out; such a series is
/// measured by its standard deviation instead. Quartiles lie between samples as numpy's do (`linear`).
fn robust(values: &[f64]) -> Option<Scale> {
    let mut x: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    if x.is_empty() {
        return None;
    }
    let range = quantile(&mut x, 3) - quantile(&mut x, 1);
    let centre = quantile(&mut x, 2);
    x.iter_mut().for_each(|v| *v = (*v - centre).abs());
    let spread = (MAD_TO_DEVIATION * quantile(&mut x, 2)).max(range / IQR_IN_DEVIATIONS);
    if spread > 0.0 {
        return Some(Scale { centre, spread });
    }
    deviation(values, 0).map(|plain| Scale { centre, ..plain })
}

/// The quantile at `quarters / 4`: linear between the samples at `⌊q·(n-1)⌋` and the next. Reorders `x`; O(n).
fn quantile(x: &mut [f64], quarters: usize) -> f64 {
    let steps = quarters * (x.len() - 1);
    let (_, low, above) = x.select_nth_unstable_by(steps / 4, f64::total_cmp);
    let low = *low;
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    low + (high - low) * ((steps % 4) as f64 / 4.0)
}

/// Minimum and range.
fn range(values: &[f64]) -> Option<Scale> {
    let samples = || values.iter().copied().filter(|v| v.is_finite());
    let centre = samples().min_by(f64::total_cmp)?;
    let largest = samples().max_by(f64::total_cmp)?;
    Some(Scale { centre, spread: largest - centre })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mostly_equal_samples_are_measured_by_their_deviation() {
        let scale = robust(&[0.0, 0.0, 0.0, 0.0, 10.0]);
        assert_eq!(scale, Some(Scale { centre: 0.0, spread: 4.0 }));
    }

    #[test]
    fn quartiles_lie_between_samples() {
        assert_eq!(quantile(&mut [4.0, 1.0, 3.0, 2.0], 1), 1.75);
        assert_eq!(quantile(&mut [4.0, 1.0, 3.0, 2.0], 2), 2.5);
        assert_eq!(quantile(&mut [7.0], 3), 7.0);
    }

    #[test]
    fn small_spread_on_a_high_level_keeps_its_digits() {
        let scale = deviation(&[1e15, 1e15 + 1.0, 1e15 + 2.0], 1);
        assert_eq!(scale, Some(Scale { centre: 1e15 + 1.0, spread: 1.0 }));
    }

    #[test]
    fn minus_zero_is_the_smaller_zero_and_no_range() {
        assert_eq!(range(&[0.0, -0.0]).map(|s| s.spread), Some(0.0));
    }
}
