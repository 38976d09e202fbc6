//! Which metrics are counters: by their type, by the type that their exporter was seen to print, by the catalogue, by
//! OpenMetrics' suffixes; and which are levels, where none of these says it.

use std::collections::HashSet;

use rustc_hash::FxHashMap;

use crate::text::rules::Rules;
use crate::text::table::rows;
use crate::text::tokens::Vocabulary;
use crate::{Aspect, Catalogue, Name};

/// What is known of counters by their names.
#[derive(Debug)]
pub(crate) struct Counters {
    /// Metric family → the type that an exporter printed. They are our own, so that nobody can choose them to collide.
    exposed: FxHashMap<&'static str, &'static str>,
    /// Patterns of what is a counter and what is none.
    rules: Rules<bool>,
}

impl Counters {
    pub(crate) fn built_in(vocabulary: &mut Vocabulary) -> Self {
        let table = rows(include_str!("../../tables/counters.csv"), ["pattern", "counter"]);
        let row = |[pattern, counter]: [String; 2]| (pattern, String::new(), counter == "yes");
        let rules = Rules::new(table.into_iter().map(row).collect(), vocabulary);
        let cells = |line: &'static str| {
            let mut cells = line.split(',');
            Some((cells.next()?, cells.next()?))
        };
        let exposed = include_str!("../../tables/exposed.csv").lines().skip(1).filter_map(cells).collect();
        Self { exposed, rules }
    }

    /// True for a counter, false for what is none, `None` where neither type nor name says it. `tokens` are the words
    /// of the name.
    pub(crate) fn of(&self, tokens: &[u32], name: &str, kind: Option<&str>) -> Option<bool> {
        let by_name = || self.rules.find(tokens, &Name::default()).copied();
        // Some exporters declare a counter as a gauge.
        let misdeclared = kind == Some("gauge") && self.exposed.get(name) == Some(&"counter");
        let declared = kind.filter(|_| !misdeclared).and_then(|kind| by_type(name, kind));
        declared.or_else(|| self.seen(name)).or_else(by_name)
    }

    /// By the type of the family that was seen.
    fn seen(&self, name: &str) -> Option<bool> {
        if let Some(kind) = self.exposed.get(name) {
            return by_type(name, kind);
        }
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end))?;
        let kind = self.exposed.get(family).filter(|kind| ["histogram", "summary"].contains(kind))?;
        by_type(name, kind)
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> (usize, usize) {
        (self.rules.len(), self.exposed.len())
    }

    #[cfg(test)]
    pub(crate) fn unreachable(&self) -> Vec<usize> {
        self.rules.unreachable()
    }
}

/// What of a name says that it is a level's.
#[derive(Debug)]
pub(crate) struct Levels {
    kinds: HashSet<String>,
    words: HashSet<String>,
}

impl Levels {
    pub(crate) fn built_in() -> Self {
        let table = rows(include_str!("../../tables/levels.csv"), ["what", "value"]);
        let of = |what: &str| table.iter().filter(|row| row[0] == what).map(|row| row[1].clone()).collect();
        Self { kinds: of("kind"), words: of("word") }
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.kinds.len() + self.words.len()
    }
}

impl Catalogue {
    /// True for a name that is a level's: by its kind, as a quantile, mean or extreme, or by a word.
    pub fn is_level(&self, name: &Name) -> bool {
        let (reading, levels) = (self.read(name), &self.built_in().levels);
        let of_many = matches!(reading.aspect, Aspect::Quantile | Aspect::Mean | Aspect::Extreme);
        let stem = |word: &str| {
            word.split(|c: char| c.is_ascii_digit()).next().is_some_and(|stem| levels.words.contains(stem))
        };
        let text = name.name.to_lowercase();
        levels.kinds.contains(reading.kind) || of_many || text.split(|c: char| !c.is_alphanumeric()).any(stem)
    }
}

/// A histogram's or summary's `_bucket`, `_sum` and `_count` are counters, its quantiles are not.
fn by_type(name: &str, kind: &str) -> Option<bool> {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    match kind {
        "counter" => Some(true),
        "gauge" | "info" | "stateset" | "gaugehistogram" => Some(false),
        "histogram" => Some(ends(&["_bucket", "_sum", "_count"])),
        "summary" => Some(ends(&["_sum", "_count"])),
        _ => None,
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
            ("etcd_server_proposals_applied_total", Some("gauge"), Some(true)),
            ("ruby_process_cpu_seconds_total", Some("gauge"), Some(true)),
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
            ("node_load15", None, Some(false)),
            ("prometheus_tsdb_head_max_time", None, Some(false)),
            ("redis_rdb_changes_since_last_save", None, Some(false)),
            ("etcd_debugging_mvcc_keys_total", None, Some(false)),
            ("etcd_disk_wal_fsync_duration_seconds_bucket", None, Some(true)),
            ("queue_length", None, None),
            ("up", None, Some(false)),
        ] {
            assert_eq!(catalogue.counter(name, kind), counter, "{name} {kind:?}");
        }
    }
}
