//! What the script of the page reads: series in two letters a value, and where each picture finds them.

mod code;

pub(crate) use code::encode;

use crate::words::visible;

/// A metric over time, a list of values a phase of the clock; not finite where missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// The header of its column.
    pub name: String,
    /// Unit of the values.
    pub unit: &'static str,
    /// The values of each phase.
    pub values: Vec<Vec<f64>>,
}

/// The values that are kept of a series: all of them where they are at most `most`, else the least and the largest of each
/// of `most / 2` stretches, in the order in which they came.
pub(crate) fn thin(values: &[f64], most: usize) -> Vec<f64> {
    if values.len() <= most.max(2) {
        return values.to_vec();
    }
    let stretches = (most / 2).max(1);
    let mut out = Vec::with_capacity(2 * stretches);
    for k in 0..stretches {
        let part = &values[k * values.len() / stretches..(k + 1) * values.len() / stretches];
        let finite = || part.iter().enumerate().filter(|(_, value)| value.is_finite());
        let low = finite().min_by(|a, b| a.1.total_cmp(b.1));
        let high = finite().max_by(|a, b| a.1.total_cmp(b.1));
        match (low, high) {
            (Some((i, a)), Some((j, b))) => out.extend(if i <= j { [*a, *b] } else { [*b, *a] }),
            _ => out.extend([f64::NAN, f64::NAN]),
        }
    }
    out
}

/// Where the `i`-th of `kept` thinned values lies among `all` rows, from 0 to `all - 1`.
pub(crate) fn row_of(i: usize, kept: usize, all: usize) -> f64 {
    if kept == all {
        return i as f64;
    }
    ((i as f64 + 0.5) * all as f64 / kept as f64 - 0.5).clamp(0.0, all.saturating_sub(1) as f64)
}

/// Text as JSON that can stand inside a script element.
pub(crate) fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(visible(text)).to_string();
    let safe = |c: char| match c {
        '<' | '>' | '&' => format!("\\u{:04x}", c as u32),
        c => c.to_string(),
    };
    quoted.chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_every_peak() {
        let mut values = vec![0.0; 10_001];
        (values[17], values[5_001], values[9_999]) = (-3.0, 9.0, 4.0);
        let thinned = thin(&values, 400);
        assert_eq!(thinned.len(), 400);
        assert!([-3.0, 9.0, 4.0].iter().all(|peak| thinned.contains(peak)));
    }

    #[test]
    fn short_series_is_kept_whole() {
        assert_eq!(thin(&[1.0, 2.0, 3.0], 3), [1.0, 2.0, 3.0]);
        assert!(thin(&[], 10).is_empty());
    }

    #[test]
    fn stretch_without_values_stays_missing() {
        let mut values = vec![1.0; 100];
        values[..50].fill(f64::NAN);
        let thinned = thin(&values, 4);
        assert!(thinned[0].is_nan() && thinned[1].is_nan() && thinned[2] == 1.0);
    }

    #[test]
    fn rows_of_thinned_values_are_spread_evenly() {
        assert_eq!([0, 1, 3].map(|i| row_of(i, 4, 4)), [0.0, 1.0, 3.0]);
        assert_eq!([0, 1].map(|i| row_of(i, 2, 100)), [24.5, 74.5]);
    }

    #[test]
    fn json_cannot_close_its_element() {
        assert_eq!(json("</script>\"\u{2028}"), "\"\\u003c/script\\u003e\\\"\\\\u{2028}\"");
    }
}
