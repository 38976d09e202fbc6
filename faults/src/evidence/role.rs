//! What a series says of its service's health.

use names::{Aspect, Harm, Reading};

/// What a series can say of a service.
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
    /// Whether there was anything to be read of it.
    Presence,
    /// How long it took to answer the monitoring.
    Answer,
    /// Whether it did nothing while it was gone, see [`crate::absences`].
    Idle,
}

/// The series that says whether a service did nothing while it was gone.
pub(crate) const IDLE: &str = "gone_idle";

impl Role {
    /// All roles, in the order of a signature.
    pub const ALL: [Role; 7] =
        [Role::Cpu, Role::Memory, Role::Saturation, Role::Latency, Role::Presence, Role::Answer, Role::Idle];

    /// Whether a service shows it as well when only one that it calls is at fault.
    pub(crate) fn is_handed_on(self) -> bool {
        self == Role::Latency
    }

    /// The kind of metric it is, in the words of [`names`].
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Role::Cpu => "cpu",
            Role::Memory => "memory",
            Role::Saturation => "saturation",
            Role::Latency | Role::Answer => "latency",
            Role::Presence | Role::Idle => "presence",
        }
    }
}

/// The role of a metric, by its own name and what it measures, and the direction of harm (1 or -1); nothing where it says
/// nothing of a fault.
pub(crate) fn role(own: &str, reading: &Reading) -> Option<(Role, i8)> {
    match own {
        IDLE => return Some((Role::Idle, 1)),
        "scrape_duration_seconds" => return Some((Role::Answer, 1)),
        _ => {}
    }
    let harm = if matches!(reading.harm, Harm::Down | Harm::Gone) { -1 } else { 1 };
    let counted = matches!(reading.aspect, Aspect::Count | Aspect::Sum | Aspect::Bucket);
    let role = match reading.kind {
        "cpu" => Role::Cpu,
        "memory" => Role::Memory,
        "saturation" => Role::Saturation,
        "presence" => Role::Presence,
        "latency" if !counted => Role::Latency,
        _ => return None,
    };
    Some((role, harm))
}

/// Whether a series was not read from the service itself: it is there also when the service is not.
pub(crate) fn is_about(own: &str) -> bool {
    own == "up" || own == IDLE || own.starts_with("scrape_")
}

#[cfg(test)]
mod tests {
    use names::{Catalogue, Name};

    use super::*;

    fn of(header: &str) -> Option<(Role, i8)> {
        let (name, catalogue) = (Name::parse(header), Catalogue::default());
        role(&catalogue.own_name(&name), &catalogue.read(&name))
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
            ("request_duration_seconds{job=\"carts\",quantile=\"0.95\"}", Some(Role::Latency)),
            ("carts|PodSuccessRate(%)", None),
            ("up{job=\"carts\"}", Some(Role::Presence)),
            ("scrape_duration_seconds{job=\"carts\"}", Some(Role::Answer)),
            ("gone_idle{service=\"carts\"}", Some(Role::Idle)),
            ("scrape_samples_scraped{job=\"carts\"}", None),
            ("template_bytes{job=\"carts\"}", None),
            ("etcd_members{service=\"carts\"}", None),
        ] {
            let found = of(header).map(|(role, _)| role);
            assert_eq!(found, expected, "{header}");
        }
    }

    #[test]
    fn less_of_what_is_free_is_harm() {
        let harm = |header: &str| of(header).map(|(_, harm)| harm);
        assert_eq!(harm("node_memory_MemAvailable_bytes{job=\"carts\"}"), Some(-1));
        assert_eq!(harm("up{job=\"carts\"}"), Some(-1));
    }
}
