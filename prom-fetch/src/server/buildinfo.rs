//! Who the server is, from its `/api/v1/status/buildinfo`.

use serde_json::Value;

/// True for the `data` of VictoriaMetrics: it names a version of Prometheus at most, for Grafana's sake (1.79: nothing),
/// and no Go version, which Prometheus, Thanos and Mimir have.
pub fn is_victoria_metrics(data: &Value) -> bool {
    data.as_object().is_some_and(|data| !data.contains_key("goVersion"))
}

/// True for the `data` of Mimir, and of Grafana's products that it is in.
pub fn is_mimir(data: &Value) -> bool {
    let application = data.get("application").and_then(Value::as_str).unwrap_or("");
    application.contains("Mimir") || application.contains("Enterprise Metrics")
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

    #[test]
    fn mimir_says_its_name() {
        assert!(is_mimir(&json!({"application": "Grafana Mimir", "version": "2.0.0", "goVersion": "go1.17.8"})));
        assert!(!is_mimir(&json!({"version": "2.42.0", "goVersion": "go1.19.8"})));
        assert!(!is_mimir(&Value::Null));
    }
}
