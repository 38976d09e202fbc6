//! From arguments to a page.

use std::io::Write;
use std::path::Path;

use grid::{Error, Grid, Io, Table};
use report::{Report, page};

use crate::args::Args;
use crate::evidence::Evidence;
use crate::points::Points;
use crate::{facts, panels, rankings, story};

/// Reads what is given and writes the page.
pub(crate) fn run(args: &Args, io: &mut Io) -> Result<(), Error> {
    io.quiet(args.quiet);
    check(args)?;
    let main = args.file.as_deref().unwrap_or(Path::new("-"));
    let rank = table(main, "metric")?;
    let services = args.services.as_deref().map(|path| table(path, "service")).transpose()?;
    let evidence = Evidence {
        rank: &rank,
        dtw: args.dtw.as_deref().map(|path| table(path, "metric")).transpose()?,
        pca: args.pca.as_deref().map(|path| table(path, "metric")).transpose()?,
        peaks: args.peaks.as_deref().map(|path| table(path, "metric")).transpose()?,
    };
    let points = args.points.as_deref().map(|path| points(path, &evidence, io)).transpose()?;
    let overload = grid(args.grid.as_deref(), io)?;
    let steady = grid(args.baseline.as_deref(), io)?;
    let on = panels::response(args.on.as_deref(), overload.as_ref())?;
    let run = args.run.as_deref().map(facts::read).transpose()?;
    let mut report = Report { title: args.title.clone(), ..Report::default() };
    report.rankings.extend(services.as_ref().map(rankings::services));
    report.rankings.push(rankings::metrics(&evidence, args.top));
    if let Some(overload) = &overload {
        report.timeline = Some(panels::timeline(&evidence, steady.as_ref(), overload, on.as_deref(), args.panels));
        report.cards = panels::cards(steady.as_ref(), overload, on.as_deref());
        report.facts.push(facts::grids(steady.as_ref(), overload));
    }
    report.curves = points.map(|points| points.curves(&evidence, args.panels));
    report.map = evidence.map();
    story::tell(&mut report, &evidence, services.as_ref(), on.as_deref());
    if let Some(run) = &run {
        facts::add(&mut report, run);
    }
    io.write_all(page(&report).as_bytes())?;
    Ok(())
}

fn check(args: &Args) -> Result<(), Error> {
    let inputs =
        [&args.grid, &args.baseline, &args.services, &args.points, &args.dtw, &args.pca, &args.peaks, &args.run];
    let standard = |path: &&Path| *path == Path::new("-");
    let main = args.file.as_deref().unwrap_or(Path::new("-"));
    let used = inputs.into_iter().flatten().map(|path| path.as_path()).chain([main]).filter(standard).count();
    if used > 1 {
        return Err(Error::usage("only one input can be standard input"));
    }
    Ok(())
}

fn table(path: &Path, name: &str) -> Result<Table, Error> {
    let table = Table::read_file(path)?;
    if !(table.rows.is_empty() && table.header.is_empty()) {
        column(&table, name, path)?;
    }
    Ok(table)
}

/// Where a column stands that a table must have.
pub(crate) fn column(table: &Table, name: &str, path: &Path) -> Result<usize, Error> {
    let (place, header) = (place(path), table.header.join(","));
    let missing = || Error::failed(format!("{place}: no column \"{name}\" in the header: \"{header}\""));
    table.column(name).ok_or_else(missing)
}

fn points(path: &Path, evidence: &Evidence, io: &mut Io) -> Result<Points, Error> {
    let points = Points::read(path)?;
    let (unranked, all) = points.unranked(evidence);
    if unranked > 0 {
        io.note(format_args!("{}: {unranked} of {all} metrics are not in the ranking", place(path)));
    }
    Ok(points)
}

/// The grid, of which only the first window is kept.
fn grid(path: Option<&Path>, io: &mut Io) -> Result<Option<Grid>, Error> {
    let Some(path) = path else { return Ok(None) };
    let mut grid = grid::read_grid_file(path, io)?;
    let spans = grid.spans();
    if spans.len() > 1 {
        io.note(format!("{}: {} windows, the first of which is shown", place(path), spans.len()));
        let rows = spans[0].rows.clone();
        grid.times_ms = grid.times_ms[rows.clone()].to_vec();
        grid.columns.iter_mut().for_each(|column| column.values = column.values[rows.clone()].to_vec());
    }
    grid.windows = None;
    Ok(Some(grid))
}

/// An input in messages.
pub(crate) fn place(path: &Path) -> String {
    if path == Path::new("-") { "standard input".into() } else { path.display().to_string() }
}
