//! The types of metrics, from the server's `/api/v1/metadata`.

use std::collections::HashMap;

use serde_json::Value;

/// The type of each metric family that the server's scrape targets declare.
#[derive(Clone, Debug, Default)]
pub struct Types(HashMap<String, &'static str>);

impl Types {
    /// Reads the `data` of an answer.
    ///
    /// A family that targets declare with several types has none.
    pub fn read(data: &Value) -> Types {
        let families = data.as_object();
        let known = families.into_iter().flatten().filter_map(|(name, entries)| {
            let kinds = entries.as_array()?.iter().filter_map(|e| e.get("type")?.as_str());
            let mut kinds = kinds.filter_map(kind);
            let first = kinds.next()?;
            kinds.all(|other| other == first).then(|| (name.clone(), first))
        });
        Types(known.collect())
    }

    /// How many families are known.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when the server gave no metadata.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The type of the series of this name: of the family itself, or by the suffix which a
    /// histogram, a summary or an OpenMetrics counter gives to the name of its family.
    pub fn of(&self, name: &str) -> Option<&'static str> {
        if let Some(&kind) = self.0.get(name) {
            return Some(if kind == "info" { "gauge" } else { kind });
        }
        let (base, suffix) = name.rsplit_once('_')?;
        match (*self.0.get(base)?, suffix) {
            ("histogram", "bucket" | "sum" | "count") => Some("counter"),
            ("summary", "sum" | "count") | ("counter", "total") => Some("counter"),
            ("histogram" | "summary" | "counter", "created") => Some("gauge"),
            ("info", "info") => Some("gauge"),
            _ => None,
        }
    }
}

/// The type as series lines name it.
fn kind(text: &str) -> Option<&'static str> {
    match text {
        "counter" => Some("counter"),
        "gauge" | "gaugehistogram" | "stateset" => Some("gauge"),
        "histogram" => Some("histogram"),
        "summary" => Some("summary"),
        "info" => Some("info"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn types() -> Types {
        Types::read(&json!({
            "up":[{"type":"gauge","help":"","unit":""}],
            "h":[{"type":"histogram"},{"type":"histogram"}],
            "s":[{"type":"summary"}],
            "c":[{"type":"counter"}],
            "d_total":[{"type":"counter"}],
            "torn":[{"type":"counter"},{"type":"gauge"}],
            "odd":[{"type":"unknown"}],
            "bare":1}))
    }

    #[test]
    fn parts_of_histograms_and_summaries_are_counters() {
        let types = types();
        for name in ["h_bucket", "h_sum", "h_count", "s_sum", "s_count", "c_total", "d_total"] {
            assert_eq!(types.of(name), Some("counter"), "{name}");
        }
        assert_eq!(types.of("s"), Some("summary"));
        assert_eq!(types.of("up"), Some("gauge"));
        assert_eq!(types.of("h_created"), Some("gauge"));
    }

    #[test]
    fn what_is_unknown_or_torn_has_no_type() {
        let types = types();
        for name in ["torn", "odd", "nobody", "up_count", "s_bucket", ""] {
            assert_eq!(types.of(name), None, "{name}");
        }
    }
}
