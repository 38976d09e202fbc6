//! From arguments to output.

use std::ops::Range;
use std::path::Path;

use grid::{Columns, Error, Form, Grid, Io, Names, Source};
use pca::{Fit, Missing, Options, Problem, contributions, fit, groups, own_residual, residual};

use super::args::{Args, Emit};
use super::request::{Reduction, Request, Work};
use super::shared::{self, Shared};
use super::{parts, remarks, table as tables};

/// Reads, fits and writes.
pub(crate) fn run(args: Args, io: &mut Io) -> Result<(), Error> {
    let request = Request::check(args, io.has_top())?;
    match &request.work {
        Work::Sum { parts, emit } => return parts::sum(&request, parts, *emit, io),
        Work::Merge(tables) => return parts::merge(&request, tables, io),
        _ => {}
    }
    let source = io.input(&request.input)?;
    let form = source.form();
    let place = match source.place() {
        "" => "standard input".to_string(),
        place => place.to_string(),
    };
    if let Work::Baseline { path, emit } = &request.work {
        return against_baseline(&request, (&place, source), (path, *emit), io);
    }
    if let Work::Reduce(reduction) = &request.work {
        return reduce(&request, reduction, &place, form, grid::read_grid(source, io)?, io);
    }
    let mut columns = Columns::read(source, io)?;
    // Sums are taken in the order of names, so that the order of columns does not show in any bit.
    columns.sort();
    if columns.names.is_empty() {
        parts::refuse_short(&place, &columns.times)?;
    }
    match &request.work {
        Work::Gram => parts::gram(&request, &place, form, columns, io),
        Work::Known { scores, emit } => parts::by_scores(&request, &place, (scores, *emit), columns, io),
        Work::Fit(emit) => alone(&request, *emit, &place, form, columns, io),
        Work::Reduce(_) | Work::Sum { .. } | Work::Merge(_) | Work::Baseline { .. } => Ok(()),
    }
}

/// The values leave the columns, which keep names and times, and are fitted.
fn fit_columns(
    place: &str,
    columns: &mut Columns,
    spans: &[Range<usize>],
    options: &Options,
    io: &Io,
) -> Result<Fit, Error> {
    let _working = io.working(format_args!("looking for the components of {} columns", columns.names.len()), 0);
    fit(std::mem::take(&mut columns.values), spans, options).map_err(|problem| failed(place, columns, problem))
}

/// The failure with the names of the columns.
pub(crate) fn failed(place: &str, columns: &Columns, problem: Problem) -> Error {
    match problem {
        Problem::Missing { column, row } => missing(place, columns.names.get(column), columns.times.times_ms[row]),
        problem => Error::failed(format!("{place}: {problem}")),
    }
}

fn missing(place: &str, name: &str, time_ms: i64) -> Error {
    let time = grid::format_time(time_ms);
    Error::failed(format!("{place}: time {time}: column {}: a missing value", grid::quote(name)))
}

/// Refuses columns of these names in which a value is missing.
fn refuse_missing(place: &str, times: &Grid, names: &Names, columns: &[Vec<f64>]) -> Result<(), Error> {
    for (name, values) in names.iter().zip(columns) {
        if let Some(row) = values.iter().position(|x| !x.is_finite()) {
            return Err(missing(place, name, times.times_ms[row]));
        }
    }
    Ok(())
}

/// What is written of a grid without columns, such as an empty shard has: a table without rows, scores without components.
fn nothing(request: &Request, emit: Emit, residual: bool, form: Form, grid: &Grid, io: &mut Io) -> Result<(), Error> {
    io.note("no columns to decompose");
    let table = match emit {
        Emit::Variance => tables::variance(&[], &[], &[]),
        Emit::Scores | Emit::Reduced | Emit::Gram => {
            let extra = (residual && emit == Emit::Scores).then(|| (vec![0.0; grid.rows()], vec![0.0; grid.rows()]));
            return grid::write_grid(&tables::scores(grid, Vec::new(), extra), request.form(form)?, io);
        }
        Emit::Contributions if residual => tables::no_residuals(),
        Emit::Contributions | Emit::Loadings => tables::no_contributions(0, emit),
    };
    request.output.write(&table, io)
}

fn alone(
    request: &Request,
    emit: Emit,
    place: &str,
    form: Form,
    mut columns: Columns,
    io: &mut Io,
) -> Result<(), Error> {
    if columns.names.is_empty() {
        return nothing(request, emit, false, form, &columns.times, io);
    }
    let spans: Vec<Range<usize>> = columns.times.spans().into_iter().map(|span| span.rows).collect();
    let fit = fit_columns(place, &mut columns, &spans, &request.options, io)?;
    let Columns { times, names, .. } = &columns;
    remarks::say(request.asked, names, &fit, io);
    let rows = match emit {
        Emit::Variance => tables::variance(&fit.model.variance, &fit.model.ratios, &fit.model.singular).into(),
        Emit::Loadings => tables::loadings(names, &fit),
        Emit::Contributions => tables::contributions(names, &fit),
        Emit::Scores | Emit::Reduced | Emit::Gram => {
            let scores = fit.scores();
            return grid::write_grid(&tables::scores(times, scores, None), request.form(form)?, io);
        }
    };
    request.output.write_brief(rows, &[], io)
}

