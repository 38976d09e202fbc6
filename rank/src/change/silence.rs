//! How long a metric has been silent, or has stood still, at the end.

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

/// Share of the rows of `steady` (in time order, NaN = missing) after its last change, beyond the longest time that it stood still
/// before. A server goes on giving the last sample of what it no longer scrapes, Prometheus for five minutes (its lookback), so
/// what ends then had ended before. 0 without a sample. Cost: O(n).
pub fn standstill(steady: &[f64]) -> f64 {
    let mut latest = steady.iter().rev().filter(|value| value.is_finite());
    // Nearly all change to the end.
    if latest.next() != latest.next() {
        return 0.0;
    }
    let mut same = steady.iter().filter(|value| value.is_finite()).copied().peekable();
    let (mut last, mut longest) = (0_usize, 0_usize);
    while let Some(value) = same.next() {
        longest = longest.max(last);
        last = 0;
        while same.next_if_eq(&value).is_some() {
            last += 1;
        }
    }
    last.saturating_sub(longest) as f64 / steady.len().max(1) as f64
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

    #[test]
    fn what_stands_still_at_the_end_longer_than_before_may_have_ended() {
        assert_eq!(standstill(&[5.0; 4]), 0.75);
        assert_eq!(standstill(&[1.0, 2.0, 2.0, GAP, 2.0]), 0.4);
        assert_eq!(standstill(&[1.0, 1.0, 1.0, 2.0, 2.0]), 0.0);
        assert_eq!(standstill(&[1.0, 2.0, 3.0]), 0.0);
        assert_eq!(standstill(&[GAP; 3]), 0.0);
        assert_eq!(standstill(&[]), 0.0);
    }
}
