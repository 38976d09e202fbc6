//! Which metrics are counters: by their type, by the catalogue, by OpenMetrics' suffixes.

use crate::Name;
use crate::text::rules::Rules;
use crate::text::table::rows;
use crate::text::tokens::Vocabulary;

/// The table of what is a counter and what is none.
pub(crate) fn built_in(vocabulary: &mut Vocabulary) -> Rules<bool> {
    let table = rows(include_str!("../../tables/counters.csv"), ["pattern", "counter"]);
    let row = |[pattern, counter]: [String; 2]| (pattern, String::new(), counter == "yes");
    Rules::new(table.into_iter().map(row).collect(), vocabulary)
}

/// True for a counter, false for what is none, `None` where neither type nor name says it. A histogram's or
/// summary's `_bucket`, `_sum` and `_count` are counters, its quantiles are not.
pub(crate) fn counter(table: &Rules<bool>, tokens: &[u32], name: &str, kind: Option<&str>) -> Option<bool> {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    match kind {
        Some("counter") => Some(true),
        Some("gauge" | "info" | "stateset" | "gaugehistogram") => Some(false),
        Some("histogram") => Some(ends(&["_bucket", "_sum", "_count"])),
        Some("summary") => Some(ends(&["_sum", "_count"])),
        _ => table.find(tokens, &Name::default()).copied(),
    }
}

#[cfg(test)]
mod tests {
    use crate::Catalogue;

    #[test]
    fn type_goes_before_name_and_a_size_is_never_a_counter() {
        let catalogue = Catalogue::default();
        for (name, kind, counter) in [
            ("x", Some("counter"), Some(true)),
            ("x_total", Some("gauge"), Some(false)),
            ("x_seconds_bucket", Some("histogram"), Some(true)),
            ("x_seconds", Some("summary"), Some(false)),
            ("x_seconds_count", Some("summary"), Some(true)),
            ("x_bucket", Some("gaugehistogram"), Some(false)),
            ("http_requests_total", None, Some(true)),
            ("request_duration_seconds_count", Some("unknown"), Some(true)),
            ("process_open_fds", None, Some(false)),
            ("process_threads", None, Some(false)),
            ("process_resident_memory_bytes", None, Some(false)),
            ("node_hwmon_temp_celsius", None, Some(false)),
            ("target_info", None, Some(false)),
            ("jvm_threads_started_total", None, Some(true)),
            ("jvm_threads_current", None, Some(false)),
            ("pg_locks_count", None, Some(false)),
            ("hikaricp_connections", None, Some(false)),
            ("hikaricp_connections_usage_seconds_count", None, Some(true)),
            ("kube_pod_container_status_restarts_total", None, Some(true)),
            ("system_cpu_count", None, Some(false)),
            ("redis_migrate_cached_sockets_total", None, Some(false)),
            ("nodejs_active_handles_total", None, Some(false)),
            ("node_vmstat_pgmajfault", None, Some(true)),
            ("node_vmstat_nr_dirty", None, Some(false)),
            ("node_netstat_Tcp_RetransSegs", None, Some(true)),
            ("node_netstat_Tcp_CurrEstab", None, Some(false)),
            ("nginx_connections_accepted", None, Some(true)),
            ("pg_stat_database_xact_commit", None, Some(true)),
            ("pg_stat_database_numbackends", None, Some(false)),
            ("mysql_global_status_questions", None, Some(true)),
            ("mysql_global_status_threads_running", None, Some(false)),
            ("queue_length", None, None),
            ("up", None, Some(false)),
        ] {
            assert_eq!(catalogue.counter(name, kind), counter, "{name} {kind:?}");
        }
    }
}
