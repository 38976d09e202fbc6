//! Which labels name a service.

use std::collections::{HashMap, HashSet};

/// Labels that name a service, most telling first. The first that is there and tells series
/// apart decides.
const SERVICE_LABELS: [&str; 15] = [
    "container_label_com_docker_compose_service",
    "destination_workload",
    "destination_service_name",
    "service",
    "service_name",
    "service.name",
    "app",
    "app_kubernetes_io_name",
    "container",
    "container_name",
    "deployment",
    "pod",
    "name",
    "job",
    "instance",
];

/// Name and labels of a series, as parsed from its header.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// The metric name, or the whole header when it has no labels.
    pub name: String,
    /// Labels, without the name.
    pub labels: Vec<(String, String)>,
}

impl Series {
    pub(crate) fn label(&self, wanted: &str) -> Option<&str> {
        self.labels.iter().find(|(key, value)| key == wanted && !value.is_empty()).map(|(_, value)| value.as_str())
    }
}

/// What the labels of a whole grid say about each other.
pub(crate) struct Telling {
    labels: HashSet<&'static str>,
    ports: bool,
}

/// Finds the labels that tell series apart (more than one value, an absent one counted), and
/// whether instances differ by more than their ports.
pub(crate) fn telling_labels(series: &[Series]) -> Telling {
    let mut values: HashMap<&str, HashSet<&str>> = HashMap::new();
    for s in series.iter().filter(|s| !s.labels.is_empty()) {
        for label in SERVICE_LABELS {
            values.entry(label).or_default().insert(s.label(label).unwrap_or_default());
        }
    }
    let instances =
        values.get("instance").map(|all| all.iter().filter(|i| !i.is_empty()).collect::<Vec<_>>()).unwrap_or_default();
    let hosts: HashSet<&str> = instances.iter().map(|i| host(i)).collect();
    Telling {
        labels: SERVICE_LABELS.into_iter().filter(|l| values.get(l).is_some_and(|v| v.len() > 1)).collect(),
        ports: hosts.len() < instances.len(),
    }
}

fn host(instance: &str) -> &str {
    instance.rsplit_once(':').map_or(instance, |(host, _)| host)
}

/// The label that names the service of a series, and the service.
pub(crate) fn service(series: &Series, telling: &Telling) -> Option<(&'static str, String)> {
    let present = || SERVICE_LABELS.into_iter().filter(|l| series.label(l).is_some());
    let label = present().find(|l| telling.labels.contains(l)).or_else(|| present().next())?;
    series.label(label).map(|value| (label, service_of(label, value, telling.ports)))
}

/// A label's value as a service: an instance without its port (unless ports tell instances apart),
/// a pod without its hashes.
fn service_of(label: &str, value: &str, ports: bool) -> String {
    let hash = |part: &str| {
        part.len() >= 5
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            && part.chars().any(|c| c.is_ascii_digit())
    };
    match label {
        "instance" if !ports => host(value).to_owned(),
        "pod" => {
            let mut parts: Vec<&str> = value.split('-').collect();
            while parts.len() > 1 && parts.last().is_some_and(|p| hash(p)) {
                parts.pop();
            }
            parts.join("-")
        }
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pods_lose_their_hashes() {
        assert_eq!(service_of("pod", "ts-order-service-5f6d9c7b8-x2k9p", false), "ts-order-service");
        assert_eq!(service_of("pod", "front-end", false), "front-end");
    }

    #[test]
    fn the_name_of_open_telemetry_names_a_service_too() {
        let series = |key: &str, value: &str| Series { name: "m".into(), labels: vec![(key.into(), value.into())] };
        for key in ["service_name", "service.name"] {
            let telling = telling_labels(&[series(key, "carts"), series(key, "orders")]);
            assert!(telling.labels.contains(key));
        }
    }
}
