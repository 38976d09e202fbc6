//! What the name of a recording rule says: `level:metric:operations`.

use names::Catalogue;

/// What a rule does to a metric, as Prometheus' documentation and the mixins write it, without windows and quantiles: `rate5m`, `p99`.
const OPERATIONS: [&str; 28] = [
    "absent",
    "average",
    "avg",
    "bottomk",
    "changes",
    "count",
    "delta",
    "deriv",
    "histogram",
    "idelta",
    "increase",
    "irate",
    "max",
    "mean",
    "median",
    "min",
    "over",
    "percentile",
    "quantile",
    "rate",
    "ratio",
    "resets",
    "share",
    "stddev",
    "stdvar",
    "sum",
    "time",
    "topk",
];

/// True for a counter, false for what is none, `None` where neither type nor name says it. A rule is named
/// `level:metric:operations` (Prometheus' documentation, "Recording rules"): a sum of counters is one, and whatever else was done to
/// them is none, be it called `count`. A name that does not end in operations is read as it stands.
pub(super) fn counted(name: &str, kind: Option<&str>) -> Option<bool> {
    let parts: Vec<&str> = name.split(':').collect();
    let operations = parts.iter().rev().take_while(|part| are_operations(part)).count();
    if kind.is_some() || operations == 0 || operations == parts.len() {
        return Catalogue::default().counter(name, kind);
    }
    let (metric, operations) = parts.split_at(parts.len() - operations);
    let is_sum = operations.iter().all(|operation| *operation == "sum");
    if is_sum { metric.last().and_then(|metric| Catalogue::default().counter(metric, None)) } else { Some(false) }
}

/// True for operations such as `sum`, `sum_rate5m` and `p99`.
fn are_operations(part: &str) -> bool {
    part.split('_').all(is_operation)
}

fn is_operation(word: &str) -> bool {
    let digits = |c: char| c.is_ascii_digit();
    let letters = word.trim_start_matches(digits).split(digits).next().unwrap_or_default();
    // `p99`, `5m`.
    OPERATIONS.contains(&letters) || letters.len() < 2 && letters.len() < word.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_a_counter_where_it_adds_up_counters() {
        for (name, is_counter) in [
            ("namespace:container_memory_usage_bytes:sum", Some(false)),
            ("job:up:count", Some(false)),
            ("node:node_num_cpu:sum", None),
            ("job:inflight_requests:sum", None),
            ("namespace_cpu:kube_pod_container_resource_requests:sum", None),
            (":node_memory_MemAvailable_bytes:sum", Some(false)),
            ("job:http_requests_total:sum", Some(true)),
            ("job:request_latency_seconds_bucket:sum", Some(true)),
            ("job:request_latency_seconds_count:sum", Some(true)),
            ("job:request_latency_seconds_count:avg_rate5m", Some(false)),
            ("http_requests_total:sum", Some(true)),
            ("job:http_requests_total:sum:sum", Some(true)),
            ("job:http_requests_total:count", Some(false)),
            ("job:http_requests:rate5m", Some(false)),
            ("x:y_total:rate5m", Some(false)),
            ("x:y_total:irate1m", Some(false)),
            ("x:y_total:increase1h", Some(false)),
            ("x:y_total:sum_rate_5m", Some(false)),
            ("x:y_total:ratio", Some(false)),
            ("x:y_total:deriv", Some(false)),
            ("x:y_total:avg", Some(false)),
            ("x:y_total:max_over_time", Some(false)),
            ("x:y_seconds_sum:p99", Some(false)),
            ("x:y_seconds_bucket:99quantile", Some(false)),
            ("cluster:apiserver_request_slo_duration_seconds:histogram_quantile", Some(false)),
        ] {
            assert_eq!(counted(name, None), is_counter, "{name}");
        }
    }

    #[test]
    fn other_names_with_colons_are_read_as_they_stand() {
        for (name, is_counter) in [
            ("vllm:prompt_tokens_total", Some(true)),
            ("vllm:e2e_request_latency_seconds_sum", Some(true)),
            ("vllm:num_requests_running", None),
            ("cluster:namespace:pod_memory:active:kube_pod_container_resource_requests", None),
            ("http_requests_total", Some(true)),
            ("sum", None),
        ] {
            assert_eq!(counted(name, None), Catalogue::default().counter(name, None), "{name}");
            assert!(is_counter.is_none() || counted(name, None) == is_counter, "{name}");
        }
        assert_eq!(counted("job:up:sum", Some("counter")), Some(true));
    }
}
