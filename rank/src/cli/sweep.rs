//! `rank --load`: what scales least over a sweep of loads.

use crate::cli::args::Args;
use grid::{Cell, Error, Grid, Io, Source, Table};
use names::{Catalogue, Name, Place, Reading, Role};
use rank::scale::growth::{Growth, Step, growth, ideal, levels, steps};
use rank::scale::usl::{Estimate, Peak, Usl, latency, throughput};
use rayon::prelude::*;
use stats::Sample;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// More different loads than this in one grid are put into bins.
const MANY: usize = 40;
/// How many bins.
const BINS: usize = 20;

/// Loads, and the value of each metric at each of them.
struct Sweep {
    load: Vec<f64>,
    values: BTreeMap<String, Vec<f64>>,
}

/// One metric's growth.
struct Row {
    header: String,
    place: Place,
    kind: String,
    exponent: f64,
    growth: Growth,
    usl: Option<Usl>,
    points: Vec<(f64, f64)>,
    steps: Vec<Step>,
}

/// Reads the levels and makes the table.
pub(crate) fn sweep(args: &Args, load: &str, catalogue: &Catalogue, io: &mut Io) -> Result<Table, Error> {
    let sweep = read(args, load, io)?;
    let distinct: BTreeSet<u64> = sweep.load.iter().map(|v| v.to_bits()).collect();
    io.note(format_args!("{} levels of {load}, {} of them different", sweep.load.len(), distinct.len()));
    let mut rows = rows(&sweep, catalogue);
    rows.sort_by(|a, b| {
        let key = |r: &Row| r.growth.worse.unwrap_or(f64::NEG_INFINITY);
        key(b).total_cmp(&key(a)).then_with(|| a.header.cmp(&b.header))
    });
    if args.by == "service" {
        let mut seen = BTreeSet::new();
        rows.retain(|row| row.place.service.as_ref().is_some_and(|s| seen.insert(s.clone())));
    }
    Ok(match (args.points, args.steps) {
        (true, _) => point_table(&rows),
        (_, true) => step_table(&rows),
        _ => growth_table(&rows),
    })
}

fn read(args: &Args, load: &str, io: &mut Io) -> Result<Sweep, Error> {
    let stdin = [PathBuf::from("-")];
    let files = if args.files.is_empty() { &stdin[..] } else { &args.files[..] };
    let mut sweep = Sweep { load: Vec::new(), values: BTreeMap::new() };
    for path in files {
        let grid = grid::read_grid(Source::open(path)?.pick(&args.select, &args.drop)?, io)?;
        let levels = groups(&grid, load, path, files.len() == 1)?;
        for column in grid.columns.iter().filter(|c| c.name != load) {
            let values = sweep.values.entry(column.name.clone()).or_default();
            values.resize(sweep.load.len(), f64::NAN);
            values.extend(levels.iter().map(|(_, rows)| mean_of(&column.values, rows)));
        }
        sweep.load.extend(levels.iter().map(|(load, _)| load));
    }
    let n = sweep.load.len();
    sweep.values.values_mut().for_each(|v| v.resize(n, f64::NAN));
    Ok(sweep)
}

/// The levels of a grid: each window one; or, in a single grid without windows, each load that
/// occurs, or 20 bins of equally many rows where more than 40 occur.
fn groups(grid: &Grid, load: &str, path: &Path, alone: bool) -> Result<Vec<(f64, Vec<usize>)>, Error> {
    let column = grid.find(load).ok_or_else(|| Error::failed(format!("{}: no column \"{load}\"", path.display())))?;
    let median =
        |rows: &[usize]| Sample::new(&rows.iter().map(|r| column.values[*r]).collect::<Vec<_>>()).quantile(0.5);
    let spans: Vec<Vec<usize>> = grid.spans().into_iter().map(|span| span.rows.collect()).collect();
    let parts = if alone && spans.len() == 1 { by_load(&column.values) } else { spans };
    Ok(parts.into_iter().filter_map(|rows| Some((median(&rows)?, rows))).collect())
}

fn by_load(values: &[f64]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..values.len()).filter(|r| values[*r].is_finite()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let same: Vec<Vec<usize>> = order.chunk_by(|a, b| values[*a] == values[*b]).map(<[usize]>::to_vec).collect();
    if same.len() <= MANY { same } else { order.chunks(order.len().div_ceil(BINS)).map(<[usize]>::to_vec).collect() }
}

fn mean_of(values: &[f64], rows: &[usize]) -> f64 {
    let sample = Sample::new(&rows.iter().map(|r| values[*r]).collect::<Vec<_>>());
    if sample.is_empty() { f64::NAN } else { sample.mean() }
}

fn rows(sweep: &Sweep, catalogue: &Catalogue) -> Vec<Row> {
    let headers: Vec<&str> = sweep.values.keys().map(String::as_str).collect();
    let names: Vec<Name> = headers.iter().map(|h| Name::parse(h)).collect();
    let places = catalogue.places(&names);
    let all: Vec<_> = sweep.values.iter().zip(&names).zip(places).collect();
    let one = |(((header, values), name), place): (((&String, &Vec<f64>), &Name), Place)| {
        row(header, &catalogue.read(name, None), place, &sweep.load, values)
    };
    all.into_par_iter().map(one).collect()
}

