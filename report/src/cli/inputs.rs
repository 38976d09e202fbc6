//! What is given: tables, grids and records, read and checked.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use grid::{Error, Grid, Io, Table};
use report::is_web_address;
use serde_json::{Map, Value};

use super::args::{Args, Form};
use super::locust::Locust;
use super::naming::Naming;
use super::points::Points;
use super::sheet::{Sheet, place};
use super::verdict::Verdict;
use super::{facts, outcomes, related};

/// The columns that a list of runs must have.
pub(crate) const RUNS: [&str; 2] = ["time", "page"];

/// All that a page is made of.
pub(crate) struct Inputs {
    /// The ranking by metric.
    pub(crate) rank: Sheet,
    /// Whether anything got worse, as the ranking says.
    pub(crate) verdict: Verdict,
    /// The ranking by service.
    pub(crate) services: Option<Sheet>,
    /// What dtw prints.
    pub(crate) dtw: Option<Sheet>,
    /// Matched times of each metric, in Unix milliseconds: of the query, and of the metric.
    pub(crate) matches: HashMap<String, Vec<(f64, f64)>>,
    /// What pca prints.
    pub(crate) pca: Option<Sheet>,
    /// What pca --emit variance prints.
    pub(crate) variance: Option<Sheet>,
    /// What peaks prints: metric and time of each peak.
    pub(crate) peaks: Option<Vec<(String, f64)>>,
    /// Known faults.
    pub(crate) faults: Option<Sheet>,
    /// Calls between services.
    pub(crate) edges: Option<Table>,
    /// The ranking of another run.
    pub(crate) against: Option<Sheet>,
    /// The overload grid of another run.
    pub(crate) other: Option<Grid>,
    /// A list of runs.
    pub(crate) runs: Option<Table>,
    /// Values by load.
    pub(crate) points: Option<Points>,
    /// The overload grid.
    pub(crate) overload: Option<Grid>,
    /// The steady grid.
    pub(crate) steady: Option<Grid>,
    /// First and last moment of each window that was cut out, in Unix milliseconds.
    pub(crate) windows: Vec<(i64, i64)>,
    /// What the headers mean.
    pub(crate) naming: Naming,
    /// The column of response times.
    pub(crate) on: Option<String>,
    /// True for two runs, of which either may be the later.
    pub(crate) in_any_order: bool,
    /// The record of the run.
    pub(crate) run: Option<Map<String, Value>>,
    /// What Locust counted.
    pub(crate) locust: Option<Locust>,
    /// The commands that made the ranking.
    pub(crate) chain: Vec<String>,
}

impl Inputs {
    /// Reads all that the options name.
    pub(crate) fn read(args: &Args, io: &mut Io) -> Result<Self, Error> {
        check(args)?;
        let given = &args.tables;
        let path = args.file.as_deref().unwrap_or(Path::new("-"));
        let rank = Sheet::read(path, ["metric"])?;
        Verdict::check(&rank, path)?;
        let points = given.points.as_deref().map(|path| points(path, &rank, io)).transpose()?;
        let overload = grid(given.grid.as_deref(), io)?;
        let naming = naming(&rank, overload.as_ref());
        let inputs = Inputs {
            services: sheet(&given.services, ["service"])?,
            dtw: sheet(&given.dtw, ["metric", "normalised"])?,
            matches: given.path.as_deref().map(matches).transpose()?.unwrap_or_default(),
            pca: sheet(&given.pca, ["metric", "contribution"])?,
            variance: sheet(&given.variance, ["component"])?,
            peaks: given.peaks.as_deref().map(peaks).transpose()?,
            faults: sheet(&given.faults, ["kind", "distance"])?,
            edges: given.edges.as_deref().map(|path| table(path, &["caller", "callee"])).transpose()?,
            against: sheet(&given.against, ["metric"])?,
            other: grid(given.against_grid.as_deref(), io)?,
            runs: given.runs.as_deref().map(|path| table(path, &RUNS)).transpose()?,
            steady: grid(given.baseline.as_deref(), io)?,
            windows: given.windows.as_deref().map(|path| windows(path, io)).transpose()?.unwrap_or_default(),
            in_any_order: given.any_order,
            on: outcomes::response(args.on.as_deref(), overload.as_ref(), &naming)?,
            run: args.run.run.as_deref().map(facts::read).transpose()?,
            locust: args.run.locust.as_deref().map(Locust::read).transpose()?,
            chain: args.run.chain.as_deref().map(commands).transpose()?.unwrap_or_default(),
            verdict: Verdict::of(&rank),
            rank,
            naming,
            points,
            overload,
        };
        related::check(&inputs, given, io)?;
        Ok(inputs)
    }
}

