//! What a metric measures, which way is harm, and whether it is a cause or a symptom.

use regex::Regex;

/// The direction in which a change does harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// More is worse: latency, errors, use of resources.
    Up,
    /// Less is worse: availability, success.
    Down,
    /// Any change counts.
    Both,
    /// A flag that is 1 while something is there: each time it is not is an event, however
    /// short the steady state was watched.
    Gone,
}

/// The part a kind of metric plays in a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A resource that runs out; within a service it goes before the symptoms.
    Cause,
    /// What waits for a resource (a queue, workers all busy), or is no longer there. A cause, and
    /// the plainest sign of one.
    Saturation,
    /// What users feel: latency, errors, availability.
    Symptom,
    /// The load that is put on a service, what follows it (open files, threads), or a setting; it
    /// may explain a change, it is not one.
    Driver,
    /// Anything else.
    Other,
}

/// A named kind of metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind<'a> {
    /// Its name, as printed.
    pub name: &'a str,
    /// Which way is harm.
    pub harm: Harm,
    /// Cause, saturation, symptom, driver or other.
    pub role: Role,
}

/// A rule of the table of kinds: a pattern and what it stands for.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Matched against the metric's own name (without its service), letter case ignored.
    pub pattern: Regex,
    /// Name of the kind.
    pub name: String,
    /// Which way is harm.
    pub harm: Harm,
    /// Cause, saturation, symptom, driver or other.
    pub role: Role,
}

/// The table of kinds: the first rule that matches decides.
#[derive(Debug, Clone)]
pub struct Kinds {
    rules: Vec<Rule>,
}

/// What no rule matches: more is worse, no role.
pub const OTHER: Kind<'static> = Kind { name: "other", harm: Harm::Up, role: Role::Other };

/// The built-in table, first match first: pattern, kind, harm, role. Words are those of exporters
/// and of the literature (`latency`, `cpu`, `queue`), never names of services; METRICS.md lists what they make of
/// the metrics of common exporters. How long a scrape took is a latency: a slow network to a service shows there
/// and at its callers, not on its own clock.
#[rustfmt::skip]
const BUILT_IN: [(&str, &str, Harm, Role); 19] = [
    (r"^scrape_(samples?|series|timeout|body)_|spawn_rate|_info($|\{)|(^|_)(start|boot|up)_?time|last_|timestamp|(^|_)spec_|_quota($|\{)|_limit(s|_bytes)?($|\{)|cfs_periods|(^|_)max_(fds|open)|_created$", "setting", Harm::Up, Role::Driver),
    (r"(^|[^a-z])up($|\{)", "presence", Harm::Gone, Role::Saturation),
    (r"(malloc|free|lookup)s_total|alloc_bytes_total", "traffic", Harm::Up, Role::Driver),
    (r"(mem|heap|swap)[a-z_]*(free|avail)", "memory", Harm::Down, Role::Cause),
    (r"(fs|filesystem|disk|volume)[a-z_]*(free|avail)", "disk", Harm::Down, Role::Other),
    (r"(pool|connections|threads|workers)[a-z_]*(idle|free|avail)", "saturation", Harm::Down, Role::Saturation),
    (r"cpu.*idle", "cpu", Harm::Down, Role::Cause),
    (r"avail|success|health", "availability", Harm::Down, Role::Symptom),
    (r"memory_fail|pg(maj)?fault|(^|[^a-z])oom|(^|_)gc_|jvm_(buffer|memory)", "memory", Harm::Up, Role::Cause),
    (r"error|(^|[^a-z])errs?($|[^a-z])|fail|(^|[^e])fault|exception|timeout|reject|drop|refused|retr(y|ies|ans)|restart|(^|[^0-9])5(xx|[0-9][0-9])($|[^0-9])", "errors", Harm::Up, Role::Symptom),
    (r"queue|backlog|pending|wait|busy|throttl|saturat|in_?flight|blocked|(^|[^a-z])lag($|[^a-z])|load_?av|(^|_)load[0-9]|(pool|connections)[a-z_]*(used|active|in_use)", "saturation", Harm::Up, Role::Saturation),
    (r"cpu", "cpu", Harm::Up, Role::Cause),
    (r"(duration|latency|response_time)[a-z_]*_(count|bucket|total)($|[^a-z])|seconds_(count|bucket)($|[^a-z])", "traffic", Harm::Up, Role::Driver),
    (r"mem([^b]|$)|heap|rss|swap", "memory", Harm::Up, Role::Cause),
    (r"latenc|(^|[^a-z])lat($|[^a-z])|duration|delay|response[ _]?time|elapsed|(^|_)rtt|seconds_(sum|max)($|[^a-z])|rq_time|gauge_response|(^|_)slow", "latency", Harm::Up, Role::Symptom),
    (r"network|(^|[^a-z])net($|[^a-z])|receive|transmit|(^|[^a-z])[rt]x($|[^a-z])", "network", Harm::Up, Role::Other),
    (r"disk|syscall|(^|[^a-z])(io|fs|read|write)s?($|[^a-z])", "disk", Harm::Up, Role::Other),
    (r"workload|request|counter_status|invocations|(^|[^a-z])(lod|load|ops|qps|rps|hits|throughput|traffic|users?|calls|queries|commands|transactions)($|[^a-z])", "traffic", Harm::Up, Role::Driver),
    (r"fds|file_?desc|socket|connect(ed|ions)|thread|goroutine|handles|sessions|clients|processes|classes", "handles", Harm::Up, Role::Driver),
];

