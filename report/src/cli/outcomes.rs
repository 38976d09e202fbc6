//! What the users did and saw: response times, users, requests, failures.

use std::collections::BTreeMap;

use grid::{Error, Grid, one_column};
use names::{Aspect, Catalogue, Name, Outcome, Treatment, users_delay};
use report::words::{change, number, percent, unit};
use report::{Card, Line, Panel};

use super::naming::Naming;
use super::series::Store;

/// The column of response times: the one asked for, else the load generator's, if it is there.
pub(crate) fn response(asked: Option<&str>, grid: Option<&Grid>, naming: &Naming) -> Result<Option<String>, Error> {
    let Some(grid) = grid else { return Ok(None) };
    if let Some(asked) = asked {
        let found = one_column("--on", &grid.columns, asked)?;
        return Ok(Some(grid.columns[found].name.clone()));
    }
    let names = grid.columns.iter().map(|column| &column.name);
    let response_times = names.filter(|name| naming.outcome(name) == Some(Outcome::ResponseTime));
    Ok(users_delay(response_times.map(|name| (name, name.as_str()))).cloned())
}

/// The pictures of what is there.
pub(crate) fn panels(store: &mut Store, naming: &Naming, on: Option<&str>) -> Vec<Panel> {
    let mut out: Vec<Panel> = on.map(|on| response_time(store, naming, on)).into_iter().collect();
    let named = |store: &Store, sought: &[(Outcome, &str)]| -> Vec<Line> {
        let found = sought.iter().filter_map(|(outcome, label)| Some((store.outcome(naming, *outcome)?, *label)));
        found.enumerate().map(|(rank, (series, label))| Line { label: label.into(), series, rank }).collect()
    };
    let users = named(store, &[(Outcome::Users, "users"), (Outcome::TargetUsers, "asked for")]);
    let requests = named(store, &[(Outcome::Requests, "requests")]);
    for (title, lines) in [("Users", users), ("Requests per second", requests)] {
        if !lines.is_empty() {
            out.push(plain(store, title, lines));
        }
    }
    let mut failures = named(store, &[(Outcome::Failures, "all")]);
    for (label, series) in statuses(store, naming) {
        failures.push(Line { label, series, rank: failures.len() });
    }
    if failures.iter().any(|line| store.values(line.series).flatten().any(|value| *value > 0.0)) {
        out.push(plain(store, "Failures per second", failures));
    }
    out
}

fn response_time(store: &Store, naming: &Naming, on: &str) -> Panel {
    let base = Name::parse(on).name;
    let mut lines: Vec<Line> =
        store.find(on).map(|series| Line { label: quantile(naming, on), series, rank: 0 }).into_iter().collect();
    let others = store.names().filter(|(_, name)| *name != on && Name::parse(name).name == base);
    let others: Vec<Line> =
        others.map(|(series, name)| Line { label: quantile(naming, name), series, rank: 0 }).take(3).collect();
    lines.extend(others.into_iter().enumerate().map(|(i, line)| Line { rank: i + 1, ..line }));
    Panel { title: "Response time".into(), unit: unit(on), leading: true, ..plain(store, "", lines) }
}

fn plain(store: &Store, title: &str, lines: Vec<Line>) -> Panel {
    let main = lines.first().map(|line| line.series);
    let details = main.map(|main| means(store, main)).filter(|text| !text.is_empty());
    Panel { title: title.into(), details: details.into_iter().collect(), lines, ..Panel::default() }
}

/// "20 → 140 (+600 %)": the means of the steady state and of the overload.
pub(crate) fn means(store: &Store, series: usize) -> String {
    let unit = store.unit(series);
    let means: Vec<f64> = store.values(series).map(mean).collect();
    match means.as_slice() {
        [steady, overload] if steady.is_finite() => {
            let by = change(percent(*steady, *overload));
            let by = if by.is_empty() { by } else { format!(" ({by})") };
            format!("{} → {}{by}", number(*steady, unit), number(*overload, unit))
        }
        _ => means.last().map_or(String::new(), |last| number(*last, unit)),
    }
}

