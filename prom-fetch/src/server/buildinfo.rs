//! Who the server is, from its `/api/v1/status/buildinfo`.

use serde_json::Value;

/// True for the `data` of VictoriaMetrics: it names a version of Prometheus at most, for Grafana's sake (1.79: nothing),
/// and no Go version, which Prometheus, Thanos and Mimir have.
pub fn is_victoria_metrics(data: &Value) -> bool {
    data.as_object().is_some_and(|data| !data.contains_key("goVersion"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_victoria_metrics_names_no_go_version() {
        assert!(is_victoria_metrics(&json!({"version": "2.24.0"})));
        assert!(is_victoria_metrics(&json!({})));
        assert!(!is_victoria_metrics(&json!({"version": "2.42.0", "revision": "x", "goVersion": "go1.19.8"})));
        assert!(!is_victoria_metrics(&Value::Null));
    }
}
