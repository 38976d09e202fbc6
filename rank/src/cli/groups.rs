//! The table of services, or of the values of another label.

use std::collections::{BTreeSet, HashMap};

use grid::{Cell, Error, Name, Table};
use names::Role;

use crate::cli::ranking::{Entry, Ranking};
use crate::cli::table::note;
use crate::cli::words::Word;

/// A label that no metric has is most likely misspelt.
pub(crate) fn check(ranking: &Ranking, by: &str) -> Result<(), Error> {
    let grouped = || ranking.belongings.iter().any(|belonging| belonging.group.is_some());
    if ranking.count() == 0 || by == "metric" || by == "service" || grouped() {
        return Ok(());
    }
    let labels = ranking.metrics.iter().flat_map(|metric| Name::parse(&metric.header).labels);
    let mut known: BTreeSet<String> = labels.map(|(label, _)| label).collect();
    known.extend(["metric", "service", "name"].map(str::to_string));
    let known: Vec<String> = known.into_iter().collect();
    Err(Error::usage(format!("--by: no metric has the label \"{by}\": expected one of {}", known.join(", "))))
}

/// One row per group: its first metric, and the first of another kind that supports it.
#[rustfmt::skip]
pub(crate) fn groups(ranking: &Ranking, by: &str) -> Table {
    let mut table = Table::new(&[
        "rank", by, "metric", "kind", "steady", "overload", "pct_change", "z", "q", "onset", "support", "support_kind",
        "members", "moved", "verdict", "score", "note",
    ]);
    let mut members: HashMap<Word, Vec<usize>> = HashMap::new();
    let mut order = Vec::new();
    for place in 0..ranking.count() {
        let Some(group) = ranking.entry(place).belonging.group else { continue };
        let of_group = members.entry(group).or_default();
        if of_group.is_empty() {
            order.push(group);
        }
        of_group.push(place);
    }
    for (at, group) in order.iter().enumerate() {
        let mut cells = vec![(at + 1).into(), ranking.words.text(*group).into()];
        cells.extend(group_cells(ranking, &members[group]));
        table.push(cells);
    }
    table
}

/// The cells of a group after its name; its members stand in order, and there is one at least.
#[rustfmt::skip]
fn group_cells(ranking: &Ranking, places: &[usize]) -> Vec<Cell> {
    let first = ranking.entry(places[0]);
    let members = || places.iter().map(|place| ranking.entry(*place));
    let supports = |e: &Entry| kind(e) != kind(&first) && e.standing.role != Role::Driver && e.standing.parts.own > 0.0;
    let support = members().find(supports);
    let moved = members().filter(|e| e.standing.moved).count();
    let m = &first.metric.measure;
    vec![
        (&*first.metric.header).into(), kind(&first).into(), m.steady.get().into(), m.overload.get().into(),
        m.pct_change.get().into(), m.z.get().into(), first.standing.q.get().into(), m.onset.get().into(),
        support.map(|s| &*s.metric.header).into(), support.map(|s| s.metric.sense.kind).into(), places.len().into(),
        moved.into(), ranking.verdict.text().into(), first.standing.score.get().into(), note(&first).into(),
    ]
}

fn kind<'r>(entry: &Entry<'r>) -> &'r str {
    entry.metric.sense.kind
}
