//! The two grids, before the filters read them.

use std::path::Path;

use grid::{Error, Grid, Io, one_column, read_grid_file};
use strain::plan::phases::Phases;

use super::args::Compare;

/// Rows of the overload without which there is nothing to compare.
const LEAST: usize = 2;

/// Refuses what a filter would stop at half-way, by the name of the file that is meant. A grid that cannot be read is left to
/// the filters, which say why.
pub(crate) fn check(args: &Compare, phases: &Phases, io: &mut Io) -> Result<(), Error> {
    let [_, overload] = phases.grids();
    // The filters say the notes.
    io.quiet(true);
    let read = read_grid_file(Path::new(&overload), io);
    io.quiet(args.quiet);
    read.map_or(Ok(()), |grid| check_overload(&grid, args.on.as_deref()).map_err(|e| e.at(&overload)))
}

fn check_overload(grid: &Grid, on: Option<&str>) -> Result<(), Error> {
    if grid.rows() < LEAST {
        let rows = if grid.rows() == 0 { "no rows" } else { "one row" };
        return Err(Error::failed(format!("{rows}, a comparison needs at least {LEAST}")));
    }
    on.map_or(Ok(()), |on| one_column("--on", &grid.columns, on).map(drop))
}