/// What the headers mean, and whose they are by the ranking.
fn naming(rank: &Sheet, overload: Option<&Grid>) -> Naming {
    let columns = overload.iter().flat_map(|grid| &grid.columns).map(|column| column.name.as_str());
    let mut naming = Naming::read(rank.names().chain(columns));
    for row in 0..rank.len() {
        if let Some((metric, service)) = rank.text(row, "metric").zip(rank.text(row, "service")) {
            naming.charge(&metric, service);
        }
    }
    naming
}

fn check(args: &Args) -> Result<(), Error> {
    let given = &args.tables;
    let inputs = [
        &given.grid,
        &given.baseline,
        &given.services,
        &given.points,
        &given.dtw,
        &given.path,
        &given.pca,
        &given.variance,
        &given.peaks,
        &given.windows,
        &given.faults,
        &given.edges,
        &given.against,
        &given.against_grid,
        &given.runs,
        &args.run.run,
        &args.run.chain,
    ];
    let main = args.file.as_deref().unwrap_or(Path::new("-"));
    let given = inputs.into_iter().flatten().map(|path| path.as_path()).chain([main]);
    if given.filter(|path| *path == Path::new("-")).count() > 1 {
        return Err(Error::usage("only one input can be standard input"));
    }
    for (option, address) in [("--link-prometheus", &args.link_prometheus), ("--link-grafana", &args.link_grafana)] {
        if let Some(address) = address.as_deref().filter(|address| !is_web_address(address)) {
            return Err(Error::usage(format!("{option}: expected an address with http:// or https://: \"{address}\"")));
        }
    }
    if let Some(address) = args.link_grafana.as_deref().filter(|address| !address.contains("{query}")) {
        return Err(Error::usage(format!("--link-grafana: expected an address with {{query}} in it: \"{address}\"")));
    }
    if args.into.is_some() && args.to != Form::Svg {
        return Err(Error::usage("--into: expected --to svg as well"));
    }
    Ok(())
}

fn points(path: &Path, rank: &Sheet, io: &mut Io) -> Result<Points, Error> {
    let points = Points::read(path)?;
    let (unranked, all) = points.unranked(rank);
    if unranked > 0 && unranked < all {
        io.note(format_args!("{}: {unranked} of {all} metrics are not in the ranking", place(path)));
    }
    Ok(points)
}

fn sheet<const N: usize>(path: &Option<PathBuf>, columns: [&str; N]) -> Result<Option<Sheet>, Error> {
    path.as_deref().map(|path| Sheet::read(path, columns)).transpose()
}

fn peaks(path: &Path) -> Result<Vec<(String, f64)>, Error> {
    let sheet = Sheet::read(path, ["metric", "time"])?;
    let peak = |row: usize| Some((sheet.text(row, "metric")?, sheet.number(row, "time")? * 1000.0));
    Ok((0..sheet.len()).filter_map(peak).collect())
}

fn matches(path: &Path) -> Result<HashMap<String, Vec<(f64, f64)>>, Error> {
    let sheet = Sheet::read(path, ["metric", "query_time", "time"])?;
    let mut out: HashMap<String, Vec<(f64, f64)>> = HashMap::new();
    for row in 0..sheet.len() {
        // of several windows the first
        let first = sheet.number(row, "window").is_none_or(|window| window == 1.0);
        let times = sheet.number(row, "query_time").zip(sheet.number(row, "time")).filter(|_| first);
        if let Some((metric, (query, time))) = sheet.text(row, "metric").zip(times) {
            out.entry(metric).or_default().push((query * 1000.0, time * 1000.0));
        }
    }
    Ok(out)
}

/// Reads a table; one that is not empty must have these columns.
pub(crate) fn table(path: &Path, columns: &[&str]) -> Result<Table, Error> {
    let table = Table::read_file(path)?;
    for name in columns {
        if !(table.rows.is_empty() && table.header.is_empty()) {
            super::sheet::column(&table, name, path)?;
        }
    }
    Ok(table)
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

fn windows(path: &Path, io: &mut Io) -> Result<Vec<(i64, i64)>, Error> {
    let grid = grid::read_grid_file(path, io)?;
    if grid.windows.is_none() && !grid.columns.is_empty() {
        return Err(Error::failed("no column \"window\", expected what peaks --cut writes").at(&place(path)));
    }
    let ends = |span: grid::Span| {
        let times = &grid.times_ms[span.rows];
        Some((*times.first()?, *times.last()?))
    };
    Ok(grid.spans().into_iter().filter_map(ends).collect())
}

fn commands(path: &Path) -> Result<Vec<String>, Error> {
    let bytes = facts::bytes(path)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_string)
        .collect())
}
