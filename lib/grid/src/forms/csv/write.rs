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

/// Writes the header and the rows. Blocks of rows are formatted in parallel and written in order.
pub(crate) fn write(grid: &Grid, out: &mut impl Write) -> Result<(), Error> {
    write_header(grid, out)?;
    let block = (CELLS / grid.columns.len().max(1)).clamp(1, BLOCK);
    let blocks: Vec<usize> = (0..grid.rows()).step_by(block).collect();
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

fn write_header(grid: &Grid, out: &mut impl Write) -> Result<(), Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_field("time")?;
    if grid.windows.is_some() {
        writer.write_field("window")?;
    }
    for column in &grid.columns {
        writer.write_field(&column.name)?;
    }
    writer.write_record(None::<&[u8]>)?;
    writer.flush()?;
    Ok(())
}

fn format_rows(grid: &Grid, rows: Range<usize>, text: &mut Vec<u8>) {
    text.clear();
    for row in rows.start..rows.end.min(grid.rows()) {
        write_time(text, grid.times_ms[row]);
        if let Some(windows) = &grid.windows {
            text.push(b',');
            text.extend_from_slice(itoa::Buffer::new().format(windows[row]).as_bytes());
        }
        for column in &grid.columns {
            text.push(b',');
            write_number(text, column.values[row]);
        }
        text.push(b'\n');
    }
}
