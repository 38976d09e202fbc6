//! How wide a peak is at a share of its prominence.

use crate::Prominence;

/// Where a series crosses a height on either side of a peak, in points and fractions of points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Width {
    /// `x[peak] - rel_height · prominence`.
    pub height: f64,
    /// The crossing on the left.
    pub left: f64,
    /// The crossing on the right.
    pub right: f64,
}

/// The width of each of the `peaks` (ascending) at `x[peak] - rel_height · prominence`.
///
/// The crossing is the nearest point on that side that is not above that height, and not beyond the base; where that
/// point is below it, the crossing lies on the straight line to the point before. `rel_height` is 0 or more: 0.5
/// measures half way down, 1 at the higher base, and beyond that the bases bound the width.
///
/// Cost: O(n + p log n), for all peaks together.
pub fn widths(x: &[f64], peaks: &[usize], feet: &[Prominence], rel_height: f64) -> Vec<Width> {
    let heights: Vec<f64> = peaks.iter().zip(feet).map(|(&p, f)| x[p] - f.prominence * rel_height).collect();
    let sides = walk(x, peaks, feet, &heights).unwrap_or_else(|| sweep(x, peaks, feet, &heights));
    let measure = |((left, right), height): ((usize, usize), f64)| Width {
        height,
        left: left as f64 + share(x[left], x.get(left + 1), height),
        right: right as f64 - share(x[right], right.checked_sub(1).map(|i| &x[i]), height),
    };
    sides.into_iter().zip(heights).map(measure).collect()
}

/// How far the line from `value` to the `next` point has to be followed to reach `height`; 0 when it is not below it.
fn share(value: f64, next: Option<&f64>, height: f64) -> f64 {
    match next {
        Some(&next) if value < height && next != value => (height - value) / (next - value),
        _ => 0.0,
    }
}

/// The crossings of each peak, by going there point for point: fast while peaks are narrow. `None` once it has taken
/// four times as many steps as there are points, for on some series each peak is nearly as wide as the series.
fn walk(x: &[f64], peaks: &[usize], feet: &[Prominence], heights: &[f64]) -> Option<Vec<(usize, usize)>> {
    let mut steps = 4 * x.len();
    let mut crossings = Vec::with_capacity(peaks.len());
    for ((&peak, foot), &height) in peaks.iter().zip(feet).zip(heights) {
        let left = (foot.left..=peak).rev().find(|&i| x[i] <= height).unwrap_or(foot.left);
        let right = (peak..=foot.right).find(|&i| x[i] <= height).unwrap_or(foot.right);
        steps = steps.checked_sub(right - left)?;
        crossings.push((left, right));
    }
    Some(crossings)
}

/// The crossings of each peak in one pass for either side.
fn sweep(x: &[f64], peaks: &[usize], feet: &[Prominence], heights: &[f64]) -> Vec<(usize, usize)> {
    let end = x.len().saturating_sub(1);
    let bases: Vec<usize> = feet.iter().map(|f| f.left).collect();
    let lefts = left_crossings(x, peaks, heights, &bases);
    let mirrored: Vec<f64> = x.iter().rev().copied().collect();
    let seen: Vec<usize> = peaks.iter().rev().map(|p| end - p).collect();
    let bases: Vec<usize> = feet.iter().rev().map(|f| end - f.right).collect();
    let heights: Vec<f64> = heights.iter().rev().copied().collect();
    let rights = left_crossings(&mirrored, &seen, &heights, &bases);
    lefts.into_iter().zip(rights.into_iter().rev().map(|right| end - right)).collect()
}

/// For each peak the nearest point on its left that is not above its height, but not beyond its base.
///
/// A stack holds the points that nothing since has fallen to, rising in value; the crossing is the last of them that
/// is not above the height, found by halving.
fn left_crossings(x: &[f64], peaks: &[usize], heights: &[f64], bases: &[usize]) -> Vec<usize> {
    let mut stack: Vec<(f64, usize)> = Vec::new();
    let mut crossings = Vec::with_capacity(peaks.len());
    let Some(&last) = peaks.last() else { return crossings };
    for (i, &value) in x[..=last].iter().enumerate() {
        let next = crossings.len();
        if peaks[next] == i {
            let below = stack.partition_point(|&(v, _)| v <= heights[next]);
            let crossing = below.checked_sub(1).map_or(0, |at| stack[at].1).max(bases[next]);
            crossings.push(if value <= heights[next] { i } else { crossing });
        }
        while stack.pop_if(|(v, _)| *v >= value).is_some() {}
        stack.push((value, i));
    }
    crossings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{maxima, prominences};

    fn width(x: &[f64], peak: usize, rel_height: f64) -> (f64, f64) {
        let found = widths(x, &[peak], &prominences(x, &[peak], None), rel_height)[0];
        (found.left, found.right)
    }

    #[test]
    fn crossing_lies_on_the_line_between_two_points() {
        assert_eq!(width(&[0.0, 4.0, 1.0, 0.0], 1, 0.5), (0.5, 2.0 - 1.0 / 3.0));
    }

    #[test]
    fn width_at_the_top_is_nought() {
        assert_eq!(width(&[0.0, 4.0, 0.0], 1, 0.0), (1.0, 1.0));
    }

    #[test]
    fn bases_bound_the_width() {
        let x = [-1.0, 0.0, 5.0, 4.0, 6.0, 0.0];
        assert_eq!(width(&x, 2, 1.0), (1.8, 3.0));
        assert_eq!(width(&x, 2, 9.0), (0.0, 3.0));
    }

    #[test]
    fn walk_gives_up_where_every_peak_is_wide_and_the_sweep_agrees() {
        let mut x: Vec<f64> = (0..200).map(|i| 5.0 + f64::from(i % 2)).collect();
        (x[0], x[199]) = (0.0, 0.0);
        let peaks: Vec<usize> = maxima(&x).map(|m| m.middle()).collect();
        let feet = prominences(&x, &peaks, None);
        let heights = vec![3.0; peaks.len()];
        assert_eq!(walk(&x, &peaks, &feet, &heights), None);
        assert_eq!(sweep(&x, &peaks, &feet, &heights), vec![(0, 199); peaks.len()]);
        let few = (&peaks[..1], &feet[..1], &heights[..1]);
        assert_eq!(walk(&x, few.0, few.1, few.2), Some(vec![(0, 199)]));
    }

    #[test]
    fn sweep_agrees_with_the_walk_on_any_series() {
        let mut seed = 1_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            f64::from((seed >> 60) as u32)
        };
        for length in 0..200 {
            let x: Vec<f64> = (0..length).map(|_| next()).collect();
            let peaks: Vec<usize> = maxima(&x).map(|m| m.middle()).collect();
            let feet = prominences(&x, &peaks, None);
            let deep = next() / 8.0;
            let heights: Vec<f64> = peaks.iter().zip(&feet).map(|(&p, f)| x[p] - deep * f.prominence).collect();
            let Some(walked) = walk(&x, &peaks, &feet, &heights) else { continue };
            assert_eq!(sweep(&x, &peaks, &feet, &heights), walked, "{deep} {x:?}");
        }
    }

    #[test]
    fn nearest_crossing_counts() {
        let x = [0.0, 4.0, 1.0, 6.0, 2.0, 4.0, 0.0];
        assert_eq!(width(&x, 3, 0.5), (2.4, 3.75));
    }
}
