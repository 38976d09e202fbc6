//! Gaps filled on request.

use crate::lattice::Laid;

/// What a gap is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Fill {
    /// The value before it
    Previous,
    /// The line between the values around it
    Linear,
}

/// Fills the gaps of a column; returns how many.
///
/// A gap is filled when the value before it (`Previous`), or the whole way from the value before it
/// to the one after it (`Linear`), is at most `most` ticks away. Gaps before the first value stay.
pub fn fill(values: &mut [f64], how: Fill, most: usize) -> usize {
    let mut filled = 0;
    let mut before: Option<usize> = None;
    for at in 0..=values.len() {
        if values.get(at).is_some_and(|v| v.is_nan()) {
            continue;
        }
        if let Some(from) = before {
            filled += fill_between(values, from, at, how, most);
        }
        before = Some(at);
    }
    filled
}

fn fill_between(values: &mut [f64], from: usize, to: usize, how: Fill, most: usize) -> usize {
    let start = values[from];
    match how {
        Fill::Previous => {
            let until = to.min(from.saturating_add(most).saturating_add(1));
            values[from + 1..until].fill(start);
            until - from - 1
        }
        Fill::Linear => {
            let Some(&end) = values.get(to) else { return 0 };
            if to - from > most {
                return 0;
            }
            for (past, value) in values[from + 1..to].iter_mut().enumerate() {
                *value = start + (end - start) * ((past + 1) as f64 / (to - from) as f64);
            }
            to - from - 1
        }
    }
}

/// Fills all columns; returns how many cells.
pub(crate) fn fill_all(columns: &mut [Laid], how: Fill, most: usize) -> usize {
    columns.iter_mut().map(|column| fill(&mut column.values, how, most)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: f64 = f64::NAN;

    fn filled(how: Fill, most: usize) -> (Vec<Option<f64>>, usize) {
        let mut values = [GAP, 1.0, GAP, 3.0, GAP, GAP, GAP, 7.0, GAP];
        let count = fill(&mut values, how, most);
        (values.iter().map(|v| (!v.is_nan()).then_some(*v)).collect(), count)
    }

    #[test]
    fn previous_goes_as_far_as_the_gap_allows() {
        let (values, count) = filled(Fill::Previous, 1);
        assert_eq!(count, 3);
        let (one, three, seven) = (Some(1.0), Some(3.0), Some(7.0));
        assert_eq!(values, [None, one, one, three, three, None, None, seven, seven]);
    }

    #[test]
    fn linear_needs_both_ends_within_the_gap() {
        let (values, count) = filled(Fill::Linear, 2);
        assert_eq!((count, values[2], values[4]), (1, Some(2.0), None));
        let (values, count) = filled(Fill::Linear, 4);
        assert_eq!((count, values[4], values[8]), (4, Some(4.0), None));
    }
}