/// Failing answers by status, each as the metric of a service counted them that saw most of it.
fn statuses(store: &mut Store, naming: &Naming) -> Vec<(String, usize)> {
    let mut found: BTreeMap<String, BTreeMap<(String, String), Vec<usize>>> = BTreeMap::new();
    for (series, header) in store.names() {
        let name = Name::parse(header);
        if let Some(status) = counted_failure(&name) {
            let place = naming.service(header).unwrap_or_default().to_string();
            found.entry(status).or_default().entry((place, name.name)).or_default().push(series);
        }
    }
    let total = |all: &[usize]| {
        all.iter().flat_map(|series| store.values(*series)).flatten().filter(|value| value.is_finite()).sum::<f64>()
    };
    let most: Vec<(String, String, Vec<usize>)> = found
        .into_iter()
        .filter_map(|(status, places)| {
            let ((place, _), all) = places.into_iter().max_by(|a, b| total(&a.1).total_cmp(&total(&b.1)))?;
            (total(&all) > 0.0).then_some((status, place, all))
        })
        .collect();
    let label = |status: String, place: &str| if place.is_empty() { status } else { format!("{status} at {place}") };
    most.into_iter().map(|(status, place, all)| (label(status, &place), store.sum(&all))).collect()
}

/// The status of the failures that a series counts per second: `503` of HTTP, else with its label, `grpc_code=Unavailable`.
fn counted_failure(name: &Name) -> Option<String> {
    let catalogue = Catalogue::default();
    let (label, value) = catalogue.failure(name)?;
    let reading = catalogue.read(name);
    let counts = matches!(reading.aspect, Aspect::Count | Aspect::Level) && reading.unit.is_empty();
    let rates = reading.kind == "errors" && name.treatment() == Treatment::Rate;
    let plain = value.len() == 3 && value.bytes().all(|byte| byte.is_ascii_digit());
    (counts && rates).then(|| if plain { value.to_string() } else { format!("{label}={value}") })
}

/// Users, requests, failures and response times: those the grid has.
pub(crate) fn cards(store: &Store, naming: &Naming, on: Option<&str>) -> Vec<Card> {
    let response = on.and_then(|on| Some((format!("Response time, {}", quantile(naming, on)), store.find(on)?)));
    let others = [
        (Outcome::Requests, "Requests per second"),
        (Outcome::Failures, "Failures per second"),
        (Outcome::Users, "Users"),
    ];
    let others = others.map(|(outcome, label)| Some((label.to_string(), store.outcome(naming, outcome)?)));
    let all = response.into_iter().chain(others.into_iter().flatten());
    all.filter_map(|(label, series)| {
        let means: Vec<f64> = store.values(series).map(mean).collect();
        let (steady, overload) =
            if let [steady, overload] = means.as_slice() { (*steady, *overload) } else { (f64::NAN, *means.last()?) };
        let words = |value: f64| number(value, store.unit(series));
        Some(Card {
            label,
            steady: words(steady),
            overload: words(overload),
            change: change(percent(steady, overload)),
        })
    })
    .collect()
}

fn quantile(naming: &Naming, header: &str) -> String {
    let name = Name::parse(header);
    let share = name.label("quantile").and_then(|quantile| quantile.parse::<f64>().ok());
    share.map_or_else(|| naming.short(header), |share| format!("{}\u{a0}%", number(share * 100.0, "")))
}

/// The mean of what is there; not a number without anything.
pub(crate) fn mean(values: &[f64]) -> f64 {
    let there: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    there.iter().sum::<f64>() / there.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_those_of_the_names_library() {
        for (header, status) in [
            ("http_requests_total{code=\"503\"}", Some("503")),
            ("http_requests_total{code=\"404\"}", None),
            ("http_requests_total{code=\"429\"}", Some("429")),
            ("http_request_duration_seconds_count{http_response_status_code=\"500\"}", Some("500")),
            ("http_request_duration_seconds_sum{code=\"500\"}", None),
            ("http_response_size_bytes_total{code=\"500\"}", None),
            ("http_requests_total{__as__=\"level\",code=\"503\"}", None),
            ("grpc_server_handled_total{grpc_code=\"Unavailable\"}", Some("grpc_code=Unavailable")),
            ("calls_total{success=\"false\"}", Some("success=false")),
        ] {
            assert_eq!(counted_failure(&Name::parse(header)).as_deref(), status, "{header}");
        }
    }
}
