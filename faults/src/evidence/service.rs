//! Which service a fault hit, and what was to be seen of it.

use std::collections::{BTreeMap, BTreeSet};

use names::Catalogue;

use super::place::Placed;
use super::role::Role;
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
    /// The kind of the metric that changed most for the worse: `saturation`, `latency`, ….
    pub first_kind: String,
    /// See [`signature`].
    pub signature: Vec<f64>,
}

/// What is known of a run beforehand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The service that was hit; nothing when it is to be found.
    pub service: Option<&'a str>,
    /// The kind of the metric that changed most for the worse, as `rank` has it.
    pub first_kind: Option<&'a str>,
    /// Whether all series are those of the service, whatever their names say.
    pub alone: bool,
}

/// What was seen of a service: for each role, of the series that play it, the one that moved most
/// for the worse, as its level and its values, both with harm upwards.
type Parts = [Option<(f64, Vec<f64>)>; Role::ALL.len()];

/// Reduces a run, in units of its steady state, to the service that was hit. Nothing where no series of it
/// says anything of a fault.
pub fn observe(run: &[Series], known: Known<'_>, catalogue: &Catalogue) -> Option<Observed> {
    let services = services(run, known.service.filter(|_| known.alone), catalogue);
    let (name, parts) = match known.service {
        Some(name) => services.get_key_value(name),
        None => hit(&services),
    }?;
    let one = |role: &Role| {
        let values = parts[*role as usize].as_ref().map_or(&[][..], |(_, values)| values);
        (values, if role.is_handed_on() { HANDED_ON } else { 1.0 })
    };
    let series: Vec<(&[f64], f64)> = Role::ALL.iter().map(one).collect();
    let first_kind = known.first_kind.unwrap_or_else(|| first_kind(parts)).to_string();
    Some(Observed { service: name.clone(), first_kind, signature: signature(&series) })
}

/// The series of one service.
pub fn of_service<'a>(run: &'a [Series], service: &str, catalogue: &Catalogue) -> Vec<&'a Series> {
    let placed = Placed::new(run, None, catalogue);
    placed.iter().filter(|(own, ..)| *own == service).map(|(_, _, series)| series).collect()
}

/// The services that a run has series of.
pub fn services_of(run: &[Series], catalogue: &Catalogue) -> BTreeSet<String> {
    Placed::new(run, None, catalogue).iter().map(|(service, ..)| service.to_string()).collect()
}

fn services(run: &[Series], owner: Option<&str>, catalogue: &Catalogue) -> BTreeMap<String, Parts> {
    let mut services: BTreeMap<String, Parts> = BTreeMap::new();
    for (service, place, series) in Placed::new(run, owner, catalogue).iter() {
        let Some(role) = place.role else { continue };
        let values: Vec<f64> = series.values.iter().map(|x| f64::from(place.harm) * x).collect();
        let Some(level) = level(&values) else { continue };
        let best = &mut services.entry(service.to_string()).or_default()[role as usize];
        if best.as_ref().is_none_or(|b| level > b.0) {
            *best = Some((level, values));
        }
    }
    services.values_mut().for_each(forget_while_gone);
    services
}

/// The kind that `rank` would put first: what is gone, then what waits, then a resource, where it moved by
/// more than [`CAUSE`]; else whatever moved most.
fn first_kind(parts: &Parts) -> &'static str {
    let level = |role: Role| parts[role as usize].as_ref().map_or(f64::NEG_INFINITY, |part| part.0);
    let strongest = |of: &[Role]| of.iter().copied().rev().max_by(|&a, &b| level(a).total_cmp(&level(b)));
    let causes = [&[Role::Presence][..], &[Role::Saturation], &[Role::Cpu, Role::Memory]];
    let cause = causes.into_iter().filter_map(strongest).find(|&role| level(role) > CAUSE);
    cause.or_else(|| strongest(&Role::ALL)).map_or("", Role::kind)
}

