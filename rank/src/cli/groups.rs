//! The table of services, or of the values of another label.

use std::collections::{BTreeSet, HashMap};

use grid::{Cell, Error, Table};
use names::Role;

use crate::cli::args::Args;
use crate::cli::rows::{Ranking, Row};
use crate::cli::table::note;

/// A label that no metric has is most likely misspelt.
pub(crate) fn check(rows: &[Row], by: &str) -> Result<(), Error> {
    if rows.is_empty() || by == "metric" || by == "service" || rows.iter().any(|row| row.group.is_some()) {
        return Ok(());
    }
    let labels = rows.iter().flat_map(|row| row.metric.name.labels.iter().map(|(label, _)| label.as_str()));
    let known: BTreeSet<&str> = labels.chain(["metric", "service", "name"]).collect();
    let known: Vec<&str> = known.into_iter().collect();
    Err(Error::usage(format!("--by: no metric has the label \"{by}\": expected one of {}", known.join(", "))))
}

/// One row per group: its first metric, and the first of another kind that supports it.
#[rustfmt::skip]
pub(crate) fn groups(ranking: &Ranking, args: &Args) -> Table {
    let mut table = Table::new(&[
        "rank", args.by.as_str(), "metric", "kind", "steady", "overload", "pct_change", "z", "q", "onset", "support", "support_kind",
        "members", "moved", "verdict", "score", "note",
    ]);
    let mut members: HashMap<&str, Vec<&Row>> = HashMap::new();
    let mut order = Vec::new();
    for row in &ranking.rows {
        let Some(group) = row.group.as_deref() else { continue };
        let of_group = members.entry(group).or_default();
        if of_group.is_empty() {
            order.push(group);
        }
        of_group.push(row);
    }
    for (at, group) in order.iter().enumerate() {
        let mut cells = vec![(at + 1).into(), (*group).into()];
        cells.extend(group_cells(&members[group], ranking.verdict.text()));
        table.push(cells);
    }
    table
}

/// The cells of a group after its name; its members stand in order, and there is one at least.
#[rustfmt::skip]
fn group_cells(members: &[&Row], verdict: &str) -> Vec<Cell> {
    let row = members[0];
    let supports = |r: &&&Row| r.metric.reading.kind != row.metric.reading.kind && r.role != Role::Driver && r.parts.own > 0.0;
    let support = members.iter().find(supports);
    let moved = members.iter().filter(|r| r.moved).count();
    let m = &row.metric.measure;
    vec![
        row.metric.header.as_str().into(), row.metric.reading.kind.into(), m.steady.into(), m.overload.into(),
        m.pct_change.into(), m.z.into(), row.q.into(), m.onset.into(), support.map(|s| s.metric.header.as_str()).into(),
        support.map(|s| s.metric.reading.kind).into(), members.len().into(), moved.into(), verdict.into(),
        row.score.into(), note(row).into(),
    ]
}
