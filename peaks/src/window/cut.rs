//! Windows around peaks, and what is cut out of a series by them.

use crate::Peak;

/// The points `first..=last` of a series, which may reach beyond either end of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The first point.
    pub first: i64,
    /// The last point, `first` or later.
    pub last: i64,
}

impl Extent {
    /// How many points it holds.
    pub fn points(&self) -> usize {
        (self.last - self.first + 1).max(0) as usize
    }

    /// Whether all its points are points of a series of `length`.
    pub fn lies_within(&self, length: usize) -> bool {
        0 <= self.first && self.last < length as i64
    }
}

/// One window a peak, from `before` points before it to `after` points after it: all are equally long.
pub fn around(peaks: &[Peak], before: usize, after: usize) -> Vec<Extent> {
    let window = |p: &Peak| Extent { first: p.index as i64 - before as i64, last: p.index as i64 + after as i64 };
    peaks.iter().map(window).collect()
}

/// The peaks whose windows by [`around`] do not overlap: from the highest down (of equals the later first), each peak
/// takes over those whose windows overlap its own.
pub fn merge_around(peaks: &[Peak], before: usize, after: usize) -> Vec<Peak> {
    let height = |at: usize| peaks[at].height + 0.0;
    let mut order: Vec<usize> = (0..peaks.len()).collect();
    order.sort_by(|&a, &b| height(b).total_cmp(&height(a)).then(b.cmp(&a)));
    let (mut taken, span) = (vec![false; peaks.len()], before.saturating_add(after).saturating_add(1));
    let mut kept = Vec::new();
    for at in order {
        if !taken[at] {
            let near = |p: &&Peak| p.index.abs_diff(peaks[at].index) < span;
            let earlier = peaks[..at].iter().rev().take_while(near).count();
            let later = peaks[at..].iter().take_while(near).count();
            taken[at - earlier..at + later].fill(true);
            kept.push(peaks[at]);
        }
    }
    kept.sort_by_key(|p| p.index);
    kept
}

/// One window a peak, from its left base to its right base.
pub fn between_feet(peaks: &[Peak]) -> Vec<Extent> {
    peaks.iter().map(|p| Extent { first: p.left_base as i64, last: p.right_base as i64 }).collect()
}

/// Joins windows that have more than an end point in common, from left to right.
pub fn merge_extents(mut extents: Vec<Extent>) -> Vec<Extent> {
    extents.sort_by_key(|e| (e.first, e.last));
    let mut merged: Vec<Extent> = Vec::new();
    for extent in extents {
        match merged.last_mut() {
            Some(open) if extent.first < open.last => open.last = open.last.max(extent.last),
            _ => merged.push(extent),
        }
    }
    merged
}

/// The values of a window; NaN beyond the ends of the series.
pub fn take(x: &[f64], extent: Extent) -> impl Iterator<Item = f64> {
    (extent.first..=extent.last).map(|i| usize::try_from(i).ok().and_then(|i| x.get(i)).copied().unwrap_or(f64::NAN))
}

/// The times of a window; beyond the ends of the series they go on in steps of `step_ms`. Empty if there are none.
pub fn take_times(times_ms: &[i64], step_ms: i64, extent: Extent) -> impl Iterator<Item = i64> {
    let ends = times_ms.first().zip(times_ms.last());
    let beyond = times_ms.len() as i64 - 1;
    (extent.first..=extent.last).filter_map(move |i| {
        let (start, end) = ends?;
        Some(match usize::try_from(i).ok().and_then(|i| times_ms.get(i)) {
            Some(&time) => time,
            None if i < 0 => start + i * step_ms,
            None => end + (i - beyond) * step_ms,
        })
    })
}

/// A window resampled to `length` (2 or more) points, the first and last being its own: linear between points.
///
/// Point `k` lies at `k · (n - 1) / (length - 1)` for a window of `n` points; it is missing when either of the points
/// that it lies between is.
pub fn resample(window: &[f64], length: usize) -> impl Iterator<Item = f64> {
    positions(window.len(), length).filter_map(|(at, share)| {
        let left = *window.get(at)?;
        let between = |right: &f64| left * (1.0 - share) + right * share;
        Some(if share == 0.0 { left } else { window.get(at + 1).map_or(f64::NAN, between) })
    })
}

/// The times of a resampled window, at the same positions, to the nearest millisecond.
pub fn resample_times(times_ms: &[i64], length: usize) -> impl Iterator<Item = i64> {
    positions(times_ms.len(), length).filter_map(|(at, share)| {
        let left = *times_ms.get(at)?;
        let step = times_ms.get(at + 1).map_or(0, |right| right - left);
        Some(left + (step as f64 * share).round() as i64)
    })
}

/// Where the points of a resampled window lie: a point of the window, and the share of the way to the next.
fn positions(points: usize, length: usize) -> impl Iterator<Item = (usize, f64)> {
    let (span, steps) = (points.saturating_sub(1) as u128, length.max(2) as u128 - 1);
    (0..=steps).map(move |k| ((k * span / steps) as usize, (k * span % steps) as f64 / steps as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Conditions, find};

    #[test]
    fn window_reaches_beyond_the_series_with_gaps_and_times() {
        let extent = Extent { first: -1, last: 2 };
        let values: Vec<f64> = take(&[1.0, 2.0], extent).collect();
        assert!(values[0].is_nan() && values[3].is_nan());
        assert_eq!(values[1..3], [1.0, 2.0]);
        let times: Vec<i64> = take_times(&[1000, 2000], 500, extent).collect();
        assert_eq!(times, [500, 1000, 2000, 2500]);
        assert!(!extent.lies_within(2));
    }

    #[test]
    fn higher_peak_takes_over_the_windows_it_overlaps() {
        let x = [0.0, 1.0, 0.0, 3.0, 0.0, 2.0, 0.0, 1.0, 0.0];
        let peaks = find(&x, &Conditions::default());
        let kept: Vec<usize> = merge_around(&peaks, 1, 1).iter().map(|p| p.index).collect();
        assert_eq!(kept, [3, 7]);
        assert_eq!(merge_around(&peaks, 0, 1).len(), 4);
    }

    #[test]
    fn windows_with_one_common_foot_are_not_merged() {
        let extent = |first, last| Extent { first, last };
        let merged = merge_extents(vec![extent(4, 9), extent(0, 4), extent(5, 7), extent(8, 12)]);
        assert_eq!(merged, [extent(0, 4), extent(4, 12)]);
    }

    #[test]
    fn resampled_window_keeps_its_ends() {
        let x = [0.0, 10.0, 20.0];
        assert_eq!(resample(&x, 5).collect::<Vec<_>>(), [0.0, 5.0, 10.0, 15.0, 20.0]);
        assert_eq!(resample(&x, 2).collect::<Vec<_>>(), [0.0, 20.0]);
        assert_eq!(resample(&[], 3).count(), 0);
        assert_eq!(resample_times(&[10, 20, 40], 5).collect::<Vec<_>>(), [10, 15, 20, 30, 40]);
    }

    #[test]
    fn gap_in_a_resampled_window_stays_a_gap() {
        let found: Vec<bool> = resample(&[0.0, f64::NAN, 2.0], 5).map(|v| v.is_nan()).collect();
        assert_eq!(found, [false, true, true, true, false]);
    }
}
