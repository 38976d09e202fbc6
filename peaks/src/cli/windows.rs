//! The grid of windows cut around the peaks of one column.

use grid::{Column, Error, Grid, Io, counted};
use peaks::{Extent, Peak};
use rayon::prelude::*;

use super::args::{Edge, NoPeak, Overlap};
use super::measure::Cut;
use super::request::{Cutting, Wanted};
use super::search::Search;

/// How windows are cut, their lengths in points.
struct Cutter {
    /// Before and after the peak; `None` from foot to foot.
    around: Option<(usize, usize)>,
    /// Resampled to so many points.
    length: Option<usize>,
    overlap: Overlap,
    edge: Edge,
    step_ms: i64,
}

/// A window of the grid: the rows it lies in, and which of these it holds.
struct Window {
    rows: std::ops::Range<usize>,
    extent: Extent,
}

/// Cuts the windows around the peaks of the column that `on` names, out of every column.
pub(crate) fn cut(wanted: &Wanted, on: &str, cutting: Cutting, grid: Grid, io: &mut Io) -> Result<Grid, Error> {
    let step_ms = grid.step_ms().unwrap_or(1000);
    let search = Search::new(wanted, step_ms)?;
    let column = &grid.columns[grid::one_column("--on", &grid.columns, on)?];
    let around = match cutting.cut {
        Cut::Peak => None,
        Cut::Around(before, after) => Some((points(before.count(step_ms)), points(after.count(step_ms)))),
    };
    let Cutting { length, overlap, edge, no_peak, .. } = cutting;
    let cutter = Cutter { around, length, overlap, edge, step_ms };
    cutter.check(&grid)?;
    let (mut windows, mut found, mut dropped) = (Vec::new(), 0, 0);
    for span in grid.spans() {
        let peaks = search.peaks(&column.values[span.rows.clone()]);
        let held = cutter.held(&peaks, span.rows.len());
        found += peaks.len();
        dropped += peaks.len() - held.len();
        let extents = cutter.extents(&held);
        windows.extend(extents.into_iter().map(|extent| Window { rows: span.rows.clone(), extent }));
    }
    if found == 0 {
        let none = format!("no peak to cut around in column \"{}\"", column.name);
        if no_peak == NoPeak::Refuse || grid.times_ms.is_empty() {
            return Err(Error::failed(none));
        }
        io.note(format!("{none}: the whole grid is taken"));
        let windows = whole(&grid);
        return cutter.apply(grid, &windows);
    }
    if windows.is_empty() {
        let what = "every peak is too near the edge of the recording";
        return Err(Error::failed(format!("{what} (--edge pad keeps them): column \"{}\"", column.name)));
    }
    let cut = cutter.apply(grid, &windows)?;
    io.note(cutter.summary(&windows, found, dropped));
    Ok(cut)
}

/// Each recording as a window of its own.
fn whole(grid: &Grid) -> Vec<Window> {
    let extent = |rows: &std::ops::Range<usize>| Extent { first: 0, last: rows.len() as i64 - 1 };
    grid.spans().into_iter().map(|span| Window { extent: extent(&span.rows), rows: span.rows }).collect()
}

impl Cutter {
    fn check(&self, grid: &Grid) -> Result<(), Error> {
        let longest = grid.spans().iter().map(|s| s.rows.len()).max().unwrap_or(0);
        match self.around {
            Some((before, after)) if before.max(after) > longest => {
                let side = before.max(after);
                Err(Error::failed(format!("--cut: {side} rows on a side, but the recording has only {longest} rows")))
            }
            _ => Ok(()),
        }
    }

    /// The peaks of a recording of so many rows whose windows are wanted.
    fn held(&self, peaks: &[Peak], rows: usize) -> Vec<Peak> {
        let whole = |e: Extent| match self.around {
            Some(_) => e.lies_within(rows),
            None => 0 < e.first && e.last + 1 < rows as i64,
        };
        let wanted = self.each(peaks).into_iter().map(|extent| self.edge == Edge::Pad || whole(extent));
        peaks.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(peak, _)| *peak).collect()
    }

    /// A window for each peak.
    fn each(&self, peaks: &[Peak]) -> Vec<Extent> {
        match self.around {
            Some((before, after)) => peaks::around(peaks, before, after),
            None => peaks::between_feet(peaks),
        }
    }

    /// The windows of the peaks of one recording.
    fn extents(&self, peaks: &[Peak]) -> Vec<Extent> {
        match (self.overlap, self.around) {
            (Overlap::Keep, _) => self.each(peaks),
            (Overlap::Merge, Some((before, after))) => self.each(&peaks::merge_around(peaks, before, after)),
            (Overlap::Merge, None) => peaks::merge_extents(self.each(peaks)),
        }
    }

    fn summary(&self, windows: &[Window], found: usize, dropped: usize) -> String {
        let padded = windows.iter().filter(|w| !w.extent.lies_within(w.rows.len())).count();
        let rows = self.length.unwrap_or_else(|| windows.first().map_or(0, |w| w.extent.points()));
        let mut text = format!("{} of {rows} rows from {}", counted(windows.len(), "window"), counted(found, "peak"));
        if dropped > 0 {
            text += &format!(", {} dropped at the edge", counted(dropped, "peak"));
        }
        if padded > 0 {
            text += &format!(", {padded} padded with missing cells at the edge");
        }
        text
    }

    /// Cuts times and columns; each column is replaced as it is done, so that little is held twice.
    fn apply(&self, grid: Grid, windows: &[Window]) -> Result<Grid, Error> {
        let mut cut = Grid { columns: grid.columns, ..Grid::default() };
        let mut numbers = Vec::new();
        for (number, window) in (1..).zip(windows) {
            let times = self.times(&grid.times_ms, window)?;
            numbers.extend(std::iter::repeat_n(number, times.len()));
            cut.times_ms.extend(times);
        }
        let (rows, columns) = (numbers.len(), &mut cut.columns);
        columns.par_iter_mut().for_each(|column| self.cut_column(column, windows, rows));
        cut.windows = Some(numbers);
        Ok(cut)
    }

    fn times(&self, times_ms: &[i64], window: &Window) -> Result<Vec<i64>, Error> {
        let times: Vec<i64> = peaks::take_times(&times_ms[window.rows.clone()], self.step_ms, window.extent).collect();
        let Some(length) = self.length else { return Ok(times) };
        let resampled = || peaks::resample_times(&times, length);
        // Before they are collected: there may be more of them than there is memory for.
        if resampled().is_sorted_by(|a, b| a < b) {
            return Ok(resampled().collect());
        }
        let start = times.first().map_or_else(String::new, |&t| grid::format_time(t));
        Err(Error::failed(format!(
            "--length: {length} points are nearer than a millisecond in the window from {start}"
        )))
    }

    fn cut_column(&self, column: &mut Column, windows: &[Window], rows: usize) {
        let mut values = Vec::with_capacity(rows);
        for window in windows {
            let taken = peaks::take(&column.values[window.rows.clone()], window.extent);
            match self.length {
                None => values.extend(taken),
                Some(length) => values.extend(peaks::resample(&taken.collect::<Vec<f64>>(), length)),
            }
        }
        column.values = values;
    }
}

fn points(count: f64) -> usize {
    count.round() as usize
}
