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

/// The labels of `statuses.csv` and the values of `status_values.csv`.
#[derive(Debug)]
pub(crate) struct Statuses {
    /// Label, the name it is shown by, and the conventions its values follow.
    labels: Vec<(String, String, Vec<String>)>,
    /// Convention and value (letters and digits, in lower case; `*` any other): whether it is a failure.
    values: HashMap<(String, String), bool>,
}

impl Statuses {
    pub(crate) fn built_in() -> Self {
        let label = |[label, shown, conventions]: [String; 3]| {
            (label, shown, conventions.split_whitespace().map(str::to_string).collect())
        };
        let labels = rows(include_str!("../../tables/statuses.csv"), ["label", "shown", "conventions"]);
        let values = rows(include_str!("../../tables/status_values.csv"), ["convention", "value", "fails"]);
        let value = |[convention, value, fails]: [String; 3]| ((convention, value), fails == "yes");
        Self { labels: labels.into_iter().map(label).collect(), values: values.into_iter().map(value).collect() }
    }

    /// The status that a series was counted by: the first that fails, else the first of all.
    pub(crate) fn of<'a>(&'a self, name: &'a Name) -> Option<Status<'a>> {
        if name.labels.is_empty() {
            return None;
        }
        let mut first = None;
        for (label, shown, conventions) in &self.labels {
            let Some(value) = name.label(label).filter(|value| !value.is_empty()) else { continue };
            let Some(fails) = self.fails(conventions, value) else { continue };
            let status = Status { shown, value, fails };
            if fails {
                return Some(status);
            }
            first = first.or(Some(status));
        }
        first
    }

    /// Whether a value is a failure; `None` where none of the conventions knows it.
    fn fails(&self, conventions: &[String], value: &str) -> Option<bool> {
        let plain: String = value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let class = match plain.as_bytes() {
            [first, rest @ ..] if rest.len() == 2 && plain.bytes().all(|b| b.is_ascii_digit()) => {
                Some(format!("{}xx", char::from(*first)))
            }
            _ => None,
        };
        let tries = |convention: &String| {
            let look = |value: &str| self.values.get(&(convention.clone(), value.to_string())).copied();
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
