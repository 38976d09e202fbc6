//! Some neighbouring columns of a grid that is held as a whole.

use std::collections::TryReserveError;
use std::hint::black_box;

use crate::forms::columns::Names;

/// Cells of a block: as soon as one of that size is no longer needed, the system has its memory back.
pub(super) const CELLS: usize = 1 << 22;

/// Some columns, the last one first: those that leave are at the end, where memory can be given back.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) names: Names,
    /// Column after column, each with room for so many rows.
    pub(super) cells: Vec<f64>,
    pub(super) room: usize,
}

impl Block {
    /// The name of a column; they count from the first that has not left.
    pub(super) fn name(&self, at: usize) -> &str {
        self.names.get(self.names.len() - 1 - at)
    }

    pub(super) fn column(&self, at: usize, rows: usize) -> &[f64] {
        self.placed(self.names.len() - 1 - at, rows)
    }

    fn placed(&self, place: usize, rows: usize) -> &[f64] {
        &self.cells[place * self.room..place * self.room + rows]
    }

    /// The first columns leave.
    pub(super) fn drop_first(&mut self, count: usize) {
        let left = self.names.len() - count;
        self.names.truncate(left);
        self.cells.truncate(left * self.room);
        self.cells.shrink_to_fit();
    }

    /// Sees to it that columns of so many rows before have room for those that have come.
    pub(super) fn make_room(&mut self, before: usize, rows: usize, expected: usize) -> Result<(), TryReserveError> {
        if rows <= self.room {
            return Ok(());
        }
        // A quarter more at the least: each time all that came before is moved.
        let room = expected.max(rows).max(self.room + self.room / 4);
        let count = room * self.names.len();
        if count >= CELLS {
            // Zeros cannot be asked for in a way that may be refused.
            let mut probe: Vec<f64> = Vec::new();
            probe.try_reserve_exact(count)?;
            drop(black_box(probe));
        }
        // As zeros, what is not written yet takes no memory.
        let mut cells = vec![0.0; count];
        if self.room > 0 {
            let columns = self.cells.chunks_exact(self.room).zip(cells.chunks_exact_mut(room));
            columns.for_each(|(from, to)| to[..before].copy_from_slice(&from[..before]));
        }
        (self.cells, self.room) = (cells, room);
        Ok(())
    }

    /// Puts the rows in this order, and gives back room for more than an eighth as many.
    pub(super) fn finish(&mut self, rows: usize, order: Option<&[usize]>) {
        if let Some(order) = order {
            for place in 0..self.names.len() {
                let sorted: Vec<f64> = order.iter().map(|&row| self.placed(place, rows)[row]).collect();
                self.cells[place * self.room..place * self.room + rows].copy_from_slice(&sorted);
            }
        }
        if self.room > rows + rows / 8 {
            (0..self.names.len())
                .for_each(|at| self.cells.copy_within(at * self.room..at * self.room + rows, at * rows));
            self.cells.truncate(rows * self.names.len());
            self.cells.shrink_to_fit();
            self.room = rows;
        }
    }
}
