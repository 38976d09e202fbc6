//! The two grids, before the filters read them.

use std::path::Path;

use grid::{Error, Grid, Io, did_you_mean, quote, read_grid_file, selector};
use strain::plan::phases::Phases;

use super::args::Compare;

/// Rows of the overload without which there is nothing to compare.
const LEAST: usize = 2;

/// Refuses what a filter would stop at half-way, by the name of the file that is meant; true when the steady state is the
/// later one. A grid that cannot be read is left to the filters, which say why.
pub(crate) fn check(args: &Compare, phases: &Phases, io: &mut Io) -> Result<bool, Error> {
    let [steady, overload] = phases.grids();
    // The filters say the notes.
    io.quiet(true);
    let grids = (read_grid_file(Path::new(&steady), io), read_grid_file(Path::new(&overload), io));
    io.quiet(args.quiet);
    let (Ok(before), Ok(after)) = grids else { return Ok(false) };
    check_overload(&after, args.on.as_deref()).map_err(|e| e.at(&overload))?;
    Ok(before.times_ms.first() > after.times_ms.last())
}

fn check_overload(grid: &Grid, on: Option<&str>) -> Result<(), Error> {
    if grid.rows() < LEAST {
        let rows = if grid.rows() == 0 { "no rows" } else { "one row" };
        return Err(Error::failed(format!("{rows}, a comparison needs at least {LEAST}")));
    }
    match on {
        Some(on) if grid.find(on).is_none() => {
            Err(Error::failed(format!("--on: no such column: {}{}", quote(on), near(on, grid))))
        }
        _ => Ok(()),
    }
}

/// The first column that it selects, else the one that it may be misspelt of.
fn near(on: &str, grid: &Grid) -> String {
    let names = || grid.columns.iter().map(|column| column.name.as_str());
    let selected = selector(on).ok().and_then(|on| names().find(|name| on.matches(name)));
    selected.map_or_else(|| did_you_mean(on, names()), |name| format!(", did you mean {name}?"))
}
