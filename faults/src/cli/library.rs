//! The library: one folder per kind of fault, in it one grid per known run.

use std::fs;
use std::path::{Path, PathBuf};

use faults::{Example, Known, Observed, Series, observe, of_service};
use grid::{Column, Error, Form, Grid, Io};
use names::{Catalogue, Name};

use super::run::{Measured, named};

/// The metric of an example's column that says which service it is and what kind of metric came first in it.
const MARK: &str = "first_kind";

/// The known runs, and the file of each.
pub(crate) struct Library {
    pub(crate) examples: Vec<Example>,
    pub(crate) files: Vec<String>,
}

/// Reads every example: its kind is the folder's name.
pub(crate) fn read(dir: &Path, catalogue: &Catalogue, io: &mut Io) -> Result<Library, Error> {
    let mut library = Library { examples: Vec::new(), files: Vec::new() };
    for folder in entries(dir)?.into_iter().filter(|p| p.is_dir()) {
        for file in entries(&folder)?.into_iter().filter(|p| p.is_file()) {
            let series = named(grid::read_grid_file(&file, io)?.columns);
            let Some(seen) = seen(&series, catalogue) else {
                return Err(Error::failed(format!("{}: no column says anything of a fault", file.display())));
            };
            let kind = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            library.examples.push(Example { kind, seen });
            library.files.push(file.strip_prefix(dir).unwrap_or(&file).display().to_string());
        }
    }
    if library.examples.is_empty() {
        let expected = "expected one subfolder per kind of fault, with one grid per known run";
        return Err(Error::failed(format!("{}: no examples, {expected}", dir.display())));
    }
    Ok(library)
}

/// What was seen in an example: its columns are those of one service, which the mark names. Without a mark, made by
/// hand, it is read as a run is.
fn seen(series: &[Series], catalogue: &Catalogue) -> Option<Observed> {
    let names = series.iter().map(|series| Name::parse(&series.name));
    let mark = names.into_iter().find(|name| name.name == MARK);
    let known = mark.as_ref().map_or(Known::default(), |mark| Known {
        service: mark.label("service"),
        first_kind: mark.label("kind"),
        alone: true,
    });
    observe(series, known, catalogue)
}

/// The column that says what was seen in a run.
fn mark(seen: &Observed, rows: usize) -> Column {
    let label = |key: &str, value: &str| (key.to_string(), value.to_string());
    let labels = vec![label("kind", &seen.first_kind), label("service", &seen.service)];
    Column { name: Name::new(MARK, labels).to_string(), values: vec![1.0; rows] }
}

/// What a folder holds, by name; hidden entries are passed over.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |e: std::io::Error| Error::open(dir.display(), &e);
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        found.extend((!hidden).then_some(path));
    }
    found.sort();
    Ok(found)
}

/// Files the service's series as a new example. The name is taken last, so that nothing half
/// written is ever read.
pub(crate) fn add(
    run: &Measured,
    seen: &Observed,
    dir: &Path,
    catalogue: &Catalogue,
    io: &mut Io,
) -> Result<(), Error> {
    let column = |series: &Series| Column { name: series.name.clone(), values: series.values.clone() };
    let own = of_service(&run.series, &seen.service, catalogue).into_iter().map(column);
    let columns = own.chain([mark(seen, run.times_ms.len())]).collect();
    let grid = Grid { times_ms: run.times_ms.clone(), windows: None, columns };
    let failed = |e: std::io::Error| Error::write(dir.display(), &e);
    fs::create_dir_all(dir).map_err(failed)?;
    let start = grid::format_time(grid.times_ms.first().copied().unwrap_or(0));
    let stem = format!("{}-{start}", seen.service.replace(['/', '\\', ':'], "_"));
    let names = (1..).map(|k| if k == 1 { format!("{stem}.csv") } else { format!("{stem}-{k}.csv") });
    let Some(target) = names.map(|name| dir.join(name)).find(|path| !path.exists()) else {
        return Ok(());
    };
    let half = dir.join(format!(".{stem}.part"));
    grid::write_file(&half, |out| grid::write_grid(&grid, Form::Csv, out))?;
    fs::rename(&half, &target).map_err(failed)?;
    io.note(format!("filed as {}", target.display()));
    Ok(())
}
