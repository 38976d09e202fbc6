//! `--explain`: what was read from each name, and every number behind one place.

use grid::{Cell, Error, Rows, Table, did_you_mean};

use crate::cli::table::note;
use rank::suspects::entry::Entry;
use rank::suspects::ranking::Ranking;

/// What was read from each name.
pub(crate) fn guesses<'r>(ranking: &'r Ranking) -> Rows<'r> {
    let header = ["rank", "metric", "service", "service_from", "name", "kind", "harm", "role", "caller", "peer"];
    Rows::new(header.map(str::to_string).to_vec(), ranking.count(), |at| {
        let entry = ranking.entry(at);
        let (place, reading) = (entry.place, entry.reading());
        vec![
            (at + 1).into(),
            entry.header().into(),
            ranking.text(entry.service()).into(),
            ranking.text(place.from).into(),
            ranking.text(Some(entry.meaning.own)).into(),
            reading.kind.into(),
            reading.harm.name().into(),
            entry.role().name().into(),
            if place.caller { "yes" } else { "no" }.into(),
            ranking.text(place.peer).into(),
        ]
    })
}

/// Every number behind the place of one metric.
pub(crate) fn one(ranking: &Ranking, metric: &str) -> Result<Table, Error> {
    let found = ranking.entries().position(|entry| entry.header() == metric);
    let refused = || {
        let headers: Vec<String> = ranking.entries().map(|entry| entry.header()).collect();
        let near = did_you_mean(metric, headers.iter().map(String::as_str));
        Error::failed(format!("--explain: no such metric: \"{metric}\"{near}"))
    };
    let at = found.ok_or_else(refused)?;
    let entry = ranking.entry(at);
    let mut table = Table::new(&["part", "value", "meaning"]);
    let count = ranking.count();
    let place = [("rank", Cell::from(at + 1), "its place"), ("of", count.into(), "how many metrics there are")];
    let note = [("note", note(&entry).into(), "")];
    let read = read(ranking, &entry);
    for (part, value, meaning) in
        place.into_iter().chain(read).chain(measured(ranking, &entry)).chain(scored(&entry)).chain(note)
    {
        table.push(vec![part.into(), value, meaning.into()]);
    }
    Ok(table)
}

fn read(ranking: &Ranking, entry: &Entry) -> [(&'static str, Cell, &'static str); 6] {
    let (place, reading) = (entry.place, entry.reading());
    [
        ("service", ranking.text(entry.service()).into(), "what the metric is charged to"),
        ("service_from", ranking.text(place.from).unwrap_or_default().into(), "the label that said so, or the name"),
        ("kind", reading.kind.into(), "what it measures, by its name"),
        ("kind_from", reading.source.into(), "where the catalogue has that from"),
        ("harm", reading.harm.name().into(), "the direction that is bad"),
        ("role", entry.role().name().into(), "its part in a fault"),
    ]
}

fn measured(ranking: &Ranking, entry: &Entry) -> [(&'static str, Cell, &'static str); 14] {
    let m = &entry.metric.measure;
    let [centre, level, scale] = ranking.metrics.made_of.map(|part| Cell::from(part.get()));
    [
        ("steady", m.steady.get().into(), "mean of the steady samples"),
        ("overload", m.overload.get().into(), "mean of the overload samples"),
        ("pct_change", m.pct_change.get().into(), "difference in percent of the steady mean"),
        ("effect", m.effect.get().into(), "chance that an overload sample is above a steady one"),
        ("q", entry.standing.q.get().into(), "false discovery rate at its p"),
        ("onset", m.onset.get().into(), "seconds from the overload's start to the change point"),
        ("missing_steady", m.missing_steady.get().into(), "share of steady rows without a value"),
        ("missing_overload", m.missing_overload.get().into(), "share of overload rows without a value"),
        ("used", entry.used().get().into(), "share of its limit in use in the overload"),
        ("centre", centre, "steady median; of a flag of presence the mean"),
        ("level", level, "quantile of the overload, 0.7 from the harmless side; of a flag of presence the mean"),
        ("scale", scale, "spread of the steady samples, with its floors"),
        ("z", m.z.get().into(), "(level - centre) / scale, or the mean excess beyond the steady extreme / scale"),
        ("harmful", m.harm.into(), "the part of |z| on the harmful side"),
    ]
}

fn scored(entry: &Entry) -> [(&'static str, Cell, &'static str); 8] {
    let (p, strength) = (entry.parts(), entry.strength());
    [
        ("deviation", p.deviation.into(), "ln(1 + harmful)"),
        ("size", p.size.into(), "ln(1 + change relative to what it is a part of), at most a hundredfold"),
        ("share", strength.share.into(), "ln of its change beside the largest of the same metric"),
        ("seen", p.seen.into(), "ln of the shares of rows with a value, both sides"),
        (
            "chance",
            if entry.standing.chance { "yes" } else { "no" }.into(),
            "yes: no change more likely than one, own is 0",
        ),
        ("own", strength.own.into(), "strength: the sum of these; of a latency the mean over its routes"),
        ("support", strength.support.into(), "half the strongest other kind in its service, at most half of own"),
        ("score", entry.standing.score.get().into(), "what the rows are sorted by"),
    ]
}
