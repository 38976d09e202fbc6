//! Which service a series belongs to: from its labels, or from a `<service>_<metric>` name.

use crate::labels::{Series, Telling, service, telling_labels};
use regex::Regex;
use std::collections::HashSet;

/// First words of metric names that exporters use and that are never services.
const EXPORTER_WORDS: [&str; 20] = [
    "process",
    "go",
    "node",
    "nodejs",
    "container",
    "http",
    "https",
    "request",
    "requests",
    "jvm",
    "python",
    "prometheus",
    "scrape",
    "up",
    "rpc",
    "grpc",
    "system",
    "workers",
    "queue",
    "locust",
];

/// Words that say what is measured, not of whom.
const METRIC_WORDS: [&str; 16] = [
    "cpu",
    "mem",
    "memory",
    "latency",
    "lat",
    "duration",
    "errors",
    "error",
    "load",
    "rps",
    "qps",
    "users",
    "throughput",
    "network",
    "disk",
    "availability",
];

/// Beginning of the names of what the load generator put on and saw.
const LOCUST: &str = "locust_";

/// [`Place::from`] of those.
pub const OUTCOME: &str = "outcome";

/// The place of a series: its service, where that was read, and its own name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The service, where one is known.
    pub service: Option<String>,
    /// What told it: a label's name, `name`, `edge` (a call, charged to the callee), `pattern`,
    /// `outcome` (what the load generator saw: no service), or nothing.
    pub from: String,
    /// The metric's own name, from which its kind is told.
    pub metric: String,
    /// True when the service is only a caller's view of another (`…_client`, `…_remote`).
    pub caller: bool,
}

/// The metric's own name: with labels the name and its status code or (of a processor) mode, else what follows the first
/// `|`, or else the first `_`, of the header (nothing where the header is but a service). The group
/// `metric` of `pattern`, where it matches the header, goes before all that.
pub fn metric_name(header: &str, series: &Series, pattern: Option<&Regex>) -> String {
    let found = pattern.and_then(|p| p.captures(header)).and_then(|c| c.name("metric").map(|m| m.as_str().to_owned()));
    found.unwrap_or_else(|| own_name(series))
}

fn own_name(series: &Series) -> String {
    if series.labels.is_empty() {
        return split(&series.name).map_or_else(|| series.name.clone(), |(_, rest)| rest.to_owned());
    }
    let value = |label: &&'static str| series.label(label).map(|value| (*label, value));
    match ["status_code", "code", "status", "mode"].iter().find_map(value) {
        Some(("mode", mode)) => format!("{}{{mode=\"{mode}\"}}", series.name),
        Some((_, code)) => format!("{}{{code=\"{code}\"}}", series.name),
        None => series.name.clone(),
    }
}

/// Splits `<service>|<metric>` or `<service>_<metric>`; turns `<kind>_<service>` round; a header of
/// one word is a service of which nothing else is told, unless the word is a kind of metric.
fn split(header: &str) -> Option<(&str, &str)> {
    let among = |words: &[&str], text: &str| words.contains(&text.to_ascii_lowercase().as_str());
    if let Some((service, metric)) = header.split_once('|') {
        return (!service.is_empty()).then_some((service.trim_end_matches(':'), metric));
    }
    match header.split_once('_') {
        Some((word, _)) if word.is_empty() || among(&EXPORTER_WORDS, word) => None,
        Some((kind, service)) if among(&METRIC_WORDS, kind) => Some((service, kind)),
        Some((service, metric)) => Some((service.trim_end_matches(':'), metric)),
        None if header.contains(' ') || among(&EXPORTER_WORDS, header) || among(&METRIC_WORDS, header) => None,
        None => Some((header, "")),
    }
}

/// Places all series of a grid. `pattern`, where given, is tried first on the `headers`: its group
/// `service` (or first group) is the service, its group `metric` the own name.
pub fn places(headers: &[&str], series: &[Series], pattern: Option<&Regex>) -> Vec<Place> {
    let telling = telling_labels(series);
    let labelled = series.iter().any(|s| !s.labels.is_empty());
    let mut out: Vec<Place> = headers
        .iter()
        .zip(series)
        .map(|(header, s)| {
            pattern
                .and_then(|p| by_pattern(p, header, s))
                .unwrap_or_else(|| if s.labels.is_empty() { by_name(s, labelled) } else { by_label(s, &telling) })
        })
        .collect();
    charge_callees(&mut out);
    for place in &mut out {
        place.caller = place.service.as_deref().is_some_and(is_caller_view);
    }
    out
}

fn by_pattern(pattern: &Regex, header: &str, series: &Series) -> Option<Place> {
    let found = pattern.captures(header)?;
    let service = found.name("service").or_else(|| found.get(1))?.as_str().to_owned();
    Some(Place {
        service: Some(service),
        from: "pattern".into(),
        metric: metric_name(header, series, Some(pattern)),
        caller: false,
    })
}

