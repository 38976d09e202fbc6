//! When the series moved, seen from the query.

/// The median of `times(j) - times(i)` over the cells `(i, j)` of a path, in milliseconds:
/// negative where the series moves before the query. The mean of the two middle values when
/// their number is even; nothing for an empty path. Costs the length of the path.
pub fn median_offset_ms(path: &[(u32, u32)], query_ms: &[i64], series_ms: &[i64]) -> Option<f64> {
    let offset = |&(i, j): &(u32, u32)| Some(series_ms.get(j as usize)? - query_ms.get(i as usize)?);
    let mut offsets: Vec<i64> = path.iter().filter_map(offset).collect();
    if offsets.is_empty() {
        return None;
    }
    let middle = offsets.len() / 2;
    let odd = offsets.len() % 2 == 1;
    let (below, &mut upper, _) = offsets.select_nth_unstable(middle);
    let lower = if odd { upper } else { below.iter().copied().max().unwrap_or(upper) };
    Some((lower as f64 + upper as f64) / 2.0)
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
    fn a_series_that_moves_before_the_query_has_a_negative_lag() {
        let times = [0, 1000, 2000, 3000];
        assert_eq!(median_offset_ms(&[(2, 0), (3, 1)], &times, &times), Some(-2000.0));
        assert_eq!(median_offset_ms(&[(0, 0), (0, 1)], &times, &times), Some(500.0));
        assert_eq!(median_offset_ms(&[], &times, &times), None);
    }

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_middle_two() {
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }
}
