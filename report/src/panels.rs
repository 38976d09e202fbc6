//! Metrics over time, and the numbers at the head of the page.

use grid::{Column, Error, Grid, Name};
use report::words::{change, number, percent, unit};
use report::{Card, Panel, Timeline};

use crate::evidence::{Evidence, short};

/// The column of response times: the one asked for, else the lab's, if it is there.
pub(crate) fn response(asked: Option<&str>, grid: Option<&Grid>) -> Result<Option<String>, Error> {
    let Some(grid) = grid else { return Ok(None) };
    if let Some(asked) = asked {
        let found = grid.find(asked).is_some();
        let missing = || Error::failed(format!("--on: no such column in the grid: \"{asked}\""));
        return if found { Ok(Some(asked.to_string())) } else { Err(missing()) };
    }
    let times = |column: &&Column| Name::parse(&column.name).name.starts_with("locust_response_time_ms");
    let all: Vec<&Column> = grid.columns.iter().filter(times).collect();
    let best = all.iter().find(|column| Name::parse(&column.name).label("quantile") == Some("0.95"));
    Ok(best.or(all.first()).map(|column| column.name.clone()))
}

/// The response time, then the first metrics of the ranking that the grid has.
pub(crate) fn timeline(
    evidence: &Evidence,
    steady: Option<&Grid>,
    overload: &Grid,
    on: Option<&str>,
    panels: usize,
) -> Timeline {
    let ranked = (0..evidence.rank.rows.len()).filter_map(|row| evidence.text(row, "metric").map(|name| (row, name)));
    let there = ranked.filter(|(_, name)| on != Some(name.as_str()) && overload.find(name).is_some());
    let mut out =
        Timeline { steady: steady.map(seconds).unwrap_or_default(), overload: seconds(overload), panels: vec![] };
    if let Some(on) = on {
        let title = format!("Response time, {}", quantile(on));
        out.panels.push(Panel { leading: true, ..panel(evidence, steady, overload, on, title) });
    }
    for (row, name) in there.take(panels) {
        let title = format!("{}. {}", row + 1, short(&name));
        out.panels.push(panel(evidence, steady, overload, &name, title));
    }
    out
}

fn panel(evidence: &Evidence, steady: Option<&Grid>, overload: &Grid, name: &str, title: String) -> Panel {
    let values = |grid: Option<&Grid>| grid.and_then(|grid| grid.find(name)).map(|column| column.values.clone());
    let (before, after) = (values(steady).unwrap_or_default(), values(Some(overload)).unwrap_or_default());
    let row = evidence.row(name);
    let start = overload.times_ms.first().copied().unwrap_or(0) as f64 / 1000.0;
    let peaks = match evidence.peaks(name) {
        Some(times) => times.iter().map(|time| time - start).collect(),
        None => highest(&seconds(overload), &after).into_iter().collect(),
    };
    let service = row.and_then(|row| evidence.text(row, "service"));
    let numbers = [words(&before, name), words(&after, name)].into_iter().filter(|text| !text.is_empty());
    let numbers = numbers.collect::<Vec<_>>().join(" → ");
    let change = change(percent(mean(&before), mean(&after)));
    let detail = [service.unwrap_or_default(), numbers, change].into_iter().filter(|text| !text.is_empty());
    Panel {
        title,
        detail: detail.collect::<Vec<_>>().join(" · "),
        unit: unit(name),
        steady: before,
        overload: after,
        onset: row.and_then(|row| evidence.number(row, "onset")),
        peaks,
        leading: false,
    }
}

/// When the largest value was, unless all are equal.
fn highest(times: &[f64], values: &[f64]) -> Option<f64> {
    let there = || times.iter().zip(values).filter(|(_, value)| value.is_finite());
    let (time, high) = there().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.total_cmp(a.0)))?;
    there().any(|(_, value)| value < high).then_some(*time)
}

/// Users, requests, failures and response times: those the grid has.
pub(crate) fn cards(steady: Option<&Grid>, overload: &Grid, on: Option<&str>) -> Vec<Card> {
    let mut columns: Vec<(String, &str)> =
        on.map(|on| (format!("Response time, {}", quantile(on)), on)).into_iter().collect();
    for (name, label) in [
        ("locust_rps", "Requests per second"),
        ("locust_failures_per_s", "Failures per second"),
        ("locust_users", "Users"),
    ] {
        columns.push((label.to_string(), name));
    }
    let there = columns.into_iter().filter_map(|(label, name)| Some((label, name, overload.find(name)?)));
    there
        .map(|(label, name, column)| {
            let before = steady.and_then(|grid| grid.find(name)).map(|column| column.values.as_slice()).unwrap_or(&[]);
            Card {
                label,
                steady: words(before, name),
                overload: words(&column.values, name),
                change: change(percent(mean(before), mean(&column.values))),
            }
        })
        .collect()
}

fn quantile(header: &str) -> String {
    let name = Name::parse(header);
    let share = name.label("quantile").and_then(|quantile| quantile.parse::<f64>().ok());
    share.map_or_else(|| short(header), |share| format!("{}\u{a0}%", number(share * 100.0, "")))
}

fn words(values: &[f64], name: &str) -> String {
    number(mean(values), unit(name))
}

/// The mean of what is there; not a number without anything.
pub(crate) fn mean(values: &[f64]) -> f64 {
    let there: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    there.iter().sum::<f64>() / there.len() as f64
}

fn seconds(grid: &Grid) -> Vec<f64> {
    let start = grid.times_ms.first().copied().unwrap_or(0);
    grid.times_ms.iter().map(|time| (time - start) as f64 / 1000.0).collect()
}
