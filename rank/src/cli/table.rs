//! The table of metrics.

use grid::{Cell, Table};
use names::Role;

use crate::cli::evidence::Evidence;
use crate::cli::rows::{Ranking, Row};

/// Where the columns of evidence go: before the score.
const EVIDENCE: usize = 30;

const COLUMNS: [&str; 32] = [
    "rank",
    "metric",
    "service",
    "kind",
    "phenomenon",
    "aspect",
    "steady",
    "overload",
    "pct_change",
    "pct_diff",
    "z",
    "effect",
    "p",
    "q",
    "moved",
    "onset",
    "used",
    "limit",
    "missing_steady",
    "missing_overload",
    "runs",
    "pct_spread",
    "z_spread",
    "deviation",
    "size",
    "share",
    "seen",
    "own",
    "support",
    "verdict",
    "score",
    "note",
];

/// One row per metric.
pub(crate) fn metrics(ranking: &Ranking, evidence: &Evidence) -> Table {
    let mut header = COLUMNS.to_vec();
    header.splice(EVIDENCE..EVIDENCE, evidence.header.iter().map(String::as_str));
    let mut table = Table::new(&header);
    for (at, row) in ranking.rows.iter().enumerate() {
        let mut cells = cells(row, at + 1, ranking.verdict.text());
        cells.splice(EVIDENCE..EVIDENCE, row.extra.iter().cloned());
        table.push(cells);
    }
    table
}

fn cells(row: &Row, rank: usize, verdict: &str) -> Vec<Cell> {
    let (m, parts) = (&row.metric.measure, row.parts);
    let part = |v: f64| Cell::from(m.z.map(|_| v));
    vec![
        rank.into(),
        row.metric.header.as_str().into(),
        row.metric.place.service.clone().into(),
        row.metric.reading.kind.into(),
        row.aspect.0.as_str().into(),
        row.aspect.1.into(),
        m.steady.into(),
        m.overload.into(),
        m.pct_change.into(),
        m.pct_diff.into(),
        m.z.into(),
        m.effect.into(),
        m.p.into(),
        row.q.into(),
        Cell::from(row.moved.then_some("yes")),
        m.onset.into(),
        row.used.as_ref().map(|(share, _)| *share).into(),
        row.used.as_ref().map(|(_, limit)| limit.as_str()).into(),
        m.missing_steady.into(),
        m.missing_overload.into(),
        m.runs.into(),
        m.pct_spread.into(),
        m.z_spread.into(),
        part(parts.deviation),
        part(parts.size),
        part(parts.share),
        part(parts.seen),
        part(parts.own),
        part(parts.support),
        verdict.into(),
        row.score.into(),
        note(row).into(),
    ]
}

/// Why a cell is empty, or what to beware of.
pub(crate) fn note(row: &Row) -> String {
    let mut notes = vec![row.metric.measure.note];
    notes.push(if row.metric.place.caller { "a caller's view" } else { "" });
    notes.push(match (row.drift, row.metric.place.monitoring, row.role) {
        (true, ..) => "moved before the users felt it: drift",
        (_, true, _) => "the monitoring's own",
        (_, _, Role::Driver) => "load or outcome, not a cause",
        _ => "",
    });
    notes.into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>().join("; ")
}
