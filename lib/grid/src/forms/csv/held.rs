//! A whole grid at little more than its cells and names: CSV begins with all names and ends with the last value of each.

use std::collections::{TryReserveError, VecDeque};

use rayon::prelude::*;

use super::block::{Block, CELLS};
use super::row::Rows;
use super::write::{Rowed, Times};
use crate::forms::batches::BATCH;
use crate::forms::matrix::order;
use crate::{Column, Error, Grid};

/// A grid in blocks of neighbouring columns, which leave it one after the other.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) times_ms: Vec<i64>,
    pub(crate) windows: Option<Vec<u32>>,
    blocks: VecDeque<Block>,
    /// How many columns a block has, but the last.
    block_width: usize,
}

/// How many times the rows that have come there is room for at the most, but in a small grid: the first ones may be empty and
/// short, and say little of how many there will be.
const FORESIGHT: usize = 8;

/// Neighbouring columns that are filled together: the cells of a row that stand in one or two cache lines.
const NEAR: usize = 16;

impl Held {
    /// Columns of these names, without rows; `rows` are how many there may be, where that is known.
    pub(crate) fn new<'a>(names: impl Iterator<Item = &'a str>, has_windows: bool, rows: Option<usize>) -> Self {
        let block_width = rows.map_or(1, |rows| CELLS.div_ceil(rows.max(1))).next_multiple_of(BATCH);
        let (mut names, mut blocks) = (names.peekable(), VecDeque::new());
        while names.peek().is_some() {
            let some: Vec<&str> = names.by_ref().take(block_width).collect();
            blocks.push_back(Block { names: some.into_iter().rev().collect(), ..Block::default() });
        }
        Held { times_ms: Vec::new(), windows: has_windows.then(Vec::new), blocks, block_width }
    }

    /// How many columns it has.
    pub(crate) fn width(&self) -> usize {
        self.blocks.iter().map(|block| block.names.len()).sum()
    }

    /// The name of a column of one that is being read.
    pub(crate) fn name(&self, column: usize) -> &str {
        self.blocks[column / self.block_width].name(column % self.block_width)
    }

    /// Appends rows that were parsed; `expected` is how many rows there will be.
    pub(crate) fn append(&mut self, parsed: &[(Rows, usize)], expected: usize) -> Result<(), TryReserveError> {
        let before = self.times_ms.len();
        for (rows, _) in parsed {
            self.times_ms.try_reserve(rows.times_ms.len())?;
            self.times_ms.extend_from_slice(&rows.times_ms);
            if let Some(windows) = &mut self.windows {
                windows.try_reserve(rows.windows.len())?;
                windows.extend_from_slice(&rows.windows);
            }
        }
        let (width, rows, block_width) = (self.width(), self.times_ms.len(), self.block_width);
        let most = (FORESIGHT * rows).max(CELLS / width.max(1));
        self.blocks.par_iter_mut().enumerate().try_for_each(|(at, block)| {
            block.make_room(before, rows, expected.min(most))?;
            let room = block.room.max(1);
            let end = at * block_width + block.names.len();
            block.cells.par_chunks_mut(NEAR * room).enumerate().for_each(|(near, columns)| {
                for (column, at) in columns.chunks_mut(room).zip((0..end - near * NEAR).rev()) {
                    let mut free = &mut column[before..];
                    for (rows, _) in parsed {
                        let (filled, rest) = free.split_at_mut(rows.times_ms.len());
                        filled.iter_mut().zip(rows.cells.chunks_exact(width)).for_each(|(to, row)| *to = row[at]);
                        free = rest;
                    }
                }
            });
            Ok(())
        })
    }

    /// No more rows will come. Puts them in order of window and time; true when they were not.
    pub(crate) fn finish(&mut self) -> Result<bool, Error> {
        let (order, rows) = (order(&self.times_ms, self.windows.as_deref())?, self.times_ms.len());
        self.blocks.par_iter_mut().for_each(|block| block.finish(rows, order.as_deref()));
        let Some(order) = order else { return Ok(false) };
        self.times_ms = order.iter().map(|&row| self.times_ms[row]).collect();
        self.windows = self.windows.as_ref().map(|windows| order.iter().map(|&row| windows[row]).collect());
        Ok(true)
    }

    /// Adds columns of the same times; the first say what these are.
    pub(crate) fn push(&mut self, batch: Grid) -> Result<(), Error> {
        let room = batch.rows();
        if self.blocks.is_empty() {
            (self.times_ms, self.windows) = (batch.times_ms, batch.windows);
        }
        for columns in batch.columns.chunks(BATCH) {
            let mut cells = Vec::new();
            cells.try_reserve_exact(room * columns.len()).map_err(|_| self.out_of_memory(columns.len()))?;
            columns.iter().rev().for_each(|column| cells.extend_from_slice(&column.values));
            let names = columns.iter().rev().map(|column| column.name.as_str()).collect();
            self.blocks.push_back(Block { names, cells, room });
        }
        Ok(())
    }

    /// Takes the next columns out; `None` when all have gone.
    pub(crate) fn next_batch(&mut self) -> Result<Option<Grid>, Error> {
        let Some(block) = self.blocks.front() else { return Ok(None) };
        let rows = self.times_ms.len();
        let batch = 0..block.names.len().min(BATCH);
        // Made by one thread: each has a heap of its own, and none gives back what another has taken.
        let column = |at| {
            let mut values = Vec::new();
            values.try_reserve_exact(rows)?;
            Ok(Column { name: block.name(at).to_string(), values })
        };
        let columns: Result<Vec<Column>, TryReserveError> = batch.clone().map(column).collect();
        let mut columns = columns.map_err(|_| self.out_of_memory(batch.len()))?;
        let fill = |(column, at): (&mut Column, usize)| column.values.extend_from_slice(block.column(at, rows));
        columns.par_iter_mut().with_min_len(NEAR).zip(batch.clone()).for_each(fill);
        match self.blocks.front_mut() {
            Some(block) if block.names.len() > batch.len() => block.drop_first(batch.len()),
            _ => drop(self.blocks.pop_front()),
        }
        Ok(Some(Grid { columns, ..self.without_columns() }))
    }

    /// Its times alone.
    pub(crate) fn without_columns(&self) -> Grid {
        Grid { times_ms: self.times_ms.clone(), windows: self.windows.clone(), columns: Vec::new() }
    }

    fn out_of_memory(&self, width: usize) -> Error {
        let rows = self.times_ms.len();
        Error::out_of_memory(format!("{rows} rows of {width} more columns, 8 bytes per cell"))
    }
}

