//! Mean and standard deviation.

/// The first two moments of a series, in its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
}

/// Mean and standard deviation `sqrt(Σ (x − mean)² / (n − ddof))`, in two passes. `None` when there is no finite value, or a
/// varying series has not more than `ddof`.
///
/// Both sums are of differences from a sample (then from the mean), and the second is corrected by what the rounding
/// of the mean left over (Chan, Golub & LeVeque, 1983), so that a large level takes no digits from a small spread
/// and a constant has the spread 0 exactly.
pub fn deviation(values: &[f64], ddof: usize) -> Option<Moments> {
    let first = values.iter().copied().find(|v| v.is_finite())?;
    let (count, sum, _) = sums(values, first);
    let mean = first + sum / count as f64;
    let (_, rest, squares) = sums(values, mean);
    let total = (squares - rest * rest / count as f64).max(0.0);
    if total == 0.0 {
        return Some(Moments { mean, deviation: 0.0 });
    }
    (count > ddof).then(|| Moments { mean, deviation: (total / (count - ddof) as f64).sqrt() })
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

/// Sum of `term` over two series as far as both go, in eight partial sums: several are added at a time, and less is rounded
/// away.
pub(crate) fn sum(a: &[f64], b: &[f64], term: impl Fn(f64, f64) -> f64) -> f64 {
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks(8).zip(b.chunks(8)) {
        sums.iter_mut().zip(a).zip(b).for_each(|((sum, a), b)| *sum += term(*a, *b));
    }
    sums.iter().sum()
}

/// Mean of `term` that does not overflow where the sum would.
pub(crate) fn mean_of(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let n = values.len() as f64;
    let whole = sum(values, values, |v, _| term(v));
    if whole.is_finite() { whole / n } else { sum(values, values, |v, _| term(v) / n) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_deviation_on_a_high_level_keeps_its_digits() {
        let found = deviation(&[1e15, 1e15 + 1.0, f64::NAN, 1e15 + 2.0], 1);
        assert_eq!(found, Some(Moments { mean: 1e15 + 1.0, deviation: 1.0 }));
    }

    #[test]
    fn a_constant_has_the_deviation_0_and_too_few_samples_have_none() {
        assert_eq!(deviation(&[0.1; 7], 1).map(|m| m.deviation), Some(0.0));
        assert_eq!((deviation(&[1.0, 2.0], 2), deviation(&[f64::NAN], 0)), (None, None));
    }

    #[test]
    fn a_mean_does_not_overflow() {
        assert_eq!(mean_of(&[f64::MAX; 4], |v| v), f64::MAX);
    }
}
