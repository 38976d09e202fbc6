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
/// the point itself, so that a constant stays constant to the last bit. Cost: O(n · points).
pub fn smooth(x: &[f64], points: usize) -> Vec<f64> {
    let reach = points / 2;
    let around = |i: usize| &x[i.saturating_sub(reach)..x.len().min(i.saturating_add(reach).saturating_add(1))];
    let average = |(i, &centre): (usize, &f64)| {
        let samples = around(i).iter().filter(|v| !v.is_nan());
        let (count, sum) = samples.fold((0_usize, 0.0), |(count, sum), v| (count + 1, sum + (v - centre)));
        centre + sum / count as f64
    };
    x.iter().enumerate().map(average).collect()
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
}
