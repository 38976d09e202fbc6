//! Lines through samples.

use std::fmt::Write;

use crate::data::{row_of, thin};
use crate::scale::Scale;

/// The size of the box that paths are drawn in; it is stretched to the size of the picture.
pub(crate) const BOX: (f64, f64) = (2000.0, 400.0);
/// Samples of a phase that a still picture keeps.
const STILL: usize = 500;

/// A line through the values of a phase, broken where one is missing; a sample between two gaps is a dot. `place` gives
/// the share of the width for a row that may lie between two.
pub(crate) fn path(values: &[f64], place: impl Fn(f64) -> f64, y: &Scale) -> String {
    let kept = thin(values, STILL);
    let mut out = String::new();
    let mut last: Option<(i64, i64)> = None;
    for (i, value) in kept.iter().enumerate() {
        if !value.is_finite() {
            last = None;
            continue;
        }
        let at = place(row_of(i, kept.len(), values.len()));
        let here = ((at * BOX.0).round() as i64, y.at(*value).round() as i64);
        let _ = match last {
            None => write!(out, "M{} {}h1", here.0, here.1),
            Some(last) => write!(out, "l{} {}", here.0 - last.0, here.1 - last.1),
        };
        // a dot is one wide
        last = Some(if last.is_none() { (here.0 + 1, here.1) } else { here });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gap_breaks_the_line() {
        let scale = Scale::new(0.0, 3.0, 0.0, 300.0);
        let path = path(&[1.0, 1.0, f64::NAN, 2.0], |row| row / 3.0, &scale);
        assert_eq!(path, "M0 100h1l666 0M2000 200h1");
    }
}
