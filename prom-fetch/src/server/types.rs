//! Types, units and descriptions of metrics, from the server's `/api/v1/metadata`.

use std::collections::HashMap;

use serde_json::Value;

/// What the server's scrape targets declare of each metric family.
#[derive(Clone, Debug, Default)]
pub struct Types(HashMap<String, Family>);

/// What is declared of a family: what its targets declare differently is left out.
#[derive(Clone, Debug, Default)]
struct Family {
    kind: Option<&'static str>,
    unit: Option<String>,
    help: Option<String>,
}

impl Types {
    /// Reads the `data` of an answer.
    pub fn read(data: &Value) -> Types {
        let families = data.as_object().into_iter().flatten().filter_map(|(name, entries)| {
            let entries = entries.as_array()?;
            let same = |field: &str| {
                let mut texts = entries.iter().filter_map(|e| e.get(field)?.as_str()).filter(|text| !text.is_empty());
                let first = texts.next()?;
                texts.all(|other| other == first).then(|| first.to_string())
            };
            let family = Family { kind: one_kind(entries), unit: same("unit"), help: same("help") };
            Some((name.clone(), family))
        });
        Types(families.collect())
    }

    /// How many families have a type.
    pub fn len(&self) -> usize {
        self.0.values().filter(|family| family.kind.is_some()).count()
    }

    /// True when the server gave no type.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type of the series of this name: of the family itself, or by the suffix which a
    /// histogram, a summary or an OpenMetrics counter gives to the name of its family.
    pub fn of(&self, name: &str) -> Option<&'static str> {
        let (family, suffix) = self.family(name)?;
        match (family.kind?, suffix) {
            (kind, "") => Some(kind),
            ("histogram", "bucket" | "sum" | "count") => Some("counter"),
            ("summary", "sum" | "count") | ("counter", "total") => Some("counter"),
            ("histogram" | "summary" | "counter", "created") => Some("gauge"),
            ("info", "info") => Some("info"),
            _ => None,
        }
    }

    /// The unit of the series of this name.
    pub fn unit(&self, name: &str) -> Option<&str> {
        self.declared(name)?.unit.as_deref()
    }

    /// The description of the series of this name.
    pub fn help(&self, name: &str) -> Option<&str> {
        self.declared(name)?.help.as_deref()
    }

    /// The family that a series of this name belongs to.
    fn declared(&self, name: &str) -> Option<&Family> {
        let by_type = || self.of(name).and(self.family(name)).map(|(family, _)| family);
        self.0.get(name).or_else(by_type)
    }

    /// The family of a name that has a type, and the suffix of the name.
    fn family<'a>(&self, name: &'a str) -> Option<(&Family, &'a str)> {
        let typed = |name: &str| self.0.get(name).filter(|family| family.kind.is_some());
        if let Some(family) = typed(name) {
            return Some((family, ""));
        }
        let (base, suffix) = name.rsplit_once('_')?;
        Some((typed(base)?, suffix))
    }
}

/// The type that all declare; none where they differ.
fn one_kind(entries: &[Value]) -> Option<&'static str> {
    let mut kinds = entries.iter().filter_map(|e| kind(e.get("type")?.as_str()?));
    let first = kinds.next()?;
    kinds.all(|other| other == first).then_some(first)
}

/// The type as series lines name it.
fn kind(text: &str) -> Option<&'static str> {
    match text {
        "counter" => Some("counter"),
        "gauge" | "gaugehistogram" => Some("gauge"),
        "histogram" => Some("histogram"),
        "summary" => Some("summary"),
        "info" => Some("info"),
        "stateset" => Some("stateset"),
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
    fn unit_and_description_are_those_of_the_family() {
        let types = Types::read(&json!({
            "h":[{"type":"histogram","unit":"seconds","help":"Time in the oven"}],
            "torn":[{"type":"gauge","help":"One"},{"type":"gauge","help":"Two"}],
            "odd":[{"type":"unknown","unit":"bytes","help":"Size"}],
            "target":[{"type":"info","help":"","unit":""}]}));
        for name in ["h_bucket", "h_sum", "h_count"] {
            assert_eq!((types.unit(name), types.help(name)), (Some("seconds"), Some("Time in the oven")), "{name}");
        }
        for name in ["torn", "target_info", "h_other", "nobody"] {
            assert_eq!((types.unit(name), types.help(name)), (None, None), "{name}");
        }
        assert_eq!((types.of("target_info"), types.help("odd")), (Some("info"), Some("Size")));
    }

    #[test]
    fn what_is_unknown_or_torn_has_no_type() {
        let types = types();
        for name in ["torn", "odd", "nobody", "up_count", "s_bucket", ""] {
            assert_eq!(types.of(name), None, "{name}");
        }
    }
}
