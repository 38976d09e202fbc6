//! Labels that say how a request ended, and which of their values are failures.

use std::collections::HashMap;

use crate::Name;
use crate::text::table::rows;

/// How a label says that a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Status<'a> {
    /// The label as an own name shows it: `code` for all that hold an HTTP status.
    pub(crate) shown: &'a str,
    /// Its value.
    pub(crate) value: &'a str,
    /// True when the value is a failure.
    pub(crate) fails: bool,
}

/// Of a label its place in the table, the name it is shown by, and the conventions its values follow.
type Row = (usize, String, Vec<String>);

/// A class of statuses as it is written.
const CLASS: &str = "5xx";

/// The number that a status begins with, without the reason (`500 Internal Server Error`) or the fraction (`500.0`, a number
/// that was read as a decimal one) behind it; else all of it.
fn number(value: &str) -> &str {
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let is_status = digits == CLASS.len() && (value[digits..].starts_with(' ') || &value[digits..] == ".0");
    if is_status { &value[..digits] } else { value }
}

/// The labels of `statuses.csv` and the values of `status_values.csv`.
#[derive(Debug)]
pub(crate) struct Statuses {
    /// Label (`*` any other).
    labels: HashMap<String, Row>,
    /// Convention and value (letters and digits, in lower case; `*` any other): whether it is a failure.
    values: HashMap<String, HashMap<String, bool>>,
}

impl Statuses {
    pub(crate) fn built_in() -> Self {
        let label = |(place, [label, shown, conventions]): (usize, [String; 3])| {
            (label, (place, shown, conventions.split_whitespace().map(str::to_string).collect()))
        };
        let labels = rows(include_str!("../../tables/statuses.csv"), ["label", "shown", "conventions"]);
        let table = rows(include_str!("../../tables/status_values.csv"), ["convention", "value", "fails"]);
        let mut values: HashMap<String, HashMap<String, bool>> = HashMap::new();
        for [convention, value, fails] in table {
            values.entry(convention).or_default().insert(value, fails == "yes");
        }
        Self { labels: labels.into_iter().enumerate().map(label).collect(), values }
    }

    /// True for a label that may say how a request ended, by its name or, whatever its name, by its value.
    pub(crate) fn may_tell(&self, label: &str, value: &str) -> bool {
        self.labels.contains_key(label) || self.of_any(value).is_some()
    }

    /// The status that a series was counted by: one that fails, else the first by the order of the table.
    pub(crate) fn of<'a>(&'a self, name: &'a Name) -> Option<Status<'a>> {
        let status = |(label, value): &'a (String, String)| {
            let of_label = self.labels.get(label).filter(|_| !value.is_empty());
            let (place, shown, conventions) = of_label.or_else(|| self.of_any(value))?;
            let fails = self.fails(conventions, value)?;
            Some((!fails, *place, Status { shown, value, fails }))
        };
        let found = name.labels.iter().filter_map(status).min_by_key(|(good, place, _)| (*good, *place));
        found.map(|(.., status)| status)
    }

    /// The row of any label, `*`, where it knows a value: `5xx` is a status whatever its label is called.
    fn of_any(&self, value: &str) -> Option<&Row> {
        let row = self.labels.get("*").filter(|_| value.len() == CLASS.len())?;
        let value = value.to_ascii_lowercase();
        let knows = |convention: &String| self.values.get(convention).is_some_and(|known| known.contains_key(&value));
        row.2.iter().any(knows).then_some(row)
    }

    /// Whether a value is a failure; `None` where none of the conventions knows it.
    fn fails(&self, conventions: &[String], value: &str) -> Option<bool> {
        let plain: String =
            number(value).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let class = match plain.as_bytes() {
            [first, rest @ ..] if rest.len() == 2 && plain.bytes().all(|b| b.is_ascii_digit()) => {
                Some(format!("{}xx", char::from(*first)))
            }
            _ => None,
        };
        let tries = |convention: &String| {
            let known = self.values.get(convention)?;
            let look = |value: &str| known.get(value).copied();
            look(&plain).or_else(|| look(class.as_deref()?)).or_else(|| look("*"))
        };
        conventions.iter().find_map(tries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_convention_has_its_failures() {
        let statuses = Statuses::built_in();
        for (label, value, fails) in [
            ("code", "200", Some(false)),
            ("code", "503", Some(true)),
            ("code", "5xx", Some(true)),
            ("code", "404", Some(false)),
            ("status", "429", Some(true)),
            ("status_code", "499", Some(true)),
            ("response_code", "503", Some(true)),
            ("response_code", "0", Some(true)),
            ("http_response_status_code", "500", Some(true)),
            ("http.status_code", "500", Some(true)),
            ("statusCode", "502", Some(true)),
            ("envoy_response_code_class", "5", Some(true)),
            ("envoy_response_code_class", "2", Some(false)),
            ("grpc_code", "OK", Some(false)),
            ("grpc_code", "DeadlineExceeded", Some(true)),
            ("grpc_code", "NotFound", Some(false)),
            ("grpc_response_status", "14", Some(true)),
            ("rpc.grpc.status_code", "0", Some(false)),
            ("outcome", "SERVER_ERROR", Some(true)),
            ("outcome", "CLIENT_ERROR", Some(false)),
            ("result", "error", Some(true)),
            ("result", "hit", None),
            ("exception", "None", Some(false)),
            ("exception", "TimeoutException", Some(true)),
            ("error.type", "timeout", Some(true)),
            ("classification", "failure", Some(true)),
            ("mode", "failure", None),
            ("status", "500 Internal Server Error", Some(true)),
            ("status", "404 Not Found", Some(false)),
            ("status", "500ms", None),
            ("code", "500.0", Some(true)),
            ("code", "200.0", Some(false)),
            ("code", "ServiceUnavailable", Some(true)),
            ("code", "Not Found", Some(false)),
            ("class", "5xx", Some(true)),
            ("family", "5XX", Some(true)),
            ("family", "2xx", Some(false)),
            ("family", "500", None),
            ("response_status_code", "500", Some(true)),
            ("rpc_connect_rpc_error_code", "unavailable", Some(true)),
            ("rpc.connect_rpc.error_code", "not_found", Some(false)),
            ("event", "short_circuited", Some(true)),
            ("event", "success", Some(false)),
            ("event", "login", None),
            ("error_code", "E503", Some(true)),
            ("error_code", "200", Some(false)),
            ("error_code", "0", Some(false)),
            ("failed", "true", Some(true)),
            ("failed", "false", Some(false)),
            ("ok", "false", Some(true)),
            ("ok", "true", Some(false)),
        ] {
            let name = Name::new("x", vec![(label.to_string(), value.to_string())]);
            assert_eq!(statuses.of(&name).map(|s| s.fails), fails, "{label}={value}");
        }
    }

    #[test]
    fn one_failure_decides() {
        let statuses = Statuses::built_in();
        let name = Name::parse("istio_requests_total{grpc_response_status=\"14\",response_code=\"200\"}");
        assert!(statuses.of(&name).unwrap().fails);
    }
}
