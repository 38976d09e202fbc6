//! The fault library: a folder a kind of fault, in it a grid a known run.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use dtw::{Example, Likeness, classify, in_steady_units, movement};
use grid::{Cell, Column, Error, Form, Grid, Io, Table};

use crate::args::Args;
use crate::hit::{Run, reduce};
use crate::holes;
use crate::role::{self, Role};

/// Classifies the grid, or files it as an example.
pub(crate) fn run(args: &Args, dir: &Path, io: &mut Io) -> Result<(), Error> {
    let mut grid = grid::read_grid(io.input(&args.input)?, io)?;
    if let Some(baseline) = &args.baseline {
        against(&mut grid, &grid::read_grid_file(baseline, io)?, io);
    }
    let run = reduce(&grid, args.service.as_deref())?;
    match &args.add {
        Some(kind) => add(grid, &run.service, &dir.join(folder(kind)?), io),
        None => {
            let (library, files) = read(dir, io)?;
            let found = classify(&run.signature, &run.service, &library, Role::ALL.len());
            args.output.write(&table(&run, found, &library, &files), io)
        }
    }
}

/// Puts every column into units of its steady state; a column the baseline has not is left out. What
/// holes say comes on top.
fn against(grid: &mut Grid, baseline: &Grid, io: &mut Io) {
    let (all, holes) = (grid.columns.len(), holes::evidence(grid, baseline));
    let known = |column: Column| {
        let steady = baseline.find(&column.name)?;
        Some(Column { values: in_steady_units(&column.values, &steady.values), name: column.name })
    };
    grid.columns = std::mem::take(&mut grid.columns).into_iter().filter_map(known).collect();
    if grid.columns.len() < all {
        io.note(format!("columns the baseline does not have, left out: {}", all - grid.columns.len()));
    }
    grid.columns.extend(holes);
}

/// Reads every example: its kind is the folder's name.
fn read(dir: &Path, io: &mut Io) -> Result<(Vec<Example>, Vec<String>), Error> {
    let (mut examples, mut files) = (Vec::new(), Vec::new());
    for folder in entries(dir)?.into_iter().filter(|p| p.is_dir()) {
        for file in entries(&folder)?.into_iter().filter(|p| p.is_file()) {
            let run = reduce(&grid::read_grid_file(&file, io)?, None)
                .map_err(|e| Error::failed(format!("{}: {e}", file.display())))?;
            let kind = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            examples.push(Example { kind, service: run.service, signature: run.signature });
            files.push(file.strip_prefix(dir).unwrap_or(&file).display().to_string());
        }
    }
    if examples.is_empty() {
        let expected = "expected a folder a kind of fault with a grid a known run";
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

fn folder(kind: &str) -> Result<&str, Error> {
    let plain = !kind.is_empty() && !kind.starts_with('.') && !kind.contains(['/', '\\', '\0']);
    plain.then_some(kind).ok_or_else(|| Error::usage(format!("--add: not the name of a folder: \"{kind}\"")))
}

/// Files the service's columns as a new example. The name is taken last, so that nothing half
/// written is ever read.
fn add(mut grid: Grid, service: &str, dir: &Path, io: &mut Io) -> Result<(), Error> {
    grid.columns.retain(|c| role::service(&c.name).as_deref() == Some(service));
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

fn table(run: &Run, found: Vec<Likeness>, library: &[Example], files: &[String]) -> Table {
    let mut table = Table::new(&["kind", "distance", "confidence", "nearest", "examples", "service", "note"]);
    let still = movement(&run.signature);
    for likeness in found {
        let none = likeness.kind.is_none();
        let nearest: Vec<&str> = likeness.nearest.iter().take(3).map(|&k| &files[k][..]).collect();
        let count = if none { library.len() } else { likeness.nearest.len() };
        let note = match likeness.distance < still {
            _ if !none => Cell::Empty,
            true => Cell::from("the threshold of the library"),
            false => Cell::from("as near as a run in which nothing moved"),
        };
        table.push(vec![
            Cell::from(likeness.kind.as_deref().unwrap_or("none of these")),
            Cell::from(likeness.distance),
            Cell::from(likeness.confidence),
            if none { Cell::Empty } else { Cell::from(nearest.join("; ")) },
            Cell::from(count),
            Cell::from(&run.service[..]),
            note,
        ]);
    }
    table
}
