//! One fused score per metric, from how far it moved, how much, and who moved with it.

use names::Role;
use std::collections::BTreeMap;

/// Weights of the score; one set of defaults for all data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Weight of the relative size of the change.
    pub size: f64,
    /// Weight of the second kind of metric that moved in the same service.
    pub support: f64,
    /// Discount of a component that is only a caller's view of another.
    pub caller: f64,
    /// Credit of a saturation above the threshold of causes.
    pub saturation: f64,
    /// Discount of a driver behind the service's other metrics.
    pub driver: f64,
    /// Deviation above which a cause goes before the symptoms of its service.
    pub cause: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self { size: 1.0, support: 1.0, caller: 2.0, saturation: 1.0, driver: 1.0, cause: 5.0 }
    }
}

/// Relative change beyond which more does not count: a hundred times what it is relative to. What was never
/// anything but 0 has no relative change, and counts as this.
const SIZE_CAP: f64 = 100.0;

/// What the score needs to know of a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    /// Number of its service; metrics without one stand alone.
    pub service: Option<usize>,
    /// Number of its kind.
    pub kind: usize,
    /// Number of its family: series that differ only in what lies below the service (route, method).
    pub family: usize,
    /// Cause, saturation, symptom, driver or other.
    pub role: Role,
    /// Harmful deviation, not negative.
    pub harm: f64,
    /// Harmful change relative to the steady median.
    pub size: f64,
    /// True for a caller's view.
    pub caller: bool,
    /// Share of the steady rows that hold the metric.
    pub seen: f64,
}

/// The parts of a metric's score: `score = service + place`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parts {
    /// `ln(1 + harm)`.
    pub deviation: f64,
    /// `w · ln(1 + min(size, 100))`: with w = 1 the logarithm of how many times its steady size a metric that rose has now.
    pub size: f64,
    /// Discount of a caller's view, or 0.
    pub side: f64,
    /// `ln(seen)`: what was seen in few steady rows is not known well, at least ln 0.001.
    pub seen: f64,
    /// Credit of a saturated resource, or 0.
    pub saturation: f64,
    /// Credit for the second kind of metric that moved in its service.
    pub support: f64,
    /// Strength of its service: the largest mean over a family of `deviation + size + side + seen +
    /// saturation`, plus support.
    pub service: f64,
    /// Distance behind the service's first metric, at most 0.
    pub place: f64,
    /// The score.
    pub score: f64,
}

impl Parts {
    fn strength(&self) -> f64 {
        self.deviation + self.size + self.side + self.seen + self.saturation
    }

    fn depth(&self) -> f64 {
        self.deviation + self.saturation
    }
}

/// Scores all metrics of a comparison.
///
/// Services are compared by deviation and relative size together; within a service, metrics are
/// compared by deviation (and saturation) alone, but the strongest cause above the threshold goes to the front.
/// Series of one family (the routes of a latency) count by their mean: a service that is slow itself is so
/// on all its routes, its caller only on some. Drivers (load) neither make a service suspect nor support one, and stand behind its other
/// metrics; standing alone they score at most 0. Cost: O(n log n).
pub fn fuse(items: &[Item], weights: &Weights) -> Vec<Parts> {
    let mut parts: Vec<Parts> = items.iter().map(|item| own_parts(item, weights)).collect();
    let mut groups: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (i, item) in items.iter().enumerate() {
        groups.entry(item.service.map_or((1, i), |s| (0, s))).or_default().push(i);
    }
    for members in groups.values() {
        fuse_group(items, members, weights, &mut parts);
    }
    parts
}

fn own_parts(item: &Item, weights: &Weights) -> Parts {
    Parts {
        deviation: item.harm.ln_1p(),
        size: weights.size * item.size.min(SIZE_CAP).ln_1p(),
        side: if item.caller { -weights.caller } else { 0.0 },
        seen: item.seen.clamp(0.001, 1.0).ln(),
        saturation: if item.role == Role::Saturation && item.harm > weights.cause { weights.saturation } else { 0.0 },
        ..Parts::default()
    }
}

fn fuse_group(items: &[Item], members: &[usize], weights: &Weights, parts: &mut [Parts]) {
    let evidence: Vec<usize> = members.iter().copied().filter(|i| items[*i].role != Role::Driver).collect();
    let (evidence, most) = match evidence.is_empty() {
        true => (members.to_vec(), 0.0),
        false => (evidence, f64::INFINITY),
    };
    let strengths = strengths(items, &evidence, parts);
    let support = weights.support * strengths.get(1).copied().unwrap_or(0.0).max(0.0);
    let service = (strengths.first().copied().unwrap_or(0.0) + support).min(most);
    let places = places(items, members, &evidence, weights, parts);
    for (&i, place) in members.iter().zip(places) {
        parts[i].support = support;
        parts[i].service = service;
        parts[i].place = place;
        parts[i].score = service + place;
    }
}

