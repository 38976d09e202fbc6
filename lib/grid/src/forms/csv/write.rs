//! Writes a grid in its CSV form.

use std::io::Write;
use std::ops::Range;

use rayon::prelude::*;

use crate::text::time::write_time;
use crate::{Error, Grid, write_number};

/// Rows that are formatted together: two cache lines of every column.
const BLOCK: usize = 16;

/// Cells from which on fewer rows are formatted together, so that the text of a wide grid is never large.
const CELLS: usize = 1 << 20;

/// The time of each row, and its window where there are any.
pub(crate) type Times<'a> = (&'a [i64], Option<&'a [u32]>);

/// What has a row for each time: a grid, or one that is held.
pub(crate) trait Rowed: Sync {
    fn times(&self) -> Times<'_>;
    fn names(&self) -> impl Iterator<Item = &str>;
    fn row(&self, row: usize) -> impl Iterator<Item = f64>;
}

impl Rowed for Grid {
    fn times(&self) -> Times<'_> {
        (&self.times_ms, self.windows.as_deref())
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    fn row(&self, row: usize) -> impl Iterator<Item = f64> {
        self.columns.iter().map(move |column| column.values[row])
    }
}

/// Writes the header and the rows. Blocks of rows are formatted in parallel and written in order.
pub(crate) fn write(grid: &impl Rowed, out: &mut impl Write) -> Result<(), Error> {
    let width = write_header(grid, out)?;
    let block = (CELLS / width.max(1)).clamp(1, BLOCK);
    let blocks: Vec<usize> = (0..grid.times().0.len()).step_by(block).collect();
    let together = if block < BLOCK { 1 } else { 4 } * rayon::current_num_threads();
    let mut texts: Vec<Vec<u8>> = vec![Vec::new(); together];
    for group in blocks.chunks(texts.len()) {
        group.par_iter().zip(&mut texts).for_each(|(&start, text)| format_rows(grid, start..start + block, text));
        for text in &texts[..group.len()] {
            out.write_all(text)?;
        }
    }
    Ok(())
}

/// Gives the number of names.
fn write_header(grid: &impl Rowed, out: &mut impl Write) -> Result<usize, Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_field("time")?;
    if grid.times().1.is_some() {
        writer.write_field("window")?;
    }
    let mut width = 0;
    for name in grid.names() {
        writer.write_field(name)?;
        width += 1;
    }
    writer.write_record(None::<&[u8]>)?;
    writer.flush()?;
    Ok(width)
}

fn format_rows(grid: &impl Rowed, rows: Range<usize>, text: &mut Vec<u8>) {
    text.clear();
    let (times, windows) = grid.times();
    for row in rows.start..rows.end.min(times.len()) {
        write_time(text, times[row]);
        if let Some(windows) = windows {
            text.push(b',');
            text.extend_from_slice(itoa::Buffer::new().format(windows[row]).as_bytes());
        }
        grid.row(row).for_each(|value| {
            text.push(b',');
            write_number(text, value);
        });
        text.push(b'\n');
    }
}
