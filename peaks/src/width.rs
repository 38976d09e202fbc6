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
    let bases: Vec<usize> = feet.iter().map(|f| f.left).collect();
    let lefts = left_crossings(x, peaks, &heights, &bases);
    let end = x.len().saturating_sub(1);
    let mirrored: Vec<f64> = x.iter().rev().copied().collect();
    let seen: Vec<usize> = peaks.iter().rev().map(|p| end - p).collect();
    let bases: Vec<usize> = feet.iter().rev().map(|f| end - f.right).collect();
    let falling: Vec<f64> = heights.iter().rev().copied().collect();
    let rights = left_crossings(&mirrored, &seen, &falling, &bases);
    let sides = lefts.into_iter().zip(rights.into_iter().rev());
    let all = heights.into_iter().zip(sides);
    all.map(|(height, ((left, more), (right, less)))| Width {
        height,
        left: left as f64 + more,
        right: (end - right) as f64 - less,
    })
    .collect()
}

/// For each peak the point on its left where the series crosses its height, and how far towards the peak from there.
///
/// A stack holds the points that nothing since has fallen to, rising in value; the crossing is the last of them that
/// is not above the height, found by halving.
fn left_crossings(x: &[f64], peaks: &[usize], heights: &[f64], bases: &[usize]) -> Vec<(usize, f64)> {
    let mut stack: Vec<(f64, usize)> = Vec::new();
    let mut crossings = Vec::with_capacity(peaks.len());
    let Some(&last) = peaks.last() else {
        return crossings;
    };
    for (i, &value) in x[..=last].iter().enumerate() {
        let next = crossings.len();
        if peaks[next] == i {
            let reach = if heights[next] < value {
                let below = stack.partition_point(|&(v, _)| v <= heights[next]);
                below.checked_sub(1).map_or(0, |at| stack[at].1).max(bases[next])
            } else {
                i
            };
            crossings.push((reach, towards(x, reach, heights[next])));
        }
        while stack.pop_if(|(v, _)| *v >= value).is_some() {}
        stack.push((value, i));
    }
    crossings
}

/// How far the line from point `at` to the next has to be followed to reach `height`; 0 when `at` is not below it.
fn towards(x: &[f64], at: usize, height: f64) -> f64 {
    match x.get(at + 1) {
        Some(&next) if x[at] < height && next != x[at] => (height - x[at]) / (next - x[at]),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prominences;

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
    fn nearest_crossing_counts() {
        let x = [0.0, 4.0, 1.0, 6.0, 2.0, 4.0, 0.0];
        assert_eq!(width(&x, 3, 0.5), (2.4, 3.75));
    }
}
