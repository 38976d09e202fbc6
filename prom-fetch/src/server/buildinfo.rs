//! Who the server is, from its `/api/v1/status/buildinfo`.

use serde_json::Value;

/// True for the `data` of VictoriaMetrics: it names a version of Prometheus, for Grafana's sake, but no
/// revision, branch or Go version, which Prometheus always has.
pub fn is_victoria_metrics(data: &Value) -> bool {
    data.as_object().is_some_and(|data| data.len() == 1 && data.contains_key("version"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_victoria_metrics_has_a_version_alone() {
        assert!(is_victoria_metrics(&json!({"version": "2.24.0"})));
        assert!(!is_victoria_metrics(&json!({"version": "2.42.0", "revision": "x", "goVersion": "go1.19.8"})));
        assert!(!is_victoria_metrics(&Value::Null));
    }
}