fn against_baseline(
    request: &Request,
    (place, source): (&str, Source),
    (path, emit): (&Path, Emit),
    io: &mut Io,
) -> Result<(), Error> {
    let form = source.form();
    let mut base = Columns::read(Source::open(path)?.beside(), io)?;
    base.sort();
    let is_empty = base.names.is_empty();
    let Shared { times: grid, columns } = shared::read(source, &mut base, io)?;
    if columns.is_none() {
        parts::refuse_short(place, &grid)?;
    }
    let Some(columns) = columns.filter(|_| !is_empty) else {
        return nothing(request, emit, true, form, &grid, io);
    };
    if columns.is_empty() {
        return Err(Error::parse(place, "no column of the baseline", &path.display().to_string()));
    }
    if request.options.missing == Missing::Refuse {
        refuse_missing(place, &grid, &base.names, &columns)?;
    }
    let rows = base.times.rows();
    let fit =
        fit_columns(&path.display().to_string(), &mut base, std::slice::from_ref(&(0..rows)), &request.options, io)?;
    remarks::say(request.asked, &base.names, &fit, io);
    write_against(request, emit, (&base.names, fit), (&grid, columns, form), io)
}

/// What is asked of a fit to a baseline, and of the columns of a grid that it has, too.
fn write_against(
    request: &Request,
    emit: Emit,
    (names, mut fit): (&Names, Fit),
    (grid, columns, form): (&Grid, Vec<Vec<f64>>, Form),
    io: &mut Io,
) -> Result<(), Error> {
    match emit {
        Emit::Variance => {
            let table = tables::variance(&fit.model.variance, &fit.model.ratios, &fit.model.singular);
            return request.output.write(&table, io);
        }
        Emit::Loadings => return request.output.write_brief(tables::loadings(names, &fit), &[], io),
        _ => {}
    }
    let filled: Vec<usize> = columns.iter().map(|c| c.iter().filter(|x| !x.is_finite()).count()).collect();
    let own = if emit == Emit::Scores { Vec::new() } else { own_residual(&fit).q_of };
    remarks::say_all_kept(&fit, &own, io);
    // Of the baseline the model is wanted from here on, not the rows.
    fit.data.columns = Vec::new();
    let found = residual(&fit, columns);
    if emit == Emit::Scores {
        let scores = tables::scores(grid, found.scores, Some((found.q, found.t2)));
        return grid::write_grid(&scores, request.form(form)?, io);
    }
    request.output.write_brief(tables::residuals(names, &fit.data.shifts, (&own, &found), &filled), &[], io)
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

fn reduce(
    request: &Request,
    reduction: &Reduction,
    place: &str,
    form: Form,
    grid: Grid,
    io: &mut Io,
) -> Result<(), Error> {
    if grid.columns.is_empty() {
        if let Some(path) = &reduction.groups {
            tables::write_groups(path, &Names::default(), &[], &[], &[])?;
        }
        return nothing(request, Emit::Reduced, false, form, &grid, io);
    }
    let spans: Vec<Range<usize>> = grid.spans().into_iter().map(|span| span.rows).collect();
    let mut order: Vec<usize> = (0..grid.columns.len()).collect();
    order.sort_by(|&a, &b| grid.columns[a].name.cmp(&grid.columns[b].name));
    refuse_large(&grid)?;
    let mut sorted = Columns {
        times: Grid { times_ms: grid.times_ms.clone(), ..Grid::default() },
        names: order.iter().map(|&j| grid.columns[j].name.as_str()).collect(),
        values: order.iter().map(|&j| grid.columns[j].values.clone()).collect(),
    };
    let fit = fit_columns(place, &mut sorted, &spans, &request.options, io)?;
    let names = &sorted.names;
    remarks::say(request.asked, names, &fit, io);
    let shares = contributions(&fit.model, names.len());
    let (found, loose) = groups(&fit, &shares, reduction.similar, reduction.carry);
    remarks::say_groups(reduction.groups.is_none(), names, &found, loose.len(), io);
    if let Some(path) = &reduction.groups {
        tables::write_groups(path, names, &shares, &found, &loose)?;
    }
    let mut keep = vec![false; names.len()];
    found.iter().for_each(|group| keep[order[group.representative]] = true);
    let Grid { times_ms, windows, columns } = grid;
    let kept = columns.into_iter().zip(keep).filter(|(_, keep)| *keep);
    let columns = kept.map(|(column, _)| column).collect();
    grid::write_grid(&Grid { times_ms, windows, columns }, request.form(form)?, io)
}