/// Strength of each kind of metric in a service, strongest first: the largest of its families', and a
/// family's is the mean of its members.
fn strengths(items: &[Item], evidence: &[usize], parts: &[Parts]) -> Vec<f64> {
    let mut families: BTreeMap<(usize, usize), (f64, f64)> = BTreeMap::new();
    for &i in evidence {
        let (sum, n) = families.entry((items[i].kind, items[i].family)).or_default();
        *sum += parts[i].strength();
        *n += 1.0;
    }
    let mut kinds: BTreeMap<usize, f64> = BTreeMap::new();
    for ((kind, _), (sum, n)) in families {
        let strength = kinds.entry(kind).or_insert(f64::NEG_INFINITY);
        *strength = strength.max(sum / n);
    }
    let mut strengths: Vec<f64> = kinds.into_values().collect();
    strengths.sort_by(|a, b| b.total_cmp(a));
    strengths
}

fn is_cause(role: Role) -> bool {
    matches!(role, Role::Cause | Role::Saturation)
}

/// Distance of each member behind the first of its service.
fn places(items: &[Item], members: &[usize], evidence: &[usize], weights: &Weights, parts: &[Parts]) -> Vec<f64> {
    let most = |a: &usize, b: &usize| parts[*a].depth().total_cmp(&parts[*b].depth()).then(b.cmp(a));
    let first = evidence.iter().copied().max_by(most).map_or(0.0, |i| parts[i].depth());
    let cause =
        evidence.iter().copied().filter(|i| is_cause(items[*i].role) && items[*i].harm > weights.cause).max_by(most);
    let behind = if cause.is_some_and(|i| parts[i].depth() < first) { 1e-6 } else { 0.0 };
    members
        .iter()
        .map(|&i| {
            if Some(i) == cause {
                return 0.0;
            }
            let late =
                if items[i].role == Role::Driver && evidence.len() < members.len() { weights.driver } else { 0.0 };
            0.0 - (first - parts[i].depth()).max(0.0) - late - behind
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(service: usize, kind: usize, role: Role, harm: f64, size: f64) -> Item {
        Item { service: Some(service), kind, family: kind, role, harm, size, caller: false, seen: 1.0 }
    }

    fn order(items: &[Item]) -> Vec<usize> {
        let parts = fuse(items, &Weights::default());
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by(|a, b| parts[*b].score.total_cmp(&parts[*a].score));
        order
    }

    #[test]
    fn a_cause_goes_before_the_symptoms_of_its_service() {
        let items = [
            item(0, 0, Role::Symptom, 90.0, 3.0),
            item(0, 1, Role::Cause, 6.0, 1.0),
            item(0, 2, Role::Cause, 4.0, 1.0),
        ];
        assert_eq!(order(&items), [1, 0, 2]);
    }

    #[test]
    fn services_are_compared_by_size_too() {
        let items = [item(0, 0, Role::Symptom, 30.0, 0.01), item(1, 0, Role::Symptom, 28.0, 20.0)];
        assert_eq!(order(&items), [1, 0]);
    }

    #[test]
    fn a_queue_that_grows_counts_more_than_another_cause() {
        let items = [
            item(0, 0, Role::Cause, 20.0, 1.0),
            item(1, 1, Role::Saturation, 16.0, 1.0),
            item(2, 1, Role::Saturation, 2.0, 1.0),
        ];
        assert_eq!(order(&items), [1, 0, 2]);
    }

    #[test]
    fn a_driver_makes_no_service_suspect() {
        let items = [
            item(0, 0, Role::Driver, 900.0, 9.0),
            item(0, 1, Role::Symptom, 1.0, 0.1),
            item(1, 1, Role::Symptom, 9.0, 0.5),
        ];
        assert_eq!(order(&items), [2, 1, 0]);
    }

    #[test]
    fn a_caller_slow_on_some_routes_stays_behind_a_service_slow_on_all() {
        let slow = |service, harm| item(service, 0, Role::Symptom, harm, 5.0);
        let items = [slow(0, 60.0), slow(0, 0.5), slow(0, 0.1), slow(1, 25.0), slow(1, 20.0)];
        assert_eq!(order(&items)[..2], [3, 4]);
    }

    #[test]
    fn a_second_kind_supports_and_a_second_metric_of_one_kind_does_not() {
        let items = [
            item(0, 0, Role::Symptom, 10.0, 1.0),
            item(0, 0, Role::Symptom, 10.0, 1.0),
            item(1, 0, Role::Symptom, 9.0, 1.0),
            item(1, 1, Role::Symptom, 9.0, 1.0),
        ];
        assert_eq!(order(&items)[0], 2);
        assert_eq!(fuse(&items, &Weights::default())[0].support, 0.0);
    }

    #[test]
    fn nothing_that_moved_scores_least_and_finitely() {
        let parts = fuse(
            &[item(0, 0, Role::Other, 0.0, 0.0), item(1, 0, Role::Other, 1e300, f64::INFINITY)],
            &Weights::default(),
        );
        assert!(parts.iter().all(|p| p.score.is_finite()) && parts[0].score < parts[1].score);
        assert!(fuse(&[], &Weights::default()).is_empty());
    }
}
