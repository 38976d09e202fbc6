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

/// Fills the gaps of a column; returns how many cells.
///
/// A gap of at most `most` cells is filled whole, a longer one not at all. `Linear` needs a value on either side, `Previous` the
/// one before.
pub fn fill(values: &mut [f64], how: Fill, most: usize) -> usize {
    let mut filled = 0;
    let mut before: Option<usize> = None;
    for at in 0..=values.len() {
        if values.get(at).is_some_and(|v| v.is_nan()) {
            continue;
        }
        if let Some(from) = before.filter(|from| at - from - 1 <= most) {
            filled += fill_between(values, from, at, how);
        }
        before = Some(at);
    }
    filled
}

fn fill_between(values: &mut [f64], from: usize, to: usize, how: Fill) -> usize {
    let start = values[from];
    match (how, values.get(to).copied()) {
        (Fill::Previous, _) => values[from + 1..to].fill(start),
        (Fill::Linear, Some(end)) => {
            for (past, value) in values[from + 1..to].iter_mut().enumerate() {
                *value = start + (end - start) * ((past + 1) as f64 / (to - from) as f64);
            }
        }
        (Fill::Linear, None) => return 0,
    }
    to - from - 1
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
    fn a_gap_is_filled_whole_or_not_at_all() {
        let (one, three, seven) = (Some(1.0), Some(3.0), Some(7.0));
        let (values, count) = filled(Fill::Previous, 1);
        assert_eq!((count, values), (2, vec![None, one, one, three, None, None, None, seven, seven]));
        assert_eq!(filled(Fill::Previous, 2).1, 2);
        let (values, count) = filled(Fill::Previous, 3);
        assert_eq!((count, values), (5, vec![None, one, one, three, three, three, three, seven, seven]));
    }

    #[test]
    fn linear_needs_both_ends() {
        let (values, count) = filled(Fill::Linear, 2);
        assert_eq!((count, values[2], values[4], values[8]), (1, Some(2.0), None, None));
        let (values, count) = filled(Fill::Linear, 3);
        assert_eq!((count, values[4], values[8]), (4, Some(4.0), None));
    }
}
