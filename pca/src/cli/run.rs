//! From arguments to output.

use std::ops::Range;
use std::path::Path;

use grid::{Error, Form, Grid, Io};
use pca::{Fit, Options, Problem, contributions, fit, groups, residual};

use super::args::{Args, Emit};
use super::{remarks, table as tables};

/// Reads, fits and writes.
pub(crate) fn run(args: &Args, io: &mut Io) -> Result<(), Error> {
    check(args)?;
    let source = io.input(&args.input)?;
    let form = source.form();
    let place = match source.place() {
        "" => "standard input".to_string(),
        place => place.to_string(),
    };
    let mut grid = grid::read_grid(source, io)?;
    // Sums are taken in the order of names, so that the order of columns does not show in any bit.
    if args.emit != Emit::Reduced {
        grid.columns.sort_by(|a, b| a.name.cmp(&b.name));
    }
    match &args.baseline {
        Some(path) => against_baseline(args, &place, path, form, grid, io),
        None if args.emit == Emit::Reduced => reduce(args, &place, form, grid, io),
        None => alone(args, &place, form, grid, io),
    }
}

fn check(args: &Args) -> Result<(), Error> {
    let standard = |path: Option<&Path>| path.is_none_or(|path| path == Path::new("-"));
    if args.baseline.as_deref() == Some(Path::new("-")) && standard(args.input.file.as_deref()) {
        return Err(Error::usage("the grid and its baseline cannot both be standard input"));
    }
    if args.emit == Emit::Reduced && args.baseline.is_some() {
        return Err(Error::usage("--emit reduced does not go with --baseline"));
    }
    if args.emit != Emit::Reduced && args.groups.is_some() {
        return Err(Error::usage("--groups goes with --emit reduced"));
    }
    if matches!(args.emit, Emit::Reduced | Emit::Scores) {
        args.grid_form(Form::Csv)?;
    }
    Ok(())
}

/// The columns leave the grid, which keeps names and times, and are fitted.
fn fit_grid(place: &str, grid: &mut Grid, spans: &[Range<usize>], options: &Options) -> Result<Fit, Error> {
    let columns: Vec<Vec<f64>> = grid.columns.iter_mut().map(|column| std::mem::take(&mut column.values)).collect();
    fit(columns, spans, options).map_err(|problem| match problem {
        Problem::Hole { column, row } => {
            let (name, time) = (&grid.columns[column].name, grid::format_time(grid.times_ms[row]));
            Error::failed(format!("{place}: time {time}: column {}: a missing value", grid::quote(name)))
        }
        problem => Error::failed(format!("{place}: {problem}")),
    })
}

fn alone(args: &Args, place: &str, form: Form, mut grid: Grid, io: &mut Io) -> Result<(), Error> {
    let spans: Vec<Range<usize>> = grid.spans().into_iter().map(|span| span.rows).collect();
    let fit = fit_grid(place, &mut grid, &spans, &args.options())?;
    remarks::say(args, &grid, &fit, io);
    let names: Vec<&str> = grid.columns.iter().map(|column| column.name.as_str()).collect();
    let table = match args.emit {
        Emit::Variance => tables::variance(&fit),
        Emit::Loadings => tables::loadings(&names, &fit),
        Emit::Contributions => tables::contributions(&names, &fit),
        Emit::Scores | Emit::Reduced => {
            let scores = fit.scores();
            return grid::write_grid(&tables::scores(&grid, scores, None), args.grid_form(form)?, io);
        }
    };
    args.output.write(&table, io)
}

fn against_baseline(
    args: &Args,
    place: &str,
    path: &Path,
    form: Form,
    mut grid: Grid,
    io: &mut Io,
) -> Result<(), Error> {
    let mut base = grid::read_grid_file(path, io)?;
    base.columns.sort_by(|a, b| a.name.cmp(&b.name));
    let shared = remarks::share_columns(&mut base, &mut grid, io);
    if !shared {
        return Err(Error::parse(place, "no column of the baseline", &path.display().to_string()));
    }
    let rows = base.rows();
    let fit = fit_grid(&path.display().to_string(), &mut base, std::slice::from_ref(&(0..rows)), &args.options())?;
    remarks::say(args, &base, &fit, io);
    let names: Vec<&str> = base.columns.iter().map(|column| column.name.as_str()).collect();
    let table = match args.emit {
        Emit::Variance => tables::variance(&fit),
        Emit::Loadings => tables::loadings(&names, &fit),
        _ => {
            let columns: Vec<Vec<f64>> =
                grid.columns.iter_mut().map(|column| std::mem::take(&mut column.values)).collect();
            let filled = columns.iter().map(|c| c.iter().filter(|x| !x.is_finite()).count());
            let filled: Vec<usize> = filled.collect();
            let found = residual(&fit, columns);
            if args.emit == Emit::Scores {
                let scores = tables::scores(&grid, found.scores, Some((found.q, found.t2)));
                return grid::write_grid(&scores, args.grid_form(form)?, io);
            }
            tables::residuals(&names, &fit, &found, &filled)
        }
    };
    args.output.write(&table, io)
}

/// A second copy of the grid is needed: better refused now than killed later.
fn refuse_large(grid: &Grid) -> Result<(), Error> {
    let needed = 8 * grid.rows() as u64 * grid.columns.len() as u64;
    match grid::available_memory() {
        Some(free) if free < needed => {
            let (needed, free) = (needed >> 20, free >> 20);
            let way_out = "--select fewer columns, or --emit contributions";
            Err(Error::out_of_memory(format!(
                "--emit reduced needs another {needed} MB, {free} MB are free; {way_out}"
            )))
        }
        _ => Ok(()),
    }
}

fn reduce(args: &Args, place: &str, form: Form, grid: Grid, io: &mut Io) -> Result<(), Error> {
    let spans: Vec<Range<usize>> = grid.spans().into_iter().map(|span| span.rows).collect();
    let mut order: Vec<usize> = (0..grid.columns.len()).collect();
    order.sort_by(|&a, &b| grid.columns[a].name.cmp(&grid.columns[b].name));
    refuse_large(&grid)?;
    let mut sorted = Grid {
        times_ms: grid.times_ms.clone(),
        windows: None,
        columns: order.iter().map(|&j| grid.columns[j].clone()).collect(),
    };
    let fit = fit_grid(place, &mut sorted, &spans, &args.options())?;
    remarks::say(args, &sorted, &fit, io);
    let shares = contributions(&fit.model, sorted.columns.len());
    let (found, loose) = groups(&fit, &shares, args.similar, args.carry);
    let names: Vec<&str> = sorted.columns.iter().map(|column| column.name.as_str()).collect();
    remarks::say_groups(args.groups.is_none(), &names, &found, loose.len(), io);
    if let Some(path) = &args.groups {
        tables::write_groups(path, &names, &shares, &found, &loose)?;
    }
    let mut keep = vec![false; names.len()];
    found.iter().for_each(|group| keep[order[group.representative]] = true);
    let Grid { times_ms, windows, columns } = grid;
    let kept = columns.into_iter().zip(keep).filter(|(_, keep)| *keep);
    let columns = kept.map(|(column, _)| column).collect();
    grid::write_grid(&Grid { times_ms, windows, columns }, args.grid_form(form)?, io)
}
