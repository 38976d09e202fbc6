//! The table of metrics.

use grid::{Cell, Rows};
use names::Role;

use crate::cli::evidence::Evidence;
use rank::suspects::entry::Entry;
use rank::suspects::ranking::Ranking;

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

/// One row per metric, each made when it is written.
pub(crate) fn metrics<'r>(ranking: &'r Ranking, evidence: &'r Evidence) -> Rows<'r> {
    let mut header: Vec<String> = COLUMNS.iter().map(|name| (*name).to_string()).collect();
    header.splice(EVIDENCE..EVIDENCE, evidence.header.iter().cloned());
    Rows::new(header, ranking.count(), |at| {
        let entry = ranking.entry(at);
        let mut cells = cells(ranking, &entry, at + 1);
        cells.splice(EVIDENCE..EVIDENCE, evidence.cells(&entry.header()));
        cells
    })
}

fn cells(ranking: &Ranking, entry: &Entry, rank: usize) -> Vec<Cell> {
    let (m, standing) = (&entry.metric.measure, entry.standing);
    let (parts, strength) = (entry.parts(), entry.strength());
    let part = |v: f64| Cell::from(m.z.get().map(|_| v));
    vec![
        rank.into(),
        entry.header().into(),
        ranking.text(entry.service()).into(),
        entry.reading().kind.into(),
        ranking.text(Some(entry.meaning.phenomenon)).into(),
        (standing.aspect as usize).into(),
        m.steady.get().into(),
        m.overload.get().into(),
        m.pct_change.get().into(),
        m.pct_diff.get().into(),
        m.z.get().into(),
        m.effect.get().into(),
        m.p.get().into(),
        standing.q.get().into(),
        Cell::from(standing.moved.then_some("yes")),
        m.onset.get().into(),
        entry.used().get().into(),
        ranking.text(entry.limit().map(|(limit, _)| limit)).into(),
        m.missing_steady.get().into(),
        m.missing_overload.get().into(),
        (m.runs as usize).into(),
        m.pct_spread.get().into(),
        m.z_spread.get().into(),
        part(parts.deviation),
        part(parts.size),
        part(strength.share),
        part(parts.seen),
        part(strength.own),
        part(strength.support),
        ranking.verdict.text().into(),
        standing.score.get().into(),
        note(entry).into(),
    ]
}

/// Why a cell is empty, or what to beware of.
pub(crate) fn note(entry: &Entry) -> String {
    let mut notes = vec![entry.metric.measure.note.text()];
    notes.push(if entry.place.caller { "a caller's view" } else { "" });
    notes.push(match (entry.standing.drift, entry.place.monitoring, entry.role()) {
        (true, ..) => "moved before the users felt it: drift",
        (_, true, _) => "the monitoring's own",
        (_, _, Role::Driver) if !entry.is_lost() => "load or outcome, not a cause",
        _ => "",
    });
    notes.into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>().join("; ")
}
