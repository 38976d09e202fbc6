//! How long a metric has been silent at the end.

/// Share of the rows of `overload` after its last sample, beyond the longest gap that it had before in any of the steady runs or
/// the overload (all in time order, NaN = missing): what is scraped once in twelve rows is not gone for eleven. 0 where it has
/// no sample at all. Cost: O(m + n).
pub fn silence(steady: &[&[f64]], overload: &[f64]) -> f64 {
    let Some(last) = overload.iter().rposition(|value| value.is_finite()) else { return 0.0 };
    let rows = overload.len() - 1 - last;
    // Nearly all are there to the end.
    if rows == 0 {
        return 0.0;
    }
    let longest = steady.iter().copied().chain([&overload[..last]]).map(longest_gap).max().unwrap_or(0);
    rows.saturating_sub(longest) as f64 / overload.len() as f64
}

fn longest_gap(values: &[f64]) -> usize {
    values.split(|value| value.is_finite()).map(<[f64]>::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: f64 = f64::NAN;

    #[test]
    fn rows_after_the_last_sample_are_silent() {
        assert_eq!(silence(&[&[1.0; 4]], &[1.0, 1.0, GAP, GAP]), 0.5);
        assert_eq!(silence(&[&[1.0; 4]], &[1.0; 4]), 0.0);
        assert_eq!(silence(&[&[1.0; 4]], &[GAP; 4]), 0.0);
    }

    #[test]
    fn a_gap_as_long_as_before_is_no_silence() {
        assert_eq!(silence(&[&[1.0, GAP, GAP, 1.0]], &[1.0, 1.0, GAP, GAP]), 0.0);
        assert_eq!(silence(&[&[1.0]], &[1.0, GAP, 1.0, GAP, GAP, GAP, GAP, GAP]), 0.5);
    }
}
