//! `--explain`: what was read from each name, and every number behind one place.

use crate::listing::{Row, note};
use grid::{Cell, Table};

/// What was read from each name.
pub(crate) fn guesses(rows: &[Row]) -> Table {
    let mut table =
        Table::new(&["rank", "metric", "service", "service_from", "name", "kind", "harm", "role", "caller"]);
    for (at, row) in rows.iter().enumerate() {
        let from = (!row.place.from.is_empty()).then_some(row.place.from.as_str());
        table.push(vec![
            (at + 1).into(),
            row.metric.header.as_str().into(),
            row.place.service.clone().into(),
            from.into(),
            row.place.metric.as_str().into(),
            row.kind.as_str().into(),
            row.harm.name().into(),
            row.role.name().into(),
            if row.place.caller { "yes" } else { "no" }.into(),
        ]);
    }
    table
}

/// Every number behind the place of one metric.
#[rustfmt::skip]
pub(crate) fn explanation(row: &Row, rank: usize, of: usize) -> Table {
    let (m, p) = (&row.metric.measure, row.parts);
    let made_of = |part: fn((f64, f64, f64)) -> f64| Cell::from(m.made_of.map(part));
    let lines: [(&str, Cell, &str); 29] = [
        ("rank", rank.into(), "its place"),
        ("of", of.into(), "how many metrics there are"),
        ("service", row.place.service.clone().into(), "what the metric is charged to"),
        ("service_from", row.place.from.as_str().into(), "the label that said so, or the name"),
        ("kind", row.kind.as_str().into(), "what it measures, by its name"),
        ("harm", row.harm.name().into(), "the direction that is bad"),
        ("role", row.role.name().into(), "its part in a fault"),
        ("steady", m.steady.into(), "mean of the steady samples"),
        ("overload", m.overload.into(), "mean of the overload samples"),
        ("pct_change", m.pct_change.into(), "difference in percent of the steady mean"),
        ("effect", m.effect.into(), "chance that an overload sample is above a steady one"),
        ("q", row.q.into(), "false discovery rate at its p"),
        ("onset", m.onset.into(), "seconds from the overload's start to the change point"),
        ("missing_steady", m.missing_steady.into(), "share of steady rows without a value"),
        ("missing_overload", m.missing_overload.into(), "share of overload rows without a value"),
        ("centre", made_of(|d| d.0), "steady median"),
        ("level", made_of(|d| d.1), "quantile of the overload, 0.7 from the harmless side"),
        ("scale", made_of(|d| d.2), "spread of the steady samples, with its floors"),
        ("z", m.z.into(), "(level - centre) / scale"),
        ("harmful", m.harm.into(), "the part of |z| on the harmful side"),
        ("deviation", p.deviation.into(), "ln(1 + harmful)"),
        ("size", p.size.into(), "ln(1 + relative change), at most a hundredfold"),
        ("side", p.side.into(), "-2 for a name that is only one end of a call"),
        ("seen", p.seen.into(), "ln of the share of steady rows with a value"),
        ("saturation", p.saturation.into(), "1 for a queue that grows or what is gone"),
        ("support", p.support.into(), "the best of a second kind in its service"),
        ("place", p.place.into(), "distance behind the first of its service"),
        ("score", row.score.into(), "what the order is made of"),
        ("note", note(row).into(), ""),
    ];
    let mut table = Table::new(&["part", "value", "meaning"]);
    for (part, value, meaning) in lines {
        table.push(vec![part.into(), value, meaning.into()]);
    }
    table
}
