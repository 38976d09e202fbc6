//! Reads the levels of a sweep: each a load, and the mean of every metric there.

use std::collections::BTreeMap;
use std::path::Path;

use grid::{Error, Grid, Io, Source, did_you_mean};
use stats::Sample;

use crate::cli::settings::Sweep;

/// More different loads than this in one grid are no levels, but one ramp; it is put into bins.
const MANY: usize = 40;
/// How many bins at most.
const BINS: usize = 20;
/// Fewest rows of a level: fewer are passed on the way to the next, before the system has settled.
const ROWS: usize = 5;

/// A metric at a level.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value {
    /// Mean over its rows; NaN without samples.
    pub(crate) mean: f64,
    /// Standard error of that mean.
    pub(crate) error: f64,
}

/// Loads, and the value of each metric at each of them.
#[derive(Default)]
pub(crate) struct Levels {
    pub(crate) load: Vec<f64>,
    pub(crate) values: BTreeMap<String, Vec<Value>>,
}

const NOTHING: Value = Value { mean: f64::NAN, error: f64::NAN };

/// Reads all grids.
pub(crate) fn read(asked: &Sweep, io: &mut Io) -> Result<Levels, Error> {
    let (files, load) = (&asked.files, asked.load.as_str());
    let (mut levels, mut passed) = (Levels::default(), 0);
    let picker = io.picker(&asked.select, &asked.drop)?;
    for path in files {
        let grid = grid::read_grid(Source::open(path)?.pick(picker.clone()), io)?;
        let held = held(&grid, load, path, files.len() == 1)?;
        let under_load = grid.find(load).map_or(0, |column| column.values.iter().filter(|v| v.is_finite()).count());
        passed += under_load.saturating_sub(held.iter().map(|(_, rows)| rows.len()).sum());
        for column in grid.columns.iter().filter(|c| c.name != load) {
            let values = levels.values.entry(column.name.clone()).or_default();
            values.resize(levels.load.len(), NOTHING);
            values.extend(held.iter().map(|(_, rows)| value(&column.values, rows)));
        }
        levels.load.extend(held.iter().map(|(load, _)| load));
    }
    if passed > 0 {
        io.note(format_args!("{passed} rows of ramps, and of loads held for fewer than {ROWS} rows, are left out"));
    }
    let n = levels.load.len();
    levels.values.values_mut().for_each(|values| values.resize(n, NOTHING));
    Ok(levels)
}

fn value(values: &[f64], rows: &[usize]) -> Value {
    let sample = Sample::new(&rows.iter().map(|r| values[*r]).collect::<Vec<_>>());
    match sample.len() {
        0 => NOTHING,
        n => Value { mean: sample.mean(), error: sample.deviation() / (n as f64).sqrt() },
    }
}

/// The levels of a grid, with their rows: each window one; or, in a single grid without windows, each load that
/// occurs, or some 20 bins of equally many rows where more than 40 occur.
fn held(grid: &Grid, load: &str, path: &Path, alone: bool) -> Result<Vec<(f64, Vec<usize>)>, Error> {
    let missing = || {
        let near = did_you_mean(load, grid.columns.iter().map(|column| column.name.as_str()));
        Error::failed(format!("{}: no column \"{load}\"{near}", path.display()))
    };
    let column = grid.find(load).ok_or_else(missing)?;
    let loads = &column.values;
    let median = |rows: &[usize]| Sample::new(&rows.iter().map(|r| loads[*r]).collect::<Vec<_>>()).quantile(0.5);
    let spans: Vec<Vec<usize>> = grid.spans().into_iter().map(|span| span.rows.collect()).collect();
    let level = |rows: Vec<usize>| {
        let load = median(&rows)?;
        let rows = settled(rows, load, loads);
        (rows.len() >= ROWS).then_some((load, rows))
    };
    let parts = if alone && spans.len() == 1 { by_load(loads) } else { spans };
    Ok(parts.into_iter().filter_map(level).collect())
}

/// Where one load was held for most of the time, the rows of that load alone; all where it varies.
fn settled(rows: Vec<usize>, load: f64, loads: &[f64]) -> Vec<usize> {
    let at: Vec<usize> = rows.iter().copied().filter(|row| loads[*row] == load).collect();
    if 2 * at.len() > rows.len() { at } else { rows }
}

fn by_load(values: &[f64]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..values.len()).filter(|r| values[*r].is_finite()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let same: Vec<Vec<usize>> = order.chunk_by(|a, b| values[*a] == values[*b]).map(<[usize]>::to_vec).collect();
    if same.len() <= MANY {
        return same;
    }
    order.chunks(order.len().div_ceil(BINS).max(ROWS)).map(<[usize]>::to_vec).collect()
}
