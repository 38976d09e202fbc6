//! Series with gaps, and smoothing. NaN is a missing sample.

use std::{borrow::Cow, ops::Range};

/// Fills the gaps of a series: a straight line from the sample before to the one after, the nearest sample at the
/// ends. `None` when there is no sample. A line has no peak of its own, but a gap between two equal samples can be
/// (part of) a plateau. Cost: O(n); a series without gaps is not copied.
pub fn bridge(x: &[f64]) -> Option<Cow<'_, [f64]>> {
    let first = x.iter().position(|v| !v.is_nan())?;
    if first == 0 && !x.iter().any(|v| v.is_nan()) {
        return Some(Cow::Borrowed(x));
    }
    let mut filled = x.to_vec();
    filled[..first].fill(x[first]);
    let mut before = first;
    for i in first + 1..x.len() {
        if !x[i].is_nan() {
            let slope = x[i] / (i - before) as f64 - x[before] / (i - before) as f64;
            for (k, v) in (1..).zip(&mut filled[before + 1..i]) {
                *v = slope * f64::from(k) + x[before];
            }
            before = i;
        }
    }
    filled[before..].fill(x[before]);
    Some(Cow::Owned(filled))
}

/// The stretches of a series that have no gap.
pub fn runs(x: &[f64]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + x[at..].iter().position(|v| !v.is_nan())?;
        at = x[start..].iter().position(|v| v.is_nan()).map_or(x.len(), |length| start + length);
        Some(start..at)
    })
}

/// The moving average of `points` (odd) points: the mean of the samples at most `points / 2` away.
///
/// Fewer samples count at the ends and beside a gap; a gap stays a gap. The mean is that of the differences from
/// the point itself, so that a constant stays constant to the last bit. Sums are only ever added to, never taken from, so
/// that nothing is left of what has passed: of marks as far apart as a window is long each window holds one, and is what
/// lies before it and what follows (van Herk, 1992). Cost: O(n).
pub fn smooth(x: &[f64], points: usize) -> Vec<f64> {
    let (count, reach) = (x.len(), (points / 2).min(x.len()));
    let mut smoothed = Vec::with_capacity(count);
    let (mut before, mut after) = (Sums::default(), Sums::default());
    for mark in (0..count + reach).step_by(2 * reach + 1) {
        let middle = mark.min(count);
        before.fill(x[mark.saturating_sub(2 * reach)..middle].iter().rev());
        after.fill(x[middle..count.min(mark + 2 * reach + 1)].iter());
        let (start, stop) = (mark.saturating_sub(reach), count.min(mark + reach + 1));
        for (i, &centre) in (start..).zip(&x[start..stop]) {
            let (first, end) = (i.saturating_sub(reach), count.min(i + reach + 1));
            let sides = [before.of(middle - first, centre), after.of(end.saturating_sub(mark), centre)];
            smoothed.push(centre + (sides[0].1 + sides[1].1) / (sides[0].0 + sides[1].0));
        }
    }
    smoothed
}

/// Of the first points on one side of a mark, for each number of them: how many are samples, and the sum of their
/// differences from the first of these.
#[derive(Default)]
struct Sums {
    first: f64,
    sums: Vec<(f64, f64)>,
}

impl Sums {
    fn fill<'a>(&mut self, values: impl Iterator<Item = &'a f64>) {
        let (mut count, mut sum) = (0.0, 0.0);
        self.sums.clear();
        self.sums.push((count, sum));
        for value in values {
            if !value.is_nan() {
                self.first = if count == 0.0 { *value } else { self.first };
                (count, sum) = (count + 1.0, sum + (value - self.first));
            }
            self.sums.push((count, sum));
        }
    }

    /// Of the first `points` how many are samples, and the sum of their differences from `centre`.
    fn of(&self, points: usize, centre: f64) -> (f64, f64) {
        match self.sums[points] {
            (0.0, _) => (0.0, 0.0),
            (count, sum) => (count, sum + count * (self.first - centre)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: f64 = f64::NAN;

    #[test]
    fn gaps_are_bridged_and_ends_held() {
        let x = [GAP, 1.0, GAP, GAP, 4.0, GAP];
        assert_eq!(bridge(&x).unwrap().as_ref(), [1.0, 1.0, 2.0, 3.0, 4.0, 4.0]);
        assert!(bridge(&[GAP, GAP]).is_none());
        assert!(bridge(&[]).is_none());
    }

    #[test]
    fn series_without_gaps_is_not_copied() {
        assert!(matches!(bridge(&[1.0, 2.0]), Some(Cow::Borrowed(_))));
    }

    #[test]
    fn runs_lie_between_gaps() {
        let found: Vec<_> = runs(&[GAP, 1.0, 2.0, GAP, GAP, 3.0]).collect();
        assert_eq!(found, [1..3, 5..6]);
        assert_eq!(runs(&[]).count() + runs(&[GAP]).count(), 0);
    }

    #[test]
    fn fewer_samples_count_at_ends_and_gaps() {
        let smoothed = smooth(&[0.0, 3.0, 6.0, GAP, 2.0], 3);
        assert_eq!(smoothed[..3], [1.5, 3.0, 4.5]);
        assert!(smoothed[3].is_nan());
        assert_eq!(smoothed[4], 2.0);
    }

    #[test]
    fn smoothed_constant_is_the_same_constant() {
        assert_eq!(smooth(&[0.1; 9], 7), [0.1; 9]);
        assert_eq!(smooth(&[0.1; 3], usize::MAX), [0.1; 3]);
    }

    #[test]
    fn a_spike_leaves_nothing_behind_and_a_window_may_be_longer_than_the_series() {
        let mut x = vec![1.0, 2.0, 1e17, 4.0, 5.0, 6.0];
        assert_eq!(smooth(&x, 3)[4..], [5.0, 5.5]);
        x.remove(2);
        let mean = 18.0 / 5.0;
        assert!(smooth(&x, 11).iter().all(|v| (v - mean).abs() < 1e-15));
        assert!(smooth(&[], 3).is_empty());
    }
}