impl Default for Kinds {
    fn default() -> Self {
        let rule = |(pattern, name, harm, role): (&str, &str, Harm, Role)| {
            Some(Rule { pattern: compile(pattern).ok()?, name: name.to_owned(), harm, role })
        };
        Self { rules: BUILT_IN.into_iter().filter_map(rule).collect() }
    }
}

/// Compiles a pattern of the table: letter case ignored.
pub fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    regex::RegexBuilder::new(pattern).case_insensitive(true).build()
}

impl Kinds {
    /// Puts `rules` before those that are there.
    pub fn override_with(&mut self, mut rules: Vec<Rule>) {
        rules.append(&mut self.rules);
        self.rules = rules;
    }

    /// The kind of a metric by its own name, for example `CpuUsage(m)` or `latency|p90`.
    pub fn of(&self, metric: &str) -> Kind<'_> {
        let found = self.rules.iter().find(|rule| rule.pattern.is_match(metric));
        found.map_or(OTHER, |rule| Kind { name: &rule.name, harm: rule.harm, role: rule.role })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_pattern_compiles() {
        assert_eq!(Kinds::default().rules.len(), BUILT_IN.len());
    }

    #[test]
    fn names_of_exporters_find_their_kind() {
        let kinds = Kinds::default();
        for (metric, kind) in [
            ("cpu", "cpu"),
            ("process_cpu_seconds_total", "cpu"),
            ("CpuUsageRate(%)", "cpu"),
            ("mem", "memory"),
            ("MemoryUsage(Mi)", "memory"),
            ("process_resident_memory_bytes", "memory"),
            ("lat_90", "latency"),
            ("latency|p90", "latency"),
            ("destination_50_latency", "latency"),
            ("PodServerLatencyP90(s)", "latency"),
            ("request_duration_seconds_sum", "latency"),
            ("scrape_duration_seconds", "latency"),
            ("scrape_samples_scraped", "setting"),
            ("request_duration_seconds_count", "traffic"),
            ("request_duration_seconds_bucket", "traffic"),
            ("lod", "traffic"),
            ("PodWorkload(Ops)", "traffic"),
            ("requests|Sum", "traffic"),
            ("PodSuccessRate(%)", "availability"),
            ("availability|Average", "availability"),
            ("workers_busy", "saturation"),
            ("workers_limit", "setting"),
            ("process_threads", "handles"),
            ("queue_length", "saturation"),
            ("process_uptime_seconds", "setting"),
            ("probe_dns_lookup_time_seconds", "other"),
            ("NetworkReceiveBytes", "network"),
            ("SyscallRead", "disk"),
            ("http_requests_total{code=\"500\"}", "errors"),
            ("up", "presence"),
            ("locust_response_time_ms", "latency"),
            ("locust_users", "traffic"),
            ("locust_spawn_rate", "setting"),
            ("locust_failures", "errors"),
            ("anything", "other"),
            ("", "other"),
        ] {
            assert_eq!(kinds.of(metric).name, kind, "{metric}");
        }
    }

    #[test]
    fn own_rules_go_first() {
        let mut kinds = Kinds::default();
        kinds.override_with(vec![Rule {
            pattern: compile("cpu").unwrap(),
            name: "heat".into(),
            harm: Harm::Both,
            role: Role::Other,
        }]);
        assert_eq!(kinds.of("CPU").name, "heat");
    }
}
