//! One run, as it is read: in units of its steady state, with what its gaps say.

use faults::{Series, absences, in_steady_units};
use grid::{Column, Error, Io};
use names::Catalogue;

use super::request::Request;

/// The times of a run and its series in steady units.
pub(crate) struct Measured {
    pub(crate) times_ms: Vec<i64>,
    pub(crate) series: Vec<Series>,
}

/// Reads the input, and the baseline where there is one.
pub(crate) fn measured(request: &Request, catalogue: &Catalogue, io: &mut Io) -> Result<Measured, Error> {
    let grid = grid::read_grid(io.input(&request.input)?, io)?;
    let (times_ms, mut series) = (grid.times_ms, named(grid.columns));
    if let Some(baseline) = &request.baseline {
        let (first, baseline) =
            (series.first().map(|one| one.name.clone()), named(grid::read_grid_file(baseline, io)?.columns));
        let other = baseline.first().map(|one| one.name.clone());
        series = against(series, baseline, catalogue, io);
        if let (Some(first), Some(other), true) = (first, other, series.is_empty()) {
            return Err(Error::failed(format!(
                "no column is in both the run and its baseline: \"{first}\" only in the run, \"{other}\" only in the baseline"
            )));
        }
    }
    Ok(Measured { times_ms, series })
}

/// The columns of a grid as series.
pub(crate) fn named(columns: Vec<Column>) -> Vec<Series> {
    columns.into_iter().map(|column| Series { name: column.name, values: column.values }).collect()
}

/// Every series in units of its steady state; one that the baseline does not have is left out. What gaps say is added.
fn against(run: Vec<Series>, mut baseline: Vec<Series>, catalogue: &Catalogue, io: &mut Io) -> Vec<Series> {
    let (all, absences) = (run.len(), absences(&run, &baseline, catalogue));
    baseline.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let known = |series: Series| {
        let steady = baseline.binary_search_by(|steady| steady.name.cmp(&series.name)).ok()?;
        let values = in_steady_units(&series.values, &baseline[steady].values);
        Some(Series { values, name: series.name })
    };
    let mut series: Vec<Series> = run.into_iter().filter_map(known).collect();
    if series.len() < all {
        io.note(format!("columns the baseline does not have, left out: {}", all - series.len()));
    }
    series.extend(absences);
    series
}
