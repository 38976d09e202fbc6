//! The grid in memory: times, and a column of values for each series.

use std::ops::Range;

use crate::forms::canonical::canonical;
use crate::forms::reading::OTHER_TABLES;
use crate::{Error, format_time};

/// A table of numbers: one row per timestamp, one column per series. A missing cell is NaN in memory and
/// empty on the pipe.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// The time of each row in Unix milliseconds, strictly increasing within a window.
    pub times_ms: Vec<i64>,
    /// The window of each row, when the grid is made of windows one under the other.
    pub windows: Option<Vec<u32>>,
    /// The series, each as long as `times_ms`.
    pub columns: Vec<Column>,
}

/// One series of a grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// The text of the header.
    pub name: String,
    /// One value per row; NaN where it is missing.
    pub values: Vec<f64>,
}

/// The rows of one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The number in the column `window`; 1 when there is none.
    pub window: u32,
    /// Its rows.
    pub rows: Range<usize>,
}

impl Grid {
    /// How many rows the grid has.
    pub fn rows(&self) -> usize {
        self.times_ms.len()
    }

    /// The column with this header, its labels in any order.
    pub fn find(&self, name: &str) -> Option<&Column> {
        let name = canonical(name);
        self.columns.iter().find(|c| c.name == name)
    }

    /// The rows of each window in order; the whole grid as window 1 when it has no windows.
    pub fn spans(&self) -> Vec<Span> {
        let Some(windows) = &self.windows else {
            return vec![Span { window: 1, rows: 0..self.rows() }];
        };
        let mut spans: Vec<Span> = Vec::new();
        for (row, &window) in windows.iter().enumerate() {
            match spans.last_mut() {
                Some(span) if span.window == window => span.rows.end = row + 1,
                _ => spans.push(Span { window, rows: row..row + 1 }),
            }
        }
        spans
    }

    /// The median time between neighbouring rows of one window, in milliseconds; the lower of the
    /// two middle ones. `None` with fewer than two rows.
    pub fn step_ms(&self) -> Option<i64> {
        let mut steps = Vec::with_capacity(self.rows());
        for span in self.spans() {
            steps.extend(self.times_ms[span.rows].windows(2).map(|t| t[1] - t[0]));
        }
        if steps.is_empty() {
            return None;
        }
        let middle = (steps.len() - 1) / 2;
        Some(*steps.select_nth_unstable(middle).1)
    }

    /// Puts the rows in order of window and time. True when they were not; two rows of one time
    /// are an error.
    pub(crate) fn sort_rows(&mut self) -> Result<bool, Error> {
        let Some(order) = order(&self.times_ms, self.windows.as_deref())? else { return Ok(false) };
        for column in &mut self.columns {
            column.values = order.iter().map(|&row| column.values[row]).collect();
        }
        if let Some(windows) = &mut self.windows {
            *windows = order.iter().map(|&row| windows[row]).collect();
        }
        self.times_ms = order.iter().map(|&row| self.times_ms[row]).collect();
        Ok(true)
    }
}

/// The order of window and time of rows that are in another; two rows of one time are an error.
pub(crate) fn order(times_ms: &[i64], windows: Option<&[u32]>) -> Result<Option<Vec<usize>>, Error> {
    let key = |row: usize| (windows.map_or(1, |w| w[row]), times_ms[row]);
    if (1..times_ms.len()).all(|row| key(row - 1) < key(row)) {
        return Ok(None);
    }
    let mut order: Vec<usize> = (0..times_ms.len()).collect();
    order.sort_by_key(|&row| key(row));
    if let Some(pair) = order.windows(2).find(|p| key(p[0]) == key(p[1])) {
        let (time, first, second) = (format_time(times_ms[pair[0]]), pair[0] + 1, pair[1] + 1);
        let what = format!("rows {first} and {second}: two rows have one time: \"{time}\" ({OTHER_TABLES})");
        return Err(Error::failed(what));
    }
    Ok(Some(order))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(times: &[i64], values: &[f64]) -> Grid {
        let column = Column { name: "a".into(), values: values.to_vec() };
        Grid { times_ms: times.to_vec(), windows: None, columns: vec![column] }
    }

    #[test]
    fn rows_out_of_order_are_sorted_with_their_values() {
        let mut g = grid(&[2000, 1000], &[2.0, 1.0]);
        assert!(g.sort_rows().unwrap());
        assert_eq!(g, grid(&[1000, 2000], &[1.0, 2.0]));
        assert!(!g.sort_rows().unwrap());
    }

    #[test]
    fn two_rows_of_one_time_are_refused() {
        let error = grid(&[1000, 1000], &[2.0, 1.0]).sort_rows().unwrap_err();
        assert_eq!(error.to_string(), "rows 1 and 2: two rows have one time: \"1\" (long tables: grid-build --long)");
    }

    #[test]
    fn one_time_may_stand_in_two_windows() {
        let mut g = grid(&[1000, 2000, 1000, 2000], &[1.0, 2.0, 3.0, 4.0]);
        g.windows = Some(vec![1, 1, 2, 2]);
        assert!(!g.sort_rows().unwrap());
        let rows: Vec<_> = g.spans().into_iter().map(|s| (s.window, s.rows)).collect();
        assert_eq!(rows, [(1, 0..2), (2, 2..4)]);
        assert_eq!(g.step_ms(), Some(1000));
    }

    #[test]
    fn a_single_row_has_no_step() {
        assert_eq!(grid(&[5], &[1.0]).step_ms(), None);
    }
}
