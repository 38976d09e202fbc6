//! The library: one folder per kind of fault, in it one grid per known run.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use faults::{Example, Series, observe, of_service};
use grid::{Column, Error, Form, Grid, Io};

use super::run::{Measured, named};

/// Reads every example: its kind is the folder's name.
pub(crate) fn read(dir: &Path, io: &mut Io) -> Result<(Vec<Example>, Vec<String>), Error> {
    let (mut examples, mut files) = (Vec::new(), Vec::new());
    for folder in entries(dir)?.into_iter().filter(|p| p.is_dir()) {
        for file in entries(&folder)?.into_iter().filter(|p| p.is_file()) {
            let series = named(grid::read_grid_file(&file, io)?.columns);
            let Some(run) = observe(&series, None) else {
                return Err(Error::failed(format!("{}: no column says anything of a fault", file.display())));
            };
            let kind = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            examples.push(Example { kind, service: run.service, signature: run.signature });
            files.push(file.strip_prefix(dir).unwrap_or(&file).display().to_string());
        }
    }
    if examples.is_empty() {
        let expected = "expected one subfolder per kind of fault, with one grid per known run";
        return Err(Error::failed(format!("{}: no examples, {expected}", dir.display())));
    }
    Ok((examples, files))
}

/// What a folder holds, by name; hidden entries are passed over.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |e: std::io::Error| Error::failed(format!("{}: cannot read: \"{e}\"", dir.display()));
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
pub(crate) fn add(run: &Measured, service: &str, dir: &Path, io: &mut Io) -> Result<(), Error> {
    let column = |series: &Series| Column { name: series.name.clone(), values: series.values.clone() };
    let columns = of_service(&run.series, service).into_iter().map(column).collect();
    let grid = Grid { times_ms: run.times_ms.clone(), windows: None, columns };
    let failed = |e: std::io::Error| Error::failed(format!("{}: cannot write: \"{e}\"", dir.display()));
    fs::create_dir_all(dir).map_err(failed)?;
    let start = grid::format_time(grid.times_ms.first().copied().unwrap_or(0));
    let stem = format!("{}-{start}", service.replace(['/', '\\', ':'], "_"));
    let names = (1..).map(|k| if k == 1 { format!("{stem}.csv") } else { format!("{stem}-{k}.csv") });
    let Some(target) = names.map(|name| dir.join(name)).find(|path| !path.exists()) else {
        return Ok(());
    };
    let half = dir.join(format!(".{stem}.part"));
    let mut file = BufWriter::new(fs::File::create(&half).map_err(failed)?);
    grid::write_grid(&grid, Form::Csv, &mut file)?;
    file.flush().map_err(failed)?;
    fs::rename(&half, &target).map_err(failed)?;
    io.note(format!("filed as {}", target.display()));
    Ok(())
}