/// Of what was gone nothing is known but that: its gaps do not take the value after them.
fn forget_while_gone(parts: &mut Parts) {
    let Some((_, gone)) = parts[Role::Presence as usize].clone() else { return };
    for (_, values) in parts.iter_mut().flatten() {
        let gaps = values.iter_mut().zip(&gone).filter(|(value, gone)| value.is_nan() && **gone > 0.0);
        gaps.for_each(|(value, _)| *value = 0.0);
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

    fn seen(run: &[Series]) -> Observed {
        observe(run, Known::default(), &Catalogue::default()).unwrap()
    }

    #[test]
    fn a_cause_goes_before_the_symptoms_of_its_callers() {
        let hit = |name: &str, z: f64| {
            let run = series(&[("http_request_duration_seconds{job=\"front\"}", &[900.0; 4]), (name, &[z; 4])]);
            seen(&run).service
        };
        assert_eq!(hit("process_cpu_seconds_total{job=\"carts\"}", 6.0), "carts");
        assert_eq!(hit("process_cpu_seconds_total{job=\"carts\"}", 4.0), "front");
        assert_eq!(hit("scrape_duration_seconds{job=\"carts\"}", 6.0), "carts");
        assert_eq!(hit("up{job=\"carts\"}", -6.0), "carts");
        assert_eq!(hit("up{job=\"carts\"}", 6.0), "front");
        assert_eq!(hit("queue_length{job=\"carts\"}", 6.0), "carts");
        assert_eq!(hit("request_duration_seconds{job=\"carts\"}", 6.0), "front");
    }

    #[test]
    fn a_gap_is_not_the_value_after_it_while_a_service_is_gone() {
        let least_of_cpu = |up: &[f64]| {
            let run = series(&[("carts_cpu", &[9.0, GONE, GONE, 9.0]), ("carts_up", up)]);
            let signature = seen(&run).signature;
            signature.chunks(Role::ALL.len()).map(|point| point[Role::Cpu as usize]).fold(f64::INFINITY, f64::min)
        };
        assert_eq!(least_of_cpu(&[0.0, -9.0, -9.0, 0.0]), 0.0);
        assert_eq!(least_of_cpu(&[0.0; 4]), 10.0f64.ln());
    }

    #[test]
    fn latency_counts_a_quarter() {
        let all = |name: &str| seen(&series(&[(name, &[9.0; 4])])).signature.iter().sum::<f64>();
        assert!((all("carts_cpu") - 4.0 * all("carts_latency")).abs() < 1e-9);
    }

    #[test]
    fn the_first_kind_is_that_of_a_cause() {
        let kind = |run: &[(&str, &[f64])]| seen(&series(run)).first_kind;
        assert_eq!(kind(&[("carts_latency", &[900.0; 4]), ("carts_queue_length", &[6.0; 4])]), "saturation");
        assert_eq!(
            kind(&[("carts_latency", &[900.0; 4]), ("carts_cpu", &[6.0; 4]), ("carts_mem", &[9.0; 4])]),
            "memory"
        );
        assert_eq!(kind(&[("carts_latency", &[900.0; 4]), ("carts_cpu", &[4.0; 4])]), "latency");
        assert_eq!(kind(&[("carts_queue_length", &[900.0; 4]), ("carts_up", &[-6.0; 4])]), "presence");
    }

    #[test]
    fn what_is_known_goes_before_what_is_found() {
        let run = series(&[("carts_cpu", &[9.0; 4]), ("front_cpu", &[99.0; 4])]);
        let known = Known { service: Some("carts"), first_kind: Some("errors"), alone: false };
        let found = observe(&run, known, &Catalogue::default()).unwrap();
        assert_eq!((&found.service[..], &found.first_kind[..]), ("carts", "errors"));
        let alone = observe(&run, Known { alone: true, ..known }, &Catalogue::default()).unwrap();
        assert_ne!(alone.signature, found.signature);
    }
}
