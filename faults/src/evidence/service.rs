//! Which service a fault hit, and what was to be seen of it.

use std::collections::BTreeMap;

use super::role::{Role, places};
use crate::{Series, level, signature};

/// The deviation, in steady spreads, above which a cause is believed before symptoms: as in `rank`.
const CAUSE: f64 = 5.0;

/// What counts that a service may have from one that it calls.
const HANDED_ON: f64 = 0.25;

/// What was seen of the service that a fault hit.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// The service.
    pub service: String,
    /// See [`signature`].
    pub signature: Vec<f64>,
}

/// What was seen of a service: for each role, of the columns that play it, the one that moved most
/// for the worse, as its level and its values, both with harm upwards.
type Parts = [Option<(f64, Vec<f64>)>; Role::ALL.len()];

/// Reduces a run, in units of its steady state, to the service that was named, or else the one that was
/// hit. Nothing where no series of it says anything of a fault.
pub fn observe(run: &[Series], service: Option<&str>) -> Option<Observed> {
    let services = services(run);
    let (name, parts) = match service {
        Some(name) => services.get_key_value(name),
        None => hit(&services),
    }?;
    let one = |role: &Role| {
        let values = parts[*role as usize].as_ref().map_or(&[][..], |(_, values)| values);
        (values, if role.is_handed_on() { HANDED_ON } else { 1.0 })
    };
    let series: Vec<(&[f64], f64)> = Role::ALL.iter().map(one).collect();
    Some(Observed { service: name.clone(), signature: signature(&series) })
}

/// The series of one service.
pub fn of_service<'a>(run: &'a [Series], service: &str) -> Vec<&'a Series> {
    let own = |place: &Option<super::role::Place>| place.as_ref().is_some_and(|place| place.service == service);
    places(run).iter().zip(run).filter(|(place, _)| own(place)).map(|(_, series)| series).collect()
}

fn services(run: &[Series]) -> BTreeMap<String, Parts> {
    let mut services: BTreeMap<String, Parts> = BTreeMap::new();
    for (place, series) in places(run).into_iter().zip(run) {
        let Some((owner, role)) = place.and_then(|place| Some((place.service, place.role?))) else { continue };
        let harm = if role.falls() { -1.0 } else { 1.0 };
        let values: Vec<f64> = series.values.iter().map(|x| harm * x).collect();
        let Some(level) = level(&values) else { continue };
        let best = &mut services.entry(owner).or_default()[role as usize];
        if best.as_ref().is_none_or(|b| level > b.0) {
            *best = Some((level, values));
        }
    }
    services.values_mut().for_each(forget_while_gone);
    services
}

/// Of what was gone nothing is known but that: its holes do not take the value after them.
fn forget_while_gone(parts: &mut Parts) {
    let Some((_, gone)) = parts[Role::Presence as usize].clone() else { return };
    for (_, values) in parts.iter_mut().flatten() {
        let holes = values.iter_mut().zip(&gone).filter(|(value, gone)| value.is_nan() && **gone > 0.0);
        holes.for_each(|(value, _)| *value = 0.0);
    }
}

/// The service that shows most of what no other can have handed on to it; where nothing of that is
/// strong, the one that shows most of anything. Ties: the first by name.
fn hit(services: &BTreeMap<String, Parts>) -> Option<(&String, &Parts)> {
    let strongest =
        |of: fn(Role) -> bool| services.iter().rev().map(|s| (highest(s.1, of), s)).max_by(|a, b| a.0.total_cmp(&b.0));
    let cause = strongest(|role| !role.is_handed_on()).filter(|(level, _)| *level > CAUSE);
    cause.or_else(|| strongest(|_| true)).map(|(_, service)| service)
}

fn highest(parts: &Parts, of: fn(Role) -> bool) -> f64 {
    let levels = Role::ALL.iter().zip(parts).filter(|(role, _)| of(**role)).filter_map(|(_, p)| p.as_ref());
    levels.map(|p| p.0).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::gone::tests::series;

    const GONE: f64 = f64::NAN;

    #[test]
    fn a_cause_goes_before_the_symptoms_of_its_callers() {
        let hit = |name: &str, z: f64| {
            let run = series(&[("front_latency", &[900.0; 4]), (name, &[z; 4])]);
            observe(&run, None).unwrap().service
        };
        assert_eq!(hit("carts_cpu", 6.0), "carts");
        assert_eq!(hit("carts_cpu", 4.0), "front");
        assert_eq!(hit("scrape_duration_seconds{job=\"carts\"}", 6.0), "carts");
        assert_eq!(hit("up{job=\"carts\"}", -6.0), "carts");
        assert_eq!(hit("up{job=\"carts\"}", 6.0), "front");
        assert_eq!(hit("queue_length{job=\"carts\"}", 6.0), "carts");
        assert_eq!(hit("request_duration_seconds{job=\"carts\"}", 6.0), "front");
    }

    #[test]
    fn a_hole_is_not_the_value_after_it_while_a_service_is_gone() {
        let least_of_cpu = |up: &[f64]| {
            let run = series(&[("carts_cpu", &[9.0, GONE, GONE, 9.0]), ("up{service=\"carts\"}", up)]);
            let signature = observe(&run, None).unwrap().signature;
            signature.chunks(Role::ALL.len()).map(|point| point[Role::Cpu as usize]).fold(f64::INFINITY, f64::min)
        };
        assert_eq!(least_of_cpu(&[0.0, -9.0, -9.0, 0.0]), 0.0);
        assert_eq!(least_of_cpu(&[0.0; 4]), 10.0f64.ln());
    }

    #[test]
    fn latency_counts_a_quarter() {
        let all = |name: &str| observe(&series(&[(name, &[9.0; 4])]), None).unwrap().signature.iter().sum::<f64>();
        assert!((all("carts_cpu") - 4.0 * all("carts_latency")).abs() < 1e-9);
    }
}