fn row(header: &str, kind: &Reading, place: Place, load: &[f64], values: &[f64]) -> Row {
    let ideal = ideal(kind.harm, kind.role, kind.kind, &place.metric);
    let points = levels(load, values);
    let (n, v): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let usl = match (kind.role, kind.kind) {
        (Role::Driver, "traffic") => throughput(&n, &v),
        (_, "latency") if ideal.exponent == 0.0 => latency(&n, &v),
        _ => None,
    };
    let (growth, steps, kind) = (growth(&points, ideal), steps(&points), kind.kind.to_owned());
    Row { header: header.to_owned(), place, kind, exponent: ideal.exponent, growth, usl, points, steps }
}

#[rustfmt::skip]
const COLUMNS: [&str; 27] = [
    "rank", "metric", "service", "kind", "levels", "lowest", "highest", "elasticity", "elasticity_low", "elasticity_high", "linear", "worse",
    "knee", "slope_before", "slope_after", "left_at", "lambda", "sigma", "sigma_low", "sigma_high", "kappa", "kappa_low", "kappa_high", "peak_load", "peak_low", "peak_high", "note",
];

fn growth_table(rows: &[Row]) -> Table {
    let mut table = Table::new(&COLUMNS);
    for (at, row) in rows.iter().enumerate() {
        let g = &row.growth;
        let elasticity: [Cell; 3] = g
            .elasticity
            .map_or([Cell::Empty, Cell::Empty, Cell::Empty], |(e, low, high)| [e.into(), low.into(), high.into()]);
        let knee: [Cell; 3] = g.knee.map_or([Cell::Empty, Cell::Empty, Cell::Empty], |(at, before, after)| {
            [at.into(), before.into(), after.into()]
        });
        let mut cells: Vec<Cell> = vec![
            (at + 1).into(),
            row.header.as_str().into(),
            row.place.service.clone().into(),
            row.kind.as_str().into(),
        ];
        cells.extend([g.levels.into(), g.ends.map(|e| e.0).into(), g.ends.map(|e| e.1).into()]);
        cells.extend(elasticity);
        cells.extend([row.exponent.into(), g.worse.into()]);
        cells.extend(knee);
        cells.extend([g.left_at.into(), row.usl.map(|u| u.lambda.value).into()]);
        cells.extend(interval(row.usl.map(|u| u.sigma)));
        cells.extend(interval(row.usl.map(|u| u.kappa)));
        let peak = row.usl.and_then(|u| u.peak);
        cells.extend([peak.map(|p| p.at).into(), peak.map(|p| p.low).into(), peak.and_then(|p| p.high).into()]);
        cells.push(note(row).into());
        table.push(cells);
    }
    table
}

fn interval(estimate: Option<Estimate>) -> [Cell; 3] {
    estimate.map_or([Cell::Empty, Cell::Empty, Cell::Empty], |e| {
        [e.value.into(), (e.value - e.margin).into(), (e.value + e.margin).into()]
    })
}

fn note(row: &Row) -> &'static str {
    match (row.growth.elasticity, row.usl) {
        (None, _) if row.growth.levels < 3 => "fewer than 3 levels",
        (None, _) => "never positive, or one load only",
        (_, Some(Usl { peak: None, .. })) => "no peak: coherency is not positive",
        (_, Some(Usl { peak: Some(Peak { high: None, .. }), .. })) => "perhaps no peak: coherency may be 0",
        _ => "",
    }
}

/// One row for each metric at each load where it left its line.
fn step_table(rows: &[Row]) -> Table {
    let mut table = Table::new(&["load", "metric", "service", "kind", "expected", "actual", "times"]);
    let mut all: Vec<(&Row, &Step)> =
        rows.iter().flat_map(|row| row.steps.iter().map(move |step| (row, step))).collect();
    let off = |s: &Step| (s.actual / s.expected).max(0.0).ln().abs();
    all.sort_by(|(a, s), (b, t)| {
        s.load.total_cmp(&t.load).then(off(t).total_cmp(&off(s))).then_with(|| a.header.cmp(&b.header))
    });
    for (row, step) in all {
        let times = step.actual / step.expected;
        table.push(vec![
            step.load.into(),
            row.header.as_str().into(),
            row.place.service.clone().into(),
            row.kind.as_str().into(),
            step.expected.into(),
            step.actual.into(),
            times.into(),
        ]);
    }
    table
}

/// One row for each metric and level, with what was fitted there: the line, and the law of traffic or latency.
fn point_table(rows: &[Row]) -> Table {
    let mut table = Table::new(&["load", "metric", "service", "kind", "value", "line", "law"]);
    for row in rows {
        for &(load, value) in &row.points {
            let law = row.usl.map(|usl| usl.throughput_at(load));
            table.push(vec![
                load.into(),
                row.header.as_str().into(),
                row.place.service.clone().into(),
                row.kind.as_str().into(),
                value.into(),
                row.growth.line_at(load).into(),
                law.map(|x| if row.kind == "latency" { load / x } else { x }).into(),
            ]);
        }
    }
    table
}