impl Rowed for Held {
    fn times(&self) -> Times<'_> {
        (&self.times_ms, self.windows.as_deref())
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().flat_map(|block| (0..block.names.len()).map(|at| block.name(at)))
    }

    fn row(&self, row: usize) -> impl Iterator<Item = f64> {
        self.blocks
            .iter()
            .flat_map(move |block| (0..block.names.len()).rev().map(move |place| block.cells[place * block.room + row]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[[f64; 3]], columns: usize) -> Vec<(Rows, usize)> {
        let cells = rows.iter().flat_map(|row| (0..columns).map(|c| row[c % 3])).collect();
        let times_ms = rows.iter().map(|row| row[0] as i64 * 1000).collect();
        vec![(Rows { times_ms, cells, ..Rows::default() }, rows.len())]
    }

    fn taken(held: &mut Held) -> Vec<Column> {
        let mut columns = Vec::new();
        while let Some(batch) = held.next_batch().unwrap() {
            assert!(batch.columns.len() <= BATCH);
            columns.extend(batch.columns);
            assert_eq!(held.width(), 600 - columns.len());
        }
        columns
    }

    #[test]
    fn columns_leave_in_order_whatever_the_blocks() {
        let names: Vec<String> = (0..600).map(|c| format!("m{c}")).collect();
        let expected: Vec<Column> = (0..600)
            .map(|c| Column {
                name: names[c].clone(),
                values: [[1.0, 7.0, 8.0], [2.0, 5.0, 6.0]].map(|r| r[c % 3]).into(),
            })
            .collect();
        // Blocks of a batch, of more than all columns, and of two batches.
        for count in [None, Some(2), Some(CELLS / 400)] {
            let mut held = Held::new(names.iter().map(String::as_str), false, count);
            // The second of two pieces is the earlier one.
            held.append(&rows(&[[2.0, 5.0, 6.0]], 600), 1).unwrap();
            held.append(&rows(&[[1.0, 7.0, 8.0]], 600), 9).unwrap();
            assert!(held.finish().unwrap());
            assert_eq!((held.width(), held.name(599)), (600, "m599"));
            assert!(taken(&mut held) == expected && held.times_ms == [1000, 2000], "{count:?}");
        }
    }

    #[test]
    fn the_first_rows_say_little_of_how_many_come() {
        let names: Vec<String> = (0..600).map(|c| format!("m{c}")).collect();
        let mut held = Held::new(names.iter().map(String::as_str), false, None);
        held.append(&rows(&[[1.0, 7.0, 8.0]], 600), 1 << 30).unwrap();
        assert!(held.blocks.iter().map(|block| block.cells.len()).sum::<usize>() <= CELLS);
        held.append(&rows(&[[2.0, 5.0, 6.0]], 600), 2).unwrap();
        held.finish().unwrap();
        assert!(held.blocks.iter().all(|block| block.room == 2));
        assert_eq!(held.next_batch().unwrap().unwrap().columns[1].values, [7.0, 5.0]);
    }

    #[test]
    fn what_is_pushed_is_what_is_taken() {
        let columns: Vec<Column> =
            (0..600).map(|c| Column { name: format!("m{c}"), values: vec![f64::from(c), 0.5] }).collect();
        let mut held = Held::default();
        for some in columns.chunks(200) {
            held.push(Grid { times_ms: vec![1, 2], windows: Some(vec![1, 2]), columns: some.to_vec() }).unwrap();
        }
        assert_eq!(held.row(0).take(3).collect::<Vec<_>>(), [0.0, 1.0, 2.0]);
        assert!(held.names().eq(columns.iter().map(|column| column.name.as_str())));
        assert!(taken(&mut held) == columns && held.windows == Some(vec![1, 2]));
    }
}
