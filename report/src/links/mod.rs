//! Where a metric can be looked up: Prometheus and Grafana.

use crate::data::json;

/// Addresses; the script of the page fills in the metric and the time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The address of Prometheus.
    pub prometheus: Option<String>,
    /// An address with the places `{query}`, `{from}` and `{to}` (Unix milliseconds).
    pub grafana: Option<String>,
}

impl Links {
    pub(crate) fn json(&self) -> String {
        let text = |link: &Option<String>| link.as_deref().map_or_else(|| "null".to_string(), json);
        format!("{{\"prometheus\":{},\"grafana\":{}}}", text(&self.prometheus), text(&self.grafana))
    }
}

/// True for an address that a page may lead to: `javascript:` and the like are none.
pub fn is_web_address(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        let start = text.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && text.len() > scheme.len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_linked_to() {
        for (text, good) in [
            ("http://prometheus:9090", true),
            ("HTTPS://g/d/x?from={from}", true),
            ("javascript:alert(1)", false),
            ("http://", false),
            ("données", false),
            ("data:text/html,x", false),
        ] {
            assert_eq!(is_web_address(text), good, "{text}");
        }
    }
}
