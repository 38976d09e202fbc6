//! When the series moved, seen from the query.

/// How steep a query or a series is at each of its points: the size of the change from the point before, over all `dims`
/// together; 0 at the first, and where a number is missing.
pub(crate) fn slopes(values: &[f64], dims: usize) -> Vec<f64> {
    let points = values.chunks_exact(dims);
    let change = |(a, b): (&[f64], &[f64])| a.iter().zip(b).map(|(a, b)| (b - a).abs()).sum::<f64>();
    let changes = points.clone().zip(points.clone().skip(1)).map(change);
    let known = changes.map(|change| if change.is_finite() { change } else { 0.0 });
    points.take(1).map(|_| 0.0).chain(known).collect()
}

/// The median of offsets in milliseconds, each counted by its weight: the one below which half of the weight lies, the mean of two
/// where exactly half does. Nothing where no weight is above 0. Costs O(n log n).
pub(crate) fn weighted_median(mut offsets: Vec<(i64, f64)>) -> Option<f64> {
    offsets.retain(|(_, weight)| *weight > 0.0);
    offsets.sort_unstable_by_key(|(offset, _)| *offset);
    let half = offsets.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut below = 0.0;
    for (at, (offset, weight)) in offsets.iter().enumerate() {
        below += weight;
        if below > half {
            return Some(*offset as f64);
        }
        if let (true, Some((next, _))) = (below == half, offsets.get(at + 1)) {
            return Some((*offset as f64 + *next as f64) / 2.0);
        }
    }
    offsets.last().map(|(offset, _)| *offset as f64)
}

/// The median of some numbers, the mean of the two middle ones when their number is even.
pub fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    values.sort_unstable_by(f64::total_cmp);
    Some((values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_counts_by_its_weight() {
        assert_eq!(weighted_median(vec![(0, 1.0), (-2000, 3.0), (0, 1.0)]), Some(-2000.0));
        assert_eq!(weighted_median(vec![(1000, 2.0), (0, 2.0), (500, 0.0)]), Some(500.0));
        assert_eq!(weighted_median(vec![(7, 0.0)]), None);
        assert_eq!(weighted_median(Vec::new()), None);
    }

    #[test]
    fn a_slope_is_the_change_from_the_point_before() {
        assert_eq!(slopes(&[1.0, 1.0, 4.0, f64::NAN, 2.0], 1), [0.0, 0.0, 3.0, 0.0, 0.0]);
        assert_eq!(slopes(&[0.0, 0.0, 1.0, -2.0], 2), [0.0, 3.0]);
        assert_eq!(slopes(&[], 1), [0.0; 0]);
    }

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_middle_two() {
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }
}
