//! Find the peaks of a series, and cut windows around them.
//!
//! Definitions, conditions and their order are those of `scipy.signal.find_peaks`, and so are the numbers: see
//! [`find`]. Positions are in points, counted from 0; a position between two points is a fraction. A series is
//! free of gaps here: [`bridge`] or [`runs`] come first.
//!
//! ```
//! let x = [0.0, 3.0, 0.0, 1.0, 0.0];
//! let high = peaks::Conditions { height: peaks::Interval::at_least(2.0), ..Default::default() };
//! let found = peaks::find(&x, &high);
//! assert_eq!(found.len(), 1);
//! assert_eq!((found[0].index, found[0].prominence, found[0].width), (1, 3.0, 1.0));
//! ```

mod peak;
mod window;

pub use peak::maxima::{Maximum, far_apart, maxima};
pub use peak::prominence::{Prominence, prominences};
pub use peak::width::{Width, widths};
pub use window::cut::{
    Extent, around, between_feet, merge_around, merge_extents, resample, resample_times, take, take_times,
};
pub use window::gaps::{bridge, runs, smooth};

/// A closed interval, open where a bound is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Interval {
    /// The least value that is inside.
    pub min: Option<f64>,
    /// The largest value that is inside.
    pub max: Option<f64>,
}

impl Interval {
    /// From `min` on.
    pub fn at_least(min: f64) -> Interval {
        Interval { min: Some(min), max: None }
    }

    /// Whether `value` is inside.
    pub fn holds(&self, value: f64) -> bool {
        self.min.is_none_or(|min| min <= value) && self.max.is_none_or(|max| value <= max)
    }

    /// The interval of the negated values: a peak of `-x` is a valley of `x`.
    pub fn negated(&self) -> Interval {
        Interval { min: self.max.map(|v| -v), max: self.min.map(|v| -v) }
    }
}

/// What a maximum must be like to count as a peak. The default asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Points of equal value on the top.
    pub plateau_size: Interval,
    /// The value at the peak.
    pub height: Interval,
    /// The drop to the next point on either side: the smaller drop is held against `min`, the larger against `max`.
    pub threshold: Interval,
    /// Peaks are at least this many points apart, rounded up: the higher of two stays and, of equal ones, the later.
    pub distance: Option<f64>,
    /// The height above the lowest contour line, see [`prominences`].
    pub prominence: Interval,
    /// The width in points, see [`widths`].
    pub width: Interval,
    /// The points around a peak that its bases are sought in, see [`prominences`].
    pub wlen: Option<usize>,
    /// The share of the prominence, from the top down, where the width is measured.
    pub rel_height: f64,
}

impl Default for Conditions {
    fn default() -> Conditions {
        let any = Interval::default();
        Conditions {
            plateau_size: any,
            height: any,
            threshold: any,
            distance: None,
            prominence: any,
            width: any,
            wlen: None,
            rel_height: 0.5,
        }
    }
}

/// A peak and its measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// Where it is: the middle of its top, rounded down.
    pub index: usize,
    /// The value there.
    pub height: f64,
    /// How far it stands out of what surrounds it.
    pub prominence: f64,
    /// The lowest point to its left, before the series rises above the peak.
    pub left_base: usize,
    /// The lowest point to its right.
    pub right_base: usize,
    /// `right - left`.
    pub width: f64,
    /// Where the series crosses the height of the width, left of the peak.
    pub left: f64,
    /// Where it crosses it right of the peak.
    pub right: f64,
}

impl Peak {
    /// The same peak in a longer series, of which `x` begins at point `offset`.
    pub fn shifted(self, offset: usize) -> Peak {
        Peak {
            index: self.index + offset,
            left_base: self.left_base + offset,
            right_base: self.right_base + offset,
            left: self.left + offset as f64,
            right: self.right + offset as f64,
            ..self
        }
    }
}

