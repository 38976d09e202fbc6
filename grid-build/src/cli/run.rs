//! From the arguments to the grid.

use std::collections::BTreeMap;
use std::path::Path;

use grid::{Column, Error, Form, Grid, Io, Name, Source, TableForm, batches, write_grid};
use grid_build::{Built, Options, Shape, Store, assemble, no_label, pivot, shape};

use super::args::Args;
use super::inputs::read_all;
use super::load::read_load;
use super::request::Request;

/// Builds the grid and writes it, or the table that is asked for.
pub(crate) fn run(args: Args, io: &mut Io) -> Result<(), Error> {
    let by_option = if args.by.is_some() { "--by" } else { "--pivot" };
    let mut request = Request::check(args, io)?;
    io.quiet(request.quiet);
    let mut load = read_load(&request.load, io)?;
    let like = request.like.as_deref().map(|path| read_outline(path, io)).transpose()?;
    if let Some(like) = &like {
        follow(&mut request.options, like);
    }
    let store = read_all(&request.files, &request.reading, &mut load, io)?;
    request.load.settle(&mut load)?;
    check_labels(&store, by_option, request.options.by.as_deref().unwrap_or_default())?;
    let Built { mut grid, notes, decisions } = assemble(store, &load, &request.options)?;
    if request.explain {
        decisions.write(TableForm::Table, &mut std::io::stderr().lock())?;
    }
    notes.iter().for_each(|note| io.note(note));
    grid.columns.retain(|column: &Column| request.picker.keeps(&column.name));
    request.picker.check_used()?;
    let wish = Shape {
        like: like.as_ref(),
        drop_empty: request.drop_empty,
        drop_constant: request.drop_constant,
        template: request.template.as_deref(),
    };
    shape(&mut grid, &wish)?.iter().for_each(|note| io.note(note));
    if let Some(how) = request.pivot {
        let form = if request.to == Form::Jsonl { TableForm::Jsonl } else { TableForm::Csv };
        return pivot(&grid, how).write(form, io);
    }
    write_grid(&grid, request.to, io)
}

/// Reads of a grid to follow what is asked of it: times, names, and the value of a column that has but one.
fn read_outline(path: &Path, io: &mut Io) -> Result<Grid, Error> {
    let mut batches = batches(Source::open(path)?.beside(), io)?;
    let mut outline = Grid::default();
    while let Some(mut batch) = batches.next_batch(io)? {
        for column in &mut batch.columns {
            let mut known = column.values.iter().copied().filter(|v| !v.is_nan());
            let first = known.next().filter(|first| known.all(|v| v == *first));
            column.values = first.into_iter().collect();
        }
        outline.columns.append(&mut batch.columns);
        (outline.times_ms, outline.windows) = (batch.times_ms, batch.windows);
    }
    Ok(outline)
}

/// Takes the step of a grid, where none is asked for, and what was done with its metrics.
fn follow(options: &mut Options, like: &Grid) {
    options.wish.step_ms = options.wish.step_ms.or_else(|| like.step_ms());
    options.like = headers(like);
}

/// A header of each metric of a grid: what was done with it.
fn headers(grid: &Grid) -> BTreeMap<String, Name> {
    let mut headers = BTreeMap::new();
    // One by one: collected, the names of all columns would be there at once.
    for name in grid.columns.iter().map(|column| Name::parse(&column.name)) {
        headers.insert(name.name.clone(), name);
    }
    headers
}

/// Refuses a label to aggregate to that no series has: it is most likely misspelt.
fn check_labels(store: &Store, option: &str, by: &[String]) -> Result<(), Error> {
    if by.is_empty() {
        return Ok(());
    }
    let labels = store.labels();
    let unknown = by.iter().find(|label| !store.is_empty() && !label.is_empty() && !labels.contains(label));
    unknown.map_or(Ok(()), |unknown| Err(no_label(option, unknown, &labels)))
}
