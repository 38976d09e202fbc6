//! What part a column plays: whose it is, and what kind of thing it measures.

use grid::Name;

/// The kinds of metric a signature is made of, in its order.
pub(crate) const KINDS: [&str; 3] = ["cpu", "memory", "latency"];

/// The labels that may name a service, the surest first.
const SERVICE_LABELS: [&str; 7] =
    ["service", "service_name", "app", "app_kubernetes_io_name", "container", "name", "job"];

/// The service a column belongs to: by its labels, or by the beginning of a name such as
/// `carts_cpu` or `carts|CpuUsage(m)`. What a load generator measured belongs to no service.
pub(crate) fn service(header: &str) -> Option<String> {
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

/// The kind of metric, as a place in [`KINDS`]; nothing for any other.
pub(crate) fn kind(header: &str) -> Option<usize> {
    let name = Name::parse(header);
    let labelled = !name.labels.is_empty();
    let text = match split(&name.name) {
        Some((_, rest)) if !labelled => rest,
        _ => name.name,
    };
    let text = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["avail", "success", "limit", "max_bytes"]) {
        None
    } else if has(&["cpu"]) {
        Some(0)
    } else if has(&["mem", "rss", "heap"]) {
        Some(1)
    } else if has(&["lat", "duration", "response_time", "delay"]) {
        let count = ["_count", "_sum", "_bucket", "_total"].iter().any(|end| text.ends_with(end));
        (!count).then_some(2)
    } else {
        None
    }
}

/// What a column measures when `label` is left out: columns of two groups with the same remainder
/// are counterparts. Labels that name the same thing as the group does are left out too.
pub(crate) fn counterpart(header: &str, label: &str) -> Option<(String, String)> {
    const SAME: [&str; 8] = ["instance", "pod", "container", "container_name", "job", "service", "name", "id"];
    let mut name = Name::parse(header);
    if let Some(group) = name.label(label).map(str::to_string) {
        name.labels.retain(|(key, _)| key != label && !SAME.contains(&&key[..]));
        return Some((group, name.to_string()));
    }
    if !name.labels.is_empty() {
        return None;
    }
    split(&name.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_named_by_a_label_or_by_the_beginning() {
        assert_eq!(service("cpu{instance=\"a:80\",job=\"carts\"}").as_deref(), Some("carts"));
        assert_eq!(service("up{instance=\"carts:80\"}").as_deref(), Some("carts"));
        assert_eq!(service("carts-db_cpu").as_deref(), Some("carts-db"));
        assert_eq!(service("carts|CpuUsage(m)").as_deref(), Some("carts"));
        assert_eq!(service("front_carts|source_50_latency").as_deref(), Some("carts"));
        assert_eq!(service("locust_response_time_ms{quantile=\"0.95\"}"), None);
    }

    #[test]
    fn a_kind_is_cpu_memory_or_latency() {
        assert_eq!(kind("carts_cpu"), Some(0));
        assert_eq!(kind("process_resident_memory_bytes{job=\"carts\"}"), Some(1));
        assert_eq!(kind("carts_lat_90"), Some(2));
        assert_eq!(kind("request_duration_seconds_count{job=\"carts\"}"), None);
        assert_eq!(kind("carts|PodSuccessRate(%)"), None);
        assert_eq!(kind("latency_load"), None);
    }

    #[test]
    fn counterparts_have_the_same_remainder() {
        let (group, rest) = counterpart("cpu{instance=\"a:80\",mode=\"user\",service=\"carts\"}", "service").unwrap();
        assert_eq!((&group[..], &rest[..]), ("carts", "cpu{mode=\"user\"}"));
        assert_eq!(counterpart("carts_cpu", "service"), Some(("carts".into(), "cpu".into())));
        assert_eq!(counterpart("up{job=\"x\"}", "service"), None);
    }
}