/// Finds the peaks of `x` that meet all conditions, from left to right.
///
/// The conditions are taken in scipy's order: plateau size, height, threshold, distance, prominence, width. Each sees
/// only what the ones before it left, and it matters: a peak that is too low does not push its neighbours away, one
/// that is not prominent enough does.
///
/// A series of fewer than three points has no peak. Cost: O(n + p log p) for p maxima; with `wlen`, O(p · wlen) more.
pub fn find(x: &[f64], conditions: &Conditions) -> Vec<Peak> {
    let tops: Vec<Maximum> = maxima(x).collect();
    let middles: Vec<usize> = tops.iter().map(Maximum::middle).collect();
    let size = |m: &Maximum| (m.last - m.first + 1) as f64;
    let broad = tops.iter().filter(|m| conditions.plateau_size.holds(size(m))).map(Maximum::middle);
    let stands = |&p: &usize| conditions.height.holds(x[p]) && stands_off(x, p, conditions.threshold);
    let mut peaks: Vec<usize> = broad.filter(stands).collect();
    if let Some(distance) = conditions.distance {
        peaks = far_apart(x, &peaks, distance);
    }
    let mut feet = match conditions.wlen {
        Some(wlen) => peak::prominence::within(x, &peaks, wlen / 2),
        None => peak::prominence::among(x, &middles, &peaks),
    };
    let high: Vec<bool> = feet.iter().map(|f| conditions.prominence.holds(f.prominence)).collect();
    keep(&mut peaks, &high);
    keep(&mut feet, &high);
    let widths = widths(x, &peaks, &feet, conditions.rel_height);
    let all = peaks.iter().zip(&feet).zip(&widths);
    let wide = all.filter(|(_, width)| conditions.width.holds(width.right - width.left));
    wide.map(|((&index, foot), width)| Peak {
        index,
        height: x[index],
        prominence: foot.prominence,
        left_base: foot.left,
        right_base: foot.right,
        width: width.right - width.left,
        left: width.left,
        right: width.right,
    })
    .collect()
}

fn stands_off(x: &[f64], peak: usize, threshold: Interval) -> bool {
    let (left, right) = (x[peak] - x[peak - 1], x[peak] - x[peak + 1]);
    threshold.min.is_none_or(|min| min <= left.min(right)) && threshold.max.is_none_or(|max| left.max(right) <= max)
}

fn keep<T>(items: &mut Vec<T>, mask: &[bool]) {
    let mut mask = mask.iter();
    items.retain(|_| mask.next().is_some_and(|&wanted| wanted));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indices(x: &[f64], conditions: Conditions) -> Vec<usize> {
        find(x, &conditions).iter().map(|p| p.index).collect()
    }

    #[test]
    fn short_series_has_no_peak() {
        for x in [&[][..], &[1.0], &[1.0, 2.0], &[2.0, 1.0]] {
            assert!(find(x, &Conditions::default()).is_empty());
        }
    }

    #[test]
    fn low_peak_does_not_push_its_neighbours_away() {
        let x = [0.0, 5.0, 4.0, 6.0, 0.0, 2.0, 0.0];
        let near = Conditions { distance: Some(3.0), ..Default::default() };
        assert_eq!(indices(&x, near), [3]);
        let low = Interval { min: None, max: Some(5.5) };
        assert_eq!(indices(&x, Conditions { height: low, ..near }), [1, 5]);
    }

    #[test]
    fn peak_of_little_prominence_pushes_its_neighbours_away() {
        let x = [0.0, 3.0, 0.0, 5.0, 4.9, 9.0, 0.0];
        let prominent = Conditions { prominence: Interval { min: None, max: Some(4.0) }, ..Default::default() };
        assert_eq!(indices(&x, prominent), [1, 3]);
        assert_eq!(indices(&x, Conditions { distance: Some(3.0), ..prominent }), [1]);
    }

    #[test]
    fn threshold_is_held_against_the_smaller_and_the_larger_drop() {
        let x = [0.0, 3.0, 2.0, 4.0, 0.0];
        let within = |min, max| indices(&x, Conditions { threshold: Interval { min, max }, ..Default::default() });
        assert_eq!(within(Some(1.5), None), [3]);
        assert_eq!(within(None, Some(3.0)), [1]);
    }

    #[test]
    fn negated_interval_swaps_its_bounds() {
        let below = Interval { min: None, max: Some(5.0) };
        assert_eq!(below.negated(), Interval::at_least(-5.0));
    }
}