fn by_label(series: &Series, telling: &Telling) -> Place {
    let (label, service) = service(series, telling).unzip();
    let outcome = series.name.starts_with(LOCUST);
    Place {
        from: if outcome { OUTCOME } else { label.unwrap_or_default() }.to_owned(),
        service: service.filter(|_| !outcome),
        metric: own_name(series),
        caller: false,
    }
}

fn by_name(series: &Series, labelled: bool) -> Place {
    let header = &series.name;
    if header.starts_with(LOCUST) {
        return Place { from: OUTCOME.to_owned(), metric: own_name(series), ..Place::default() };
    }
    match split(header).filter(|_| !labelled || header.contains('|')) {
        Some((service, metric)) => {
            Place { service: Some(service.to_owned()), from: "name".into(), metric: metric.to_owned(), caller: false }
        }
        None => Place { metric: own_name(series), ..Place::default() },
    }
}

/// A call `<caller>_<callee>` between two services that are there themselves is charged to the
/// callee: the caller's clock is where a slow callee shows.
fn charge_callees(places: &mut [Place]) {
    let known: HashSet<String> = places.iter().filter_map(|p| p.service.clone()).collect();
    for place in places.iter_mut().filter(|p| p.from == "name") {
        let Some(service) = &place.service else { continue };
        let callee = service.match_indices('_').find_map(|(at, _)| {
            let (from, to) = (&service[..at], &service[at + 1..]);
            (known.contains(from) && known.contains(to)).then(|| to.to_owned())
        });
        if let Some(callee) = callee {
            place.service = Some(callee);
            place.from = "edge".into();
        }
    }
}

/// Names that say they are one end of a call, not a component: the last word is client, remote…
fn is_caller_view(service: &str) -> bool {
    let word = service.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    service.len() > word.len()
        && ["client", "remote", "caller", "outbound", "egress", "upstream"]
            .contains(&word.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(headers: &[&str]) -> Vec<Place> {
        let series: Vec<Series> = headers.iter().map(|h| Series { name: (*h).into(), labels: vec![] }).collect();
        places(headers, &series, None)
    }

    fn labelled(rows: &[(&str, &[(&str, &str)])]) -> Vec<Place> {
        let series: Vec<Series> = rows
            .iter()
            .map(|(n, l)| Series {
                name: (*n).into(),
                labels: l.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(),
            })
            .collect();
        places(&vec![""; rows.len()], &series, None)
    }

    fn services(places: &[Place]) -> Vec<&str> {
        places.iter().map(|p| p.service.as_deref().unwrap_or("-")).collect()
    }

    #[test]
    fn names_split_at_the_bar_or_the_first_underscore() {
        let p = plain(&[
            "front-end_cpu",
            "user-db_lat_90",
            "a_AWS::X|latency|p90",
            "payment",
            "process_cpu_seconds_total",
            "locust_users",
        ]);
        assert_eq!(services(&p), ["front-end", "user-db", "a_AWS::X", "payment", "-", "-"]);
        assert_eq!((p[1].metric.as_str(), p[2].metric.as_str()), ("lat_90", "latency|p90"));
    }

    #[test]
    fn one_word_is_a_service_unless_it_is_a_kind_of_metric() {
        let p = plain(&["user", "queue-master", "cpu", "latency_carts"]);
        assert_eq!(services(&p), ["user", "queue-master", "-", "carts"]);
        assert_eq!((p[0].metric.as_str(), p[2].metric.as_str(), p[3].metric.as_str()), ("", "cpu", "latency"));
    }

    #[test]
    fn calls_are_charged_to_the_callee() {
        let p = plain(&["web|cpu", "cart|cpu", "web_cart|p50", "web_client|p50"]);
        assert_eq!(services(&p), ["web", "cart", "cart", "web_client"]);
        assert_eq!((p[2].from.as_str(), p[2].caller, p[3].caller), ("edge", false, true));
    }

    #[test]
    fn the_first_label_that_tells_series_apart_decides() {
        let p = labelled(&[
            ("up", &[("job", "shop"), ("instance", "carts:80")]),
            ("up", &[("job", "shop"), ("instance", "user:80")]),
        ]);
        assert_eq!(services(&p), ["carts", "user"]);
        let p = labelled(&[
            ("up", &[("job", "carts")]),
            ("cpu", &[("job", "cadvisor"), ("container_label_com_docker_compose_service", "user")]),
            ("x", &[]),
        ]);
        assert_eq!(services(&p), ["carts", "user", "-"]);
    }

    #[test]
    fn status_codes_stay_in_the_own_name() {
        let s = Series { name: "requests_total".into(), labels: vec![("status_code".into(), "500".into())] };
        assert_eq!(own_name(&s), "requests_total{code=\"500\"}");
    }
}
