//! What part a column plays: whose it is, and what it measures.

use names::{Aspect, Catalogue, Harm, Name};

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
pub(crate) fn places(series: &[Series], catalogue: &Catalogue) -> Vec<Option<Place>> {
    let names: Vec<Name> = series.iter().map(|series| Name::parse(&series.name)).collect();
    let place = |(name, place): (&Name, names::Place)| {
        let service = place.service.filter(|service| !service.is_empty())?;
        Some(Place { service, role: role(name, catalogue), is_about: is_about(name) })
    };
    names.iter().zip(catalogue.places(&names)).map(place).collect()
}

/// The column that says whether a service did nothing while it was gone.
pub(crate) const IDLE: &str = "gone_idle";

/// Whether a column was not read from the service itself: it is there also when the service is not.
fn is_about(name: &Name) -> bool {
    name.name == "up" || name.name == IDLE || name.name.starts_with("scrape_")
}

/// What a column measures, by its name; nothing where it tells of no fault.
fn role(name: &Name, catalogue: &Catalogue) -> Option<Role> {
    let reading = catalogue.read(name, None);
    let level = !matches!(reading.aspect, Aspect::Count | Aspect::Sum | Aspect::Bucket);
    match (name.name.as_str(), reading.kind, reading.harm) {
        (IDLE, ..) => Some(Role::Idle),
        ("scrape_duration_seconds", ..) => Some(Role::Answer),
        (_, "presence", Harm::Gone) => Some(Role::Presence),
        (_, "cpu", Harm::Up) => Some(Role::Cpu),
        (_, "memory", Harm::Up) if level && !reading.unit.ends_with("seconds") => Some(Role::Memory),
        (_, "saturation", Harm::Up) => Some(Role::Saturation),
        (_, "latency", Harm::Up) if level => Some(Role::Latency),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(header: &str) -> Option<Place> {
        let series = [Series { name: header.to_string(), values: Vec::new() }];
        places(&series, &Catalogue::default()).pop().unwrap()
    }

    #[test]
    fn a_service_is_named_by_a_label_or_by_the_beginning() {
        for (header, service) in [
            ("cpu{instance=\"a:80\",job=\"carts\"}", Some("carts")),
            ("up{instance=\"carts:80\"}", Some("carts")),
            ("{\"queue.length\",job=\"otel\",\"service.name\"=\"carts\"}", Some("carts")),
            ("container_cpu_usage_seconds_total{job=\"cadvisor\",name=\"strain-carts-1\"}", Some("carts")),
            ("carts-db_cpu", Some("carts-db")),
            ("carts|CpuUsage(m)", Some("carts")),
            ("payment_svc|resource_cpu_usage", Some("payment_svc")),
            ("front_carts|source_50_latency", Some("carts")),
            ("locust_response_time_ms{quantile=\"0.95\"}", None),
        ] {
            assert_eq!(place(header).map(|place| place.service).as_deref(), service, "{header}");
        }
    }

    #[test]
    fn a_role_is_known_by_the_name() {
        for (header, expected) in [
            ("carts_cpu", Some(Role::Cpu)),
            ("process_cpu_seconds_total{job=\"carts\"}", Some(Role::Cpu)),
            ("process_resident_memory_bytes{job=\"carts\"}", Some(Role::Memory)),
            ("go_gc_duration_seconds{job=\"carts\",quantile=\"0.5\"}", None),
            ("queue_length{job=\"carts\"}", Some(Role::Saturation)),
            ("carts_lat_90", Some(Role::Latency)),
            ("request_duration_seconds_count{job=\"carts\"}", None),
            ("request_duration_seconds_sum{job=\"carts\"}", None),
            ("carts|PodSuccessRate(%)", None),
            ("up{job=\"carts\"}", Some(Role::Presence)),
            ("scrape_duration_seconds{job=\"carts\"}", Some(Role::Answer)),
            ("gone_idle{service=\"carts\"}", Some(Role::Idle)),
            ("scrape_samples_scraped{job=\"carts\"}", None),
            ("etcd_members{job=\"carts\"}", None),
            ("node_memory_MemFree_bytes{job=\"carts\"}", None),
            ("template_bytes{job=\"carts\"}", None),
        ] {
            assert_eq!(place(header).unwrap().role, expected, "{header}");
        }
    }
}
