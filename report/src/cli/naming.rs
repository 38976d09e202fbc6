//! Headers as the page names them.

use grid::Name;

/// A header without the labels that only say where: `request_duration_seconds_mean · GET /cart 200`.
pub(crate) fn short(header: &str) -> String {
    let name = Name::parse(header);
    let mut words: Vec<&str> = ["method", "route", "status_code"].iter().filter_map(|l| name.label(l)).collect();
    let rest: Vec<String> = name
        .labels
        .iter()
        .filter(|(key, _)| !["instance", "job", "service", "method", "route", "status_code"].contains(&key.as_str()))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    words.extend(rest.iter().map(String::as_str));
    if words.is_empty() { name.name } else { format!("{} · {}", name.name, words.join(" ")) }
}

/// The short name with the service in front, where the labels tell it.
pub(crate) fn short_with_service(header: &str) -> String {
    let name = Name::parse(header);
    match ["service", "job", "instance"].iter().find_map(|label| name.label(label)) {
        Some(service) => format!("{service} · {}", short(header)),
        None => short(header),
    }
}

/// The phenomenon a header is an aspect of: the sum, the count, the mean and the quantiles of one histogram have the same.
pub(crate) fn phenomenon(header: &str) -> String {
    let mut base = Name::parse(header).name;
    for end in ["_sum", "_count", "_mean", "_bucket", "_total", "_max", "_min"] {
        if let Some(rest) = base.strip_suffix(end) {
            base = rest.to_string();
        }
    }
    base
}

/// True for what a load generator did and saw.
pub(crate) fn is_outcome(header: &str) -> bool {
    header.starts_with("locust_")
}
