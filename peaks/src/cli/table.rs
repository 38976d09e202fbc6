//! The table of peaks.

use std::{borrow::Cow, io::Write};

use grid::{Cell, Column, Error, Grid, Io, Span, Table, TableForm, TableOutput};
use peaks::Peak;
use rayon::prelude::*;

use super::{args::Unit, search::Search};

/// As many columns are searched at once before their rows are written.
const CHUNK: usize = 64;

/// Writes rows as the columns come, save that an aligned table, or one of which only the top is wanted, is written whole.
pub(crate) struct Writer<'a> {
    output: &'a TableOutput,
    form: TableForm,
    streams: bool,
    unit: Unit,
    whole: Option<Table>,
}

impl<'a> Writer<'a> {
    /// A writer of the table that is asked for.
    pub(crate) fn new(output: &'a TableOutput, unit: Unit, io: &Io) -> Self {
        let form = output.form(io);
        Writer { output, form, streams: form != TableForm::Table && !io.has_top(), unit, whole: None }
    }

    /// Searches every column of a batch and writes its rows, in the order of columns, windows and times.
    pub(crate) fn write(&mut self, search: &Search, batch: &Grid, out: &mut impl Write) -> Result<(), Error> {
        let spans = batch.spans();
        let tabulate = |column: &Column| self.rows(search, batch, &spans, column);
        if !self.streams {
            let found: Vec<Table> = batch.columns.par_iter().map(tabulate).collect();
            let whole = self.whole.get_or_insert_with(|| empty(batch));
            whole.rows.extend(found.into_iter().flat_map(|t| t.rows));
            return Ok(());
        }
        if self.whole.is_none() {
            let header = self.whole.insert(empty(batch));
            chosen(header, &self.output.columns)?.write(self.form, out)?;
        }
        for chunk in batch.columns.chunks(CHUNK) {
            let print =
                |column: &Column| body(&self.rows(search, batch, &spans, column), &self.output.columns, self.form);
            let texts: Vec<Result<Vec<u8>, Error>> = chunk.par_iter().map(print).collect();
            for text in texts {
                out.write_all(&text?)?;
            }
        }
        Ok(())
    }

    /// Writes what is left.
    pub(crate) fn finish(self, io: &mut Io) -> Result<(), Error> {
        match self.whole {
            Some(whole) if !self.streams => self.output.write(&whole, io),
            _ => Ok(()),
        }
    }

    fn rows(&self, search: &Search, batch: &Grid, spans: &[Span], column: &Column) -> Table {
        let mut table = empty(batch);
        for span in spans {
            let times_ms = &batch.times_ms[span.rows.clone()];
            for peak in search.peaks(&column.values[span.rows.clone()]) {
                let mut row = vec![Cell::from(column.name.as_str())];
                row.extend(batch.windows.is_some().then(|| Cell::from(i64::from(span.window))));
                row.extend([seconds(times_ms[peak.index] as f64), peak.index.into(), search.height(&peak).into()]);
                row.push(peak.prominence.into());
                row.extend(self.extent(&peak, times_ms));
                table.push(row);
            }
        }
        table
    }

    /// Width, left and right.
    fn extent(&self, peak: &Peak, times_ms: &[i64]) -> [Cell; 3] {
        if self.unit == Unit::Points {
            return [peak.width.into(), peak.left.into(), peak.right.into()];
        }
        let (left, right) = (time_at(times_ms, peak.left), time_at(times_ms, peak.right));
        [seconds(right - left), seconds(left), seconds(right)]
    }
}

fn empty(batch: &Grid) -> Table {
    let measures = ["time", "index", "height", "prominence", "width", "left", "right"];
    let window = batch.windows.is_some().then_some("window");
    let header: Vec<&str> = std::iter::once("metric").chain(window).chain(measures).collect();
    Table::new(&header)
}

fn chosen<'a>(table: &'a Table, columns: &[String]) -> Result<Cow<'a, Table>, Error> {
    Ok(if columns.is_empty() { Cow::Borrowed(table) } else { Cow::Owned(table.choose(columns)?) })
}

/// The rows of a table without its header.
fn body(table: &Table, columns: &[String], form: TableForm) -> Result<Vec<u8>, Error> {
    let mut text = Vec::new();
    if !table.rows.is_empty() {
        chosen(table, columns)?.write(form, &mut text)?;
    }
    if form == TableForm::Csv {
        let header = text.iter().position(|b| *b == b'\n').map_or(0, |end| end + 1);
        text.drain(..header);
    }
    Ok(text)
}

fn seconds(ms: f64) -> Cell {
    let ms = ms.round();
    if ms % 1000.0 == 0.0 { Cell::Integer((ms / 1000.0) as i64) } else { Cell::from(ms / 1000.0) }
}

/// The time at a position between two points, in milliseconds.
fn time_at(times_ms: &[i64], position: f64) -> f64 {
    let at = (position.max(0.0) as usize).min(times_ms.len().saturating_sub(1));
    let next = times_ms.get(at + 1).unwrap_or(&times_ms[at]);
    times_ms[at] as f64 + (next - times_ms[at]) as f64 * (position - at as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_lie_between_those_of_the_points() {
        assert_eq!(time_at(&[1000, 2000, 4000], 1.25), 2500.0);
        assert_eq!(time_at(&[1000, 2000], 1.0), 2000.0);
    }
}
