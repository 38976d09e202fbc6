//! Turns measured metrics into the tables that are printed.

use crate::args::{Args, Order};
use crate::evidence::Evidence;
use crate::gather::Metric;
use grid::{Cell, Table};
use names::{Catalogue, Harm, Name, Place, Role};
use rank::score::{Item, Parts, Weights, fuse};
use stats::false_discovery;
use std::collections::HashMap;

/// A metric with all that is told of it.
pub(crate) struct Row {
    /// What was measured.
    pub(crate) metric: Metric,
    /// Its service, and where that was read.
    pub(crate) place: Place,
    /// The group it is ranked in, where it has one.
    pub(crate) group: Option<String>,
    /// Its kind, which way is harm, and its role.
    pub(crate) kind: String,
    pub(crate) harm: Harm,
    pub(crate) role: Role,
    /// False discovery rate.
    pub(crate) q: Option<f64>,
    /// The parts of its score.
    pub(crate) parts: Parts,
    /// What the order is made of; `None` without samples on both sides.
    pub(crate) score: Option<f64>,
    extra: Vec<Cell>,
}

/// Scores the metrics and puts them in order, best first; ties by name.
pub(crate) fn rows(metrics: Vec<Metric>, args: &Args, catalogue: &Catalogue, evidence: &Evidence) -> Vec<Row> {
    let q = false_discovery(&metrics.iter().map(|m| m.measure.p).collect::<Vec<_>>());
    let names: Vec<Name> = metrics.iter().map(|m| m.name.clone()).collect();
    let places = catalogue.places(&names);
    let mut rows: Vec<Row> = metrics
        .into_iter()
        .zip(places)
        .zip(q)
        .map(|((metric, place), q)| {
            let reading = catalogue.read(&metric.name, None);
            let (kind, harm, role) = (
                reading.kind.to_owned(),
                reading.harm,
                if reading.outcome.is_some() { Role::Driver } else { reading.role },
            );
            let group = group_of(&metric.name, &place, &args.by);
            let extra = evidence.cells(&metric.header);
            Row { metric, place, group, kind, harm, role, q, parts: Parts::default(), score: None, extra }
        })
        .collect();
    score(&mut rows, args.score);
    rows.sort_by(|a, b| {
        let key = |r: &Row| r.score.unwrap_or(f64::NEG_INFINITY);
        key(b).total_cmp(&key(a)).then_with(|| a.metric.header.cmp(&b.metric.header))
    });
    rows
}

fn group_of(name: &Name, place: &Place, by: &str) -> Option<String> {
    match by {
        "metric" | "service" => place.service.clone(),
        "name" | "__name__" => Some(name.name.clone()),
        label => name.labels.iter().find(|(key, _)| key == label).map(|(_, value)| value.clone()),
    }
}

fn score(rows: &mut [Row], order: Order) {
    let with_samples: Vec<usize> = (0..rows.len()).filter(|i| rows[*i].metric.measure.z.is_some()).collect();
    let mut numbers = HashMap::new();
    let items: Vec<Item> = with_samples.iter().map(|&i| item(&rows[i], &mut numbers)).collect();
    for (&i, parts) in with_samples.iter().zip(fuse(&items, &Weights::default())) {
        let m = &rows[i].metric.measure;
        rows[i].score = match order {
            Order::Pct => m.pct_change.map(f64::abs),
            Order::PctDiff => m.pct_diff.map(f64::abs),
            Order::Z => m.z.map(f64::abs),
            Order::Effect => m.effect.map(|e| (e - 0.5).abs()),
            Order::Fused => Some(parts.score),
        };
        rows[i].parts = parts;
    }
}

fn item(row: &Row, numbers: &mut HashMap<(&'static str, String), usize>) -> Item {
    let mut number = |what: &'static str, text: &str| {
        let next = numbers.len();
        *numbers.entry((what, text.to_owned())).or_insert(next)
    };
    Item {
        service: row.group.as_deref().map(|group| number("group", group)),
        kind: number("kind", &row.kind),
        family: number("family", &family(&row.metric)),
        role: row.role,
        harm: row.metric.measure.harm,
        size: row.metric.measure.size,
        caller: row.place.caller,
        seen: 1.0 - row.metric.measure.missing_steady.unwrap_or(1.0),
    }
}

/// Series of one name and quantile are of one family; without labels each stands alone.
fn family(metric: &Metric) -> String {
    let quantile = metric.name.labels.iter().find(|(key, _)| key == "quantile").map(|(_, value)| value.as_str());
    match metric.name.labels.is_empty() {
        true => metric.header.clone(),
        false => format!("{}\u{0}{}", metric.name.name, quantile.unwrap_or_default()),
    }
}

