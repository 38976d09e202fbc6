//! The table of services, or of the values of another label.

use std::collections::{BTreeSet, HashMap};

use grid::{Cell, Error, Name, Table, did_you_mean};
use names::{Role, Word};

use crate::cli::table::note;
use rank::suspects::entry::Entry;
use rank::suspects::ranking::Ranking;

/// A label that no metric has is most likely misspelt.
pub(crate) fn check(ranking: &Ranking, by: &str) -> Result<(), Error> {
    let grouped = || ranking.by_name().any(|entry| entry.group().is_some());
    if ranking.count() == 0 || by == "metric" || by == "service" || grouped() {
        return Ok(());
    }
    let labels = ranking.by_name().flat_map(|entry| Name::parse(&entry.header()).labels);
    let mut known: BTreeSet<String> = labels.map(|(label, _)| label).collect();
    known.extend(["metric", "service", "name"].map(str::to_string));
    let known: Vec<String> = known.into_iter().collect();
    let (near, known) = (did_you_mean(by, known.iter().map(String::as_str)), known.join(", "));
    Err(Error::usage(format!("--by: no metric has the label \"{by}\"{near}: expected one of {known}")))
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
        let Some(group) = ranking.entry(place).group() else { continue };
        let of_group = members.entry(group).or_default();
        if of_group.is_empty() {
            order.push(group);
        }
        of_group.push(place);
    }
    for (at, group) in order.iter().enumerate() {
        let mut cells = vec![(at + 1).into(), ranking.metrics.book.word(*group).into()];
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
    let supports = |e: &Entry| kind(e) != kind(&first) && e.role() != Role::Driver && e.strength().own > 0.0;
    let support = members().find(supports);
    let moved = members().filter(|e| e.standing.moved).count();
    let m = &first.metric.measure;
    vec![
        first.header().into(), kind(&first).into(), m.steady.get().into(), m.overload.get().into(),
        m.pct_change.get().into(), m.z.get().into(), first.standing.q.get().into(), m.onset.get().into(),
        support.map(|s| s.header()).into(), support.map(|s| kind(&s)).into(), places.len().into(),
        moved.into(), ranking.verdict.text().into(), first.standing.score.get().into(), note(&first).into(),
    ]
}

fn kind<'r>(entry: &Entry<'r>) -> &'r str {
    entry.reading().kind
}
