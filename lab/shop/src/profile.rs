//! What a request costs each service, ordinarily and as the bottleneck.

use std::fmt;
use std::time::Duration;

use clap::ValueEnum;

/// A service of the shop, by the Sock Shop's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub(crate) enum Service {
    FrontEnd,
    Catalogue,
    Carts,
    Orders,
    Payment,
    Shipping,
    User,
}

impl Service {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Service::FrontEnd => "front-end",
            Service::Catalogue => "catalogue",
            Service::Carts => "carts",
            Service::Orders => "orders",
            Service::Payment => "payment",
            Service::Shipping => "shipping",
            Service::User => "user",
        }
    }

    /// Requests this service gets from one journey of one customer (`lab/locustfile.py`).
    fn requests_a_journey(self) -> u32 {
        match self {
            Service::FrontEnd => 9,
            Service::Carts | Service::User => 5,
            Service::Catalogue => 3,
            Service::Orders => 2,
            Service::Payment | Service::Shipping => 1,
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The workers of a service, and the mean cost of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) workers: usize,
    pub(crate) cpu: Duration,
    pub(crate) wait: Duration,
}

/// Workers of a service that is not the bottleneck: far more than any load here can keep busy.
const AMPLE_WORKERS: usize = 16;
const BOTTLENECK_WORKERS: usize = 2;
/// Journeys a second that the bottleneck can bear. A customer begins one about every nine seconds, so 20 customers
/// use about a quarter of it and 150 ask for twice as much.
const BOTTLENECK_JOURNEYS: f64 = 8.0;
/// The part of a bottleneck's service time that is processor time. Two workers then use a tenth of one core, so
/// that it is the workers that run out and not the machine.
const BOTTLENECK_CPU: f64 = 0.05;

impl Profile {
    /// The cost of a request to `service`. A bottleneck has `workers / (journeys × requests a journey)` seconds of
    /// service time, so by the utilisation law it saturates at `BOTTLENECK_JOURNEYS` journeys a second.
    pub(crate) fn of(service: Service, bottleneck: bool) -> Profile {
        if bottleneck {
            let requests = f64::from(service.requests_a_journey()) * BOTTLENECK_JOURNEYS;
            let time = Duration::from_secs(BOTTLENECK_WORKERS as u64).div_f64(requests);
            let cpu = time.mul_f64(BOTTLENECK_CPU);
            return Profile { workers: BOTTLENECK_WORKERS, cpu, wait: time - cpu };
        }
        let (cpu_us, wait_us) = match service {
            Service::FrontEnd => (800, 500),
            Service::Catalogue => (900, 2_000),
            Service::Carts => (1_200, 4_000),
            Service::Orders => (1_500, 5_000),
            Service::Payment => (700, 1_000),
            Service::Shipping => (700, 2_000),
            Service::User => (900, 3_000),
        };
        Profile { workers: AMPLE_WORKERS, cpu: Duration::from_micros(cpu_us), wait: Duration::from_micros(wait_us) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bottleneck_bears_the_same_number_of_journeys() {
        for service in Service::value_variants() {
            let profile = Profile::of(*service, true);
            let time = (profile.cpu + profile.wait).as_secs_f64();
            let requests = f64::from(service.requests_a_journey());
            let journeys = profile.workers as f64 / time / requests;
            assert!((journeys - BOTTLENECK_JOURNEYS).abs() < 1e-3, "{service}: {journeys}");
        }
    }

    #[test]
    fn no_other_service_is_near_its_limit() {
        for service in Service::value_variants() {
            let profile = Profile::of(*service, false);
            let time = (profile.cpu + profile.wait).as_secs_f64();
            let requests = f64::from(service.requests_a_journey());
            let busy = 2.0 * BOTTLENECK_JOURNEYS * requests * time / profile.workers as f64;
            assert!(busy < 0.1, "{service}: {busy}");
        }
    }
}
