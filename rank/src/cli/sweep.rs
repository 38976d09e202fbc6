//! `rank --load`: what scales least over a sweep of loads.

use std::collections::BTreeSet;

use grid::{Cell, Error, Io, Table, idle_notes};
use names::{Catalogue, Name, Place, Reading, Role};
use rank::scale::growth::{Growth, Step, growth, ideal, levels, noise, steps};
use rank::scale::usl::{Estimate, Fit, Peak, Usl, latency, throughput};
use rayon::prelude::*;

use crate::cli::levels::{Levels, Value, read};
use crate::cli::settings::{List, Sweep};

/// One metric's growth.
struct Row {
    header: String,
    place: Place,
    kind: String,
    exponent: Option<f64>,
    growth: Growth,
    usl: Option<Usl>,
    points: Vec<(f64, f64)>,
    steps: Vec<Step>,
    behind: u8,
}

/// Reads the levels and makes the table: suspects first, the worst growth first; then callers' views, load and its
/// outcome, and the monitoring's own.
pub(crate) fn sweep(asked: &Sweep, catalogue: &Catalogue, io: &mut Io) -> Result<Table, Error> {
    let levels = read(asked, io)?;
    let distinct: BTreeSet<u64> = levels.load.iter().map(|v| v.to_bits()).collect();
    io.note(format_args!("{} levels of {}, {} of them different", levels.load.len(), asked.load, distinct.len()));
    idle_notes(catalogue, || levels.values.keys().cloned().collect()).iter().for_each(|note| io.note(note));
    let working = io.working(format_args!("fitting {} metrics", levels.values.len()), 0);
    let mut rows = rows(&levels, catalogue, asked.fit);
    drop(working);
    let worse = |row: &Row| row.growth.worse.unwrap_or(f64::NEG_INFINITY);
    rows.sort_by(|a, b| {
        a.behind.cmp(&b.behind).then(worse(b).total_cmp(&worse(a))).then_with(|| a.header.cmp(&b.header))
    });
    if asked.by_service {
        let mut seen = BTreeSet::new();
        rows.retain(|row| row.place.service.as_ref().is_some_and(|s| seen.insert(s.clone())));
    }
    Ok(match asked.list {
        List::Points => point_table(&rows),
        List::Steps => step_table(&rows),
        List::Growth => growth_table(&rows),
    })
}

fn rows(sweep: &Levels, catalogue: &Catalogue, fit: Fit) -> Vec<Row> {
    let headers: Vec<&str> = sweep.values.keys().map(String::as_str).collect();
    let names: Vec<Name> = headers.iter().map(|h| Name::parse(h)).collect();
    let places = catalogue.places(&names);
    let services: BTreeSet<String> = places.iter().filter_map(|place| place.service.clone()).collect();
    let all: Vec<_> = sweep.values.iter().zip(&names).zip(places).collect();
    let one = |(((header, values), name), place): (((&String, &Vec<Value>), &Name), Place)| {
        let reading = catalogue.read(name);
        let behind = behind(&reading, &place, &services);
        Row { behind, ..row(header, &reading, place, &sweep.load, values, fit) }
    };
    all.into_par_iter().map(one).collect()
}

/// Whether a metric stands behind the suspects, as it does between two states: 1 a caller's view of another service that
/// is there itself, 2 load and its outcome, 3 the monitoring's own.
fn behind(reading: &Reading, place: &Place, services: &BTreeSet<String>) -> u8 {
    let other = place.peer.as_ref().filter(|_| place.peer != place.service);
    let view = || reading.kind == "latency" && other.is_some_and(|peer| services.contains(peer));
    match reading.role {
        _ if place.monitoring => 3,
        _ if reading.outcome.is_some() => 2,
        Role::Driver => 2,
        _ => u8::from(place.caller || view()),
    }
}

fn row(header: &str, kind: &Reading, place: Place, load: &[f64], values: &[Value], fit: Fit) -> Row {
    let ideal = ideal(kind.harm, kind.role, kind.kind, &place.metric);
    let means: Vec<f64> = values.iter().map(|value| value.mean).collect();
    let noise = noise(&values.iter().map(|value| value.error).collect::<Vec<_>>());
    let points = levels(load, &means);
    let (n, v): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let usl = match (kind.role, kind.kind) {
        (Role::Driver, "traffic") => throughput(&n, &v, fit),
        (_, "latency") if ideal.exponent == Some(0.0) => latency(&n, &v, fit),
        _ => None,
    };
    let (growth, steps, kind) = (growth(&points, noise, ideal), steps(&points, noise), kind.kind.to_owned());
    Row { header: header.to_owned(), place, kind, exponent: ideal.exponent, growth, usl, points, steps, behind: 0 }
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
        (None, _) => "fewer than 3 levels above 0, or one load only",
        _ if row.exponent.is_none() => "what is free shrinks as it is used: no growth to expect",
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
