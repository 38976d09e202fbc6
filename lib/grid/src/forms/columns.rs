//! A grid as names and columns of numbers, where there may be millions.

use std::cmp::Ordering;

use rayon::prelude::*;

use crate::{Error, Grid, Io, Source, batches};

/// Texts in one: a million small ones of their own would cost as much again.
#[derive(Clone, Debug, Default)]
pub struct Names {
    text: String,
    ends: Vec<usize>,
    /// Which of them stands at a place, once they are sorted.
    order: Vec<u32>,
}

/// A grid whose names stand apart from its values.
#[derive(Debug, Default)]
pub struct Columns {
    /// Its times, without columns.
    pub times: Grid,
    /// The name of each column.
    pub names: Names,
    /// The values of each column, unless they have been taken.
    pub values: Vec<Vec<f64>>,
}

impl Names {
    /// Adds one.
    pub fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The one at a place.
    pub fn get(&self, at: usize) -> &str {
        let at = self.order.get(at).map_or(at, |&at| at as usize);
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }

    /// Each in turn.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }

    /// Puts them in order; returns where each stood.
    fn sort(&mut self) -> &[u32] {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.par_sort_by(|&a, &b| self.get(a as usize).cmp(self.get(b as usize)));
        self.order = order;
        &self.order
    }

    /// Leaves only the first ones, of names that were not sorted.
    pub(crate) fn truncate(&mut self, count: usize) {
        self.ends.truncate(count);
        self.text.truncate(self.ends.last().copied().unwrap_or_default());
        self.ends.shrink_to_fit();
        self.text.shrink_to_fit();
    }

    /// Where a name stands, when all are in order.
    pub fn find(&self, name: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle).cmp(name) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(middle),
            }
        }
        None
    }
}

impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<T: IntoIterator<Item = &'a str>>(texts: T) -> Self {
        let mut names = Names::default();
        texts.into_iter().for_each(|text| names.push(text));
        names.text.shrink_to_fit();
        names.ends.shrink_to_fit();
        names
    }
}

impl Columns {
    /// Reads a whole grid.
    pub fn read(source: Source, io: &mut Io) -> Result<Self, Error> {
        let mut batches = batches(source, io)?;
        let mut all = Columns::default();
        while let Some(batch) = batches.next_batch(io)? {
            if let Some(left) = batches.left() {
                all.values.reserve_exact(batch.columns.len() + left);
            }
            for column in batch.columns {
                all.names.push(&column.name);
                all.values.push(column.values);
            }
            all.times = Grid { columns: Vec::new(), times_ms: batch.times_ms, windows: batch.windows };
        }
        Ok(all)
    }

    /// Puts the columns in the order of their names.
    pub fn sort(&mut self) {
        let values = &mut self.values;
        let sorted = self.names.sort().iter().map(|&at| std::mem::take(&mut values[at as usize]));
        self.values = sorted.collect();
    }

    /// Leaves the columns at some places only, whose values are there.
    pub fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        let count = self.names.len();
        if (0..count).all(&keep) {
            return;
        }
        self.names = (0..count).filter(|&at| keep(at)).map(|at| self.names.get(at)).collect();
        let mut at = 0..count;
        self.values.retain(|_| at.next().is_some_and(&keep));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_sorted_and_found_by_name() {
        let names = ["b", "", "ab", "a"];
        let values = vec![vec![1.0], vec![2.0], vec![3.0], vec![4.0]];
        let mut columns = Columns { times: Grid::default(), names: names.into_iter().collect(), values };
        columns.sort();
        assert!(columns.names.iter().eq(["", "a", "ab", "b"]));
        assert_eq!(columns.values, [[2.0], [4.0], [3.0], [1.0]]);
        assert_eq!(
            ["", "ab", "b", "c", "aa"].map(|name| columns.names.find(name)),
            [Some(0), Some(2), Some(3), None, None]
        );
        columns.retain(|at| at % 3 == 0);
        assert!(columns.names.iter().eq(["", "b"]) && columns.values == [[2.0], [1.0]]);
    }
}
