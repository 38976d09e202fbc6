//! What part a column plays: whose it is, and what it measures.

use names::Name;

use crate::Series;

/// What a column can say of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Processor time.
    Cpu,
    /// Memory in use.
    Memory,
    /// Work that waits: queues, busy workers.
    Saturation,
    /// How long answers take.
    Latency,
    /// Whether there was anything to be read of it; less is worse.
    Presence,
    /// How long it took to answer the monitoring.
    Answer,
    /// Whether it did nothing while it was gone, see [`crate::absences`].
    Idle,
}

impl Role {
    /// All roles, in the order of a signature.
    pub const ALL: [Role; 7] =
        [Role::Cpu, Role::Memory, Role::Saturation, Role::Latency, Role::Presence, Role::Answer, Role::Idle];

    /// Whether a service shows it as well when only one that it calls is at fault.
    pub(crate) fn is_handed_on(self) -> bool {
        self == Role::Latency
    }

    /// Whether less is worse.
    pub(crate) fn falls(self) -> bool {
        self == Role::Presence
    }
}

/// Whose a series is and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The service.
    pub(crate) service: String,
    /// What it measures; nothing where it says nothing of a fault.
    pub(crate) role: Option<Role>,
    /// Whether it was not read from the service itself: it is there also when the service is not.
    pub(crate) is_about: bool,
}

/// The place of each series; nothing for those of no service.
pub(crate) fn places(series: &[Series]) -> Vec<Option<Place>> {
    let place = |series: &Series| {
        let service = service(&series.name)?;
        Some(Place { service, role: role(&series.name), is_about: is_about(&series.name) })
    };
    series.iter().map(place).collect()
}

/// The labels that may name a service, the surest first.
const SERVICE_LABELS: [&str; 8] =
    ["service", "service_name", "service.name", "app", "app_kubernetes_io_name", "container", "name", "job"];

/// The service a column belongs to: by its labels, or by the beginning of a name such as
/// `carts_cpu` or `carts|CpuUsage(m)`. What a load generator measured belongs to no service.
fn service(header: &str) -> Option<String> {
    let name = Name::parse(header);
    if name.name.starts_with("locust") {
        return None;
    }
    if let Some(label) = SERVICE_LABELS.iter().find_map(|label| name.label(label)).filter(|l| !l.is_empty()) {
        return Some(label.to_string());
    }
    if let Some(instance) = name.label("instance") {
        return Some(instance.split(':').next().unwrap_or(instance).to_string());
    }
    split(&name.name).map(|(service, _)| service)
}

/// `carts_cpu` is the cpu of carts; `front_carts|p50_latency`, between two services, is the callee's.
fn split(name: &str) -> Option<(String, String)> {
    if let Some((service, rest)) = name.split_once('|') {
        let between = rest.contains("source") || rest.contains("latency");
        let service = if between { service.rsplit('_').next().unwrap_or(service) } else { service };
        return Some((service.to_string(), rest.to_string()));
    }
    let (service, rest) = name.split_once('_')?;
    (!service.is_empty()).then(|| (service.to_string(), rest.to_string()))
}

/// The column that says whether a service did nothing while it was gone.
pub(crate) const IDLE: &str = "gone_idle";

/// Whether a column was not read from the service itself: it is there also when the service is not.
fn is_about(header: &str) -> bool {
    let name = Name::parse(header).name;
    name == "up" || name == IDLE || name.starts_with("scrape_")
}

/// What a column measures, by its name; nothing where it tells of no fault.
fn role(header: &str) -> Option<Role> {
    let name = Name::parse(header);
    let text = match split(&name.name) {
        Some((_, rest)) if name.labels.is_empty() => rest,
        _ => name.name,
    };
    let text = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match &text[..] {
        "up" => return Some(Role::Presence),
        "scrape_duration_seconds" => return Some(Role::Answer),
        IDLE => return Some(Role::Idle),
        _ if is_about(&text) || has(&["avail", "free", "success", "limit", "max_bytes"]) => return None,
        _ => {}
    }
    if has(&["queue", "backlog", "pending", "busy", "in_flight", "inflight", "throttl"]) {
        Some(Role::Saturation)
    } else if has(&["cpu"]) {
        Some(Role::Cpu)
    } else if has(&["mem", "rss", "heap"]) {
        Some(Role::Memory)
    } else if has(&["latenc", "duration", "response_time", "delay"]) || has_word(&text, "lat") {
        let count = ["_count", "_sum", "_bucket", "_total"].iter().any(|end| text.ends_with(end));
        (!count).then_some(Role::Latency)
    } else {
        None
    }
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphabetic()).any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_named_by_a_label_or_by_the_beginning() {
        assert_eq!(service("cpu{instance=\"a:80\",job=\"carts\"}").as_deref(), Some("carts"));
        assert_eq!(service("up{instance=\"carts:80\"}").as_deref(), Some("carts"));
        assert_eq!(service("{\"queue.length\",job=\"otel\",\"service.name\"=\"carts\"}").as_deref(), Some("carts"));
        assert_eq!(service("carts-db_cpu").as_deref(), Some("carts-db"));
        assert_eq!(service("carts|CpuUsage(m)").as_deref(), Some("carts"));
        assert_eq!(service("front_carts|source_50_latency").as_deref(), Some("carts"));
        assert_eq!(service("locust_response_time_ms{quantile=\"0.95\"}"), None);
    }

    #[test]
    fn a_role_is_known_by_the_name() {
        for (header, expected) in [
            ("carts_cpu", Some(Role::Cpu)),
            ("process_cpu_seconds_total{job=\"carts\"}", Some(Role::Cpu)),
            ("process_resident_memory_bytes{job=\"carts\"}", Some(Role::Memory)),
            ("queue_length{job=\"carts\"}", Some(Role::Saturation)),
            ("carts_lat_90", Some(Role::Latency)),
            ("request_duration_seconds_count{job=\"carts\"}", None),
            ("carts|PodSuccessRate(%)", None),
            ("up{job=\"carts\"}", Some(Role::Presence)),
            ("scrape_duration_seconds{job=\"carts\"}", Some(Role::Answer)),
            ("gone_idle{service=\"carts\"}", Some(Role::Idle)),
            ("scrape_samples_scraped{job=\"carts\"}", None),
            ("latency_load", None),
            ("node_memory_MemFree_bytes{job=\"carts\"}", None),
            ("template_bytes{job=\"carts\"}", None),
        ] {
            assert_eq!(role(header), expected, "{header}");
        }
    }
}
