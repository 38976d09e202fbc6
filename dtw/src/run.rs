//! What the arguments ask for, from the input to the table.

use std::path::Path;

use grid::{Column, Error, Grid, Io, Source};

use crate::args::{Args, HolesArg};
use crate::job::{Candidate, Job};
use crate::query::{self, Query};
use crate::rows::Row;

/// Runs the comparison that the arguments ask for.
pub(crate) fn run(args: &Args, io: &mut Io) -> Result<(), Error> {
    for (what, reference) in [("query", args.query.as_deref().map(Path::new)), ("baseline", args.baseline.as_deref())] {
        if reference == Some(Path::new("-")) && args.input.file.as_deref().is_none_or(|f| f == Path::new("-")) {
            return Err(Error::usage(format!("the grid and its {what} cannot both be standard input")));
        }
    }
    if let Some(dir) = &args.library {
        return crate::faults::run(args, dir, io);
    }
    let text = args.query.as_deref().unwrap_or_default();
    let input = if args.matrix.is_some() { args.input.clone() } else { crate::query::keep(text, &args.input) };
    let source = io.input(&input)?;
    if let Some(measure) = args.matrix {
        return crate::matrix::run(args, measure, &grid::read_grid(source, io)?, io);
    }
    let mut rows = match &args.group {
        Some(label) => crate::groups::rows(args, text, label, &grid::read_grid(source, io)?, io)?,
        None => one_by_one(args, text, source, io)?,
    };
    nearest_first(&mut rows, args.top);
    if let Some(path) = &args.path {
        crate::rows::write_paths(&rows, path)?;
    }
    args.output.write(&crate::rows::table(&rows), io)
}

/// Compares batch by batch, as soon as the query is known; until then batches wait.
fn one_by_one(args: &Args, text: &str, source: Source, io: &mut Io) -> Result<Vec<Row>, Error> {
    let mut queries = if query::is_file(text) { query::read(text, io)? } else { Vec::new() };
    let (mut waiting, mut rows) = (Vec::new(), Vec::new());
    let mut batches = grid::batches(source, io)?;
    while let Some(batch) = batches.next_batch(io)? {
        if queries.is_empty() {
            queries.extend(query::exact(text, &batch));
        }
        waiting.push(batch);
        if !queries.is_empty() {
            compare(args, &queries, std::mem::take(&mut waiting), &mut rows)?;
        }
    }
    if queries.is_empty() {
        let mut all = waiting.pop().unwrap_or_default();
        all.columns = waiting.drain(..).rev().fold(all.columns, |after, before| [before.columns, after].concat());
        queries = query::select(text, &all)?;
        waiting.push(all);
    }
    compare(args, &queries, waiting, &mut rows)?;
    Ok(rows)
}

fn compare(args: &Args, queries: &[Query], grids: Vec<Grid>, rows: &mut Vec<Row>) -> Result<(), Error> {
    if args.holes == HolesArg::Refuse
        && let Some(query) = queries.iter().find(|q| q.columns.iter().flatten().any(|x| x.is_nan()))
    {
        return Err(Error::failed(format!("--query: a missing cell, and --holes refuse: \"{}\"", query.name)));
    }
    for grid in grids {
        let job = Job::new(args, &grid)?;
        for query in queries {
            rows.extend(job.rows(query, &others(&grid, query)));
        }
        nearest_first(rows, args.top);
    }
    Ok(())
}

fn nearest_first(rows: &mut Vec<Row>, top: usize) {
    rows.sort_by(Row::order);
    if top > 0 {
        rows.truncate(top);
    }
}

/// Every column but the query itself, on its own.
fn others(grid: &Grid, query: &Query) -> Vec<Candidate> {
    let one = |(c, column): (usize, &Column)| {
        (!query.is(&column.name)).then(|| Candidate { name: column.name.clone(), columns: vec![c] })
    };
    grid.columns.iter().enumerate().filter_map(one).collect()
}