/// Where the columns of evidence go: before the score.
const EVIDENCE: usize = 25;

const COLUMNS: [&str; 27] = [
    "rank",
    "metric",
    "service",
    "kind",
    "steady",
    "overload",
    "pct_change",
    "pct_diff",
    "z",
    "effect",
    "p",
    "q",
    "onset",
    "missing_steady",
    "missing_overload",
    "runs",
    "pct_spread",
    "z_spread",
    "deviation",
    "size",
    "side",
    "seen",
    "saturation",
    "support",
    "place",
    "score",
    "note",
];

/// One row a metric.
pub(crate) fn metrics(rows: &[Row], evidence: &Evidence) -> Table {
    let mut header = COLUMNS.to_vec();
    header.splice(EVIDENCE..EVIDENCE, evidence.header.iter().map(String::as_str));
    let mut table = Table::new(&header);
    for (at, row) in rows.iter().enumerate() {
        let mut cells = cells(row, at + 1);
        cells.splice(EVIDENCE..EVIDENCE, row.extra.iter().cloned());
        table.push(cells);
    }
    table
}

fn cells(row: &Row, rank: usize) -> Vec<Cell> {
    let (m, parts) = (&row.metric.measure, row.parts);
    let part = |v: f64| Cell::from(m.z.map(|_| v));
    vec![
        rank.into(),
        row.metric.header.as_str().into(),
        row.place.service.clone().into(),
        row.kind.as_str().into(),
        m.steady.into(),
        m.overload.into(),
        m.pct_change.into(),
        m.pct_diff.into(),
        m.z.into(),
        m.effect.into(),
        m.p.into(),
        row.q.into(),
        m.onset.into(),
        m.missing_steady.into(),
        m.missing_overload.into(),
        m.runs.into(),
        m.pct_spread.into(),
        m.z_spread.into(),
        part(parts.deviation),
        part(parts.size),
        part(parts.side),
        part(parts.seen),
        part(parts.saturation),
        part(parts.support),
        part(parts.place),
        row.score.into(),
        note(row).into(),
    ]
}

/// Why a cell is empty, or what to beware of.
pub(crate) fn note(row: &Row) -> String {
    let m = &row.metric.measure;
    let mut notes = vec![m.note];
    notes.push(if row.place.caller { "a caller's view" } else { "" });
    notes.push(if row.role == Role::Driver { "load or outcome, not a cause" } else { "" });
    notes.into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>().join("; ")
}

/// One row a group: its first metric, and the first of another kind that supports it.
#[rustfmt::skip]
pub(crate) fn groups(rows: &[Row], args: &Args) -> Table {
    let mut table = Table::new(&[
        "rank", args.by.as_str(), "metric", "kind", "steady", "overload", "pct_change", "z", "q", "onset", "support", "support_kind",
        "members", "moved", "score", "note",
    ]);
    let mut members: HashMap<&str, Vec<&Row>> = HashMap::new();
    let mut order = Vec::new();
    for row in rows {
        let Some(group) = row.group.as_deref() else { continue };
        let of_group = members.entry(group).or_default();
        if of_group.is_empty() {
            order.push(group);
        }
        of_group.push(row);
    }
    for (at, group) in order.iter().enumerate() {
        let mut cells = vec![(at + 1).into(), (*group).into()];
        cells.extend(group_cells(&members[group]));
        table.push(cells);
    }
    table
}

/// The cells of a group after its name; its members stand in order, and there is one at least.
#[rustfmt::skip]
fn group_cells(members: &[&Row]) -> Vec<Cell> {
    let row = members[0];
    let supports = |r: &&&Row| r.kind != row.kind && r.role != Role::Driver && r.metric.measure.harm > 1.0;
    let support = members.iter().find(supports);
    let moved = members.iter().filter(|r| r.metric.measure.harm > 3.0).count() as f64 / members.len() as f64;
    let m = &row.metric.measure;
    vec![
        row.metric.header.as_str().into(), row.kind.as_str().into(), m.steady.into(), m.overload.into(), m.pct_change.into(), m.z.into(),
        row.q.into(), m.onset.into(), support.map(|s| s.metric.header.as_str()).into(), support.map(|s| s.kind.as_str()).into(),
        members.len().into(), moved.into(), row.score.into(), note(row).into(),
    ]
}
