//! `--explain`: what was read from each name, and every number behind one place.

use grid::{Cell, Error, Table};

use crate::cli::rows::Row;
use crate::cli::table::note;

/// What was read from each name.
pub(crate) fn guesses(rows: &[Row]) -> Table {
    let mut table =
        Table::new(&["rank", "metric", "service", "service_from", "name", "kind", "harm", "role", "caller", "peer"]);
    for (at, row) in rows.iter().enumerate() {
        let place = &row.metric.place;
        table.push(vec![
            (at + 1).into(),
            row.metric.header.as_str().into(),
            place.service.clone().into(),
            (!place.from.is_empty()).then_some(place.from.as_str()).into(),
            place.metric.as_str().into(),
            row.metric.reading.kind.into(),
            row.metric.reading.harm.name().into(),
            row.role.name().into(),
            if place.caller { "yes" } else { "no" }.into(),
            place.peer.clone().into(),
        ]);
    }
    table
}

/// Every number behind the place of one metric.
pub(crate) fn one(rows: &[Row], metric: &str) -> Result<Table, Error> {
    let found = rows.iter().position(|row| row.metric.header == metric);
    let at = found.ok_or_else(|| Error::failed(format!("--explain: no such metric: \"{metric}\"")))?;
    let row = &rows[at];
    let mut table = Table::new(&["part", "value", "meaning"]);
    let place = [("rank", Cell::from(at + 1), "its place"), ("of", rows.len().into(), "how many metrics there are")];
    let note = [("note", note(row).into(), "")];
    for (part, value, meaning) in place.into_iter().chain(read(row)).chain(measured(row)).chain(scored(row)).chain(note)
    {
        table.push(vec![part.into(), value, meaning.into()]);
    }
    Ok(table)
}

fn read(row: &Row) -> [(&'static str, Cell, &'static str); 6] {
    let (place, reading) = (&row.metric.place, &row.metric.reading);
    [
        ("service", place.service.clone().into(), "what the metric is charged to"),
        ("service_from", place.from.as_str().into(), "the label that said so, or the name"),
        ("kind", reading.kind.into(), "what it measures, by its name"),
        ("kind_from", reading.source.into(), "where the catalogue has that from"),
        ("harm", reading.harm.name().into(), "the direction that is bad"),
        ("role", row.role.name().into(), "its part in a fault"),
    ]
}

fn measured(row: &Row) -> [(&'static str, Cell, &'static str); 14] {
    let m = &row.metric.measure;
    let made_of = |part: fn((f64, f64, f64)) -> f64| Cell::from(m.made_of.map(part));
    [
        ("steady", m.steady.into(), "mean of the steady samples"),
        ("overload", m.overload.into(), "mean of the overload samples"),
        ("pct_change", m.pct_change.into(), "difference in percent of the steady mean"),
        ("effect", m.effect.into(), "chance that an overload sample is above a steady one"),
        ("q", row.q.into(), "false discovery rate at its p"),
        ("onset", m.onset.into(), "seconds from the overload's start to the change point"),
        ("missing_steady", m.missing_steady.into(), "share of steady rows without a value"),
        ("missing_overload", m.missing_overload.into(), "share of overload rows without a value"),
        ("used", row.used.as_ref().map(|(share, _)| *share).into(), "share of its limit in use in the overload"),
        ("centre", made_of(|d| d.0), "steady median"),
        ("level", made_of(|d| d.1), "quantile of the overload, 0.7 from the harmless side"),
        ("scale", made_of(|d| d.2), "spread of the steady samples, with its floors"),
        ("z", m.z.into(), "(level - centre) / scale, or the mean excess beyond the steady extreme / scale"),
        ("harmful", m.harm.into(), "the part of |z| on the harmful side"),
    ]
}

fn scored(row: &Row) -> [(&'static str, Cell, &'static str); 7] {
    let p = row.parts;
    [
        ("deviation", p.deviation.into(), "ln(1 + harmful)"),
        ("size", p.size.into(), "ln(1 + relative change), at most a hundredfold"),
        ("share", p.share.into(), "ln of its change beside the largest of the same metric"),
        ("seen", p.seen.into(), "ln of the shares of rows with a value, both sides"),
        ("own", p.own.into(), "strength: the sum of these; of a latency the mean over its routes"),
        ("support", p.support.into(), "half the strongest other kind in its service, at most half of own"),
        ("score", row.score.into(), "what the order is made of"),
    ]
}
