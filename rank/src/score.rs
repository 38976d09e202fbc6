//! One score per metric: how strong its own change is, and what else changed in its service.

use names::Role;

use crate::change::SIZE_CAP;
use std::collections::{BTreeMap, HashMap};

/// Deviation above which a cause goes before the symptoms of its service.
const CAUSE: f64 = 5.0;

/// Relative change, or change of the share of a limit, below which nothing is the matter, whatever the deviation, unless the
/// limit is near.
const GROWN: f64 = 0.05;

/// Share of its limit in use above which a resource is near it.
const NEAR: f64 = 0.9;

/// What a second kind of metric counts beside the first: half.
const SECOND: f64 = 0.5;

/// Least share that is told apart: of a change beside the largest of its metric, or of rows with a value.
const LEAST: f64 = 0.001;

/// What the score needs to know of a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    /// Number of its service; metrics without one stand alone.
    pub service: Option<usize>,
    /// Number of its kind.
    pub kind: usize,
    /// Number of its own name, without the service: the same metric of several services.
    pub name: usize,
    /// Number of its family where series differ only in what lies below the service (the routes of a latency).
    pub family: Option<usize>,
    /// Cause, saturation, symptom, driver or other.
    pub role: Role,
    /// True where its change is no chance.
    pub sure: bool,
    /// Harmful deviation, not negative.
    pub harm: f64,
    /// Harmful change relative to the steady state.
    pub size: f64,
    /// Harmful change in the metric's own unit.
    pub bad: f64,
    /// Share of its limit in use in steady state and in the overload, where a limit is known.
    pub used: Option<(f64, f64)>,
    /// True for a flag of presence that is lost most of the time, or a service that is gone.
    pub gone: bool,
    /// True for a caller's view of another service.
    pub caller: bool,
    /// Share of the steady rows, and of the overload's rows, that hold the metric.
    pub seen: (f64, f64),
}

/// The parts of a metric's score.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parts {
    /// `ln(1 + harm)`.
    pub deviation: f64,
    /// `ln(1 + min(size, 100))`: the logarithm of how many times its steady size a metric that rose has now.
    pub size: f64,
    /// `ln(bad / the largest bad of the same metric)`: which service takes most of a resource.
    pub share: f64,
    /// `ln(seen)` of both sides: what was seen in few rows is not known well.
    pub seen: f64,
    /// Strength of the metric: the sum of these, at least 0; of a latency the mean over its family.
    pub own: f64,
    /// Credit for another kind that changed in its service: half the strongest, at most half of `own`.
    pub support: f64,
    /// The score.
    pub score: f64,
}

/// The largest change for the worse of each metric that services take: what [`fuse_group`] needs to know of all.
#[derive(Debug, Clone, Default)]
pub struct Most(HashMap<usize, f64>);

impl Most {
    /// Looks at one more metric by the number of its name, where [`is_taken`] is true of it.
    pub fn add(&mut self, name: usize, bad: f64) {
        let largest = self.0.entry(name).or_default();
        *largest = largest.max(bad);
    }

    fn share(&self, item: &Item) -> f64 {
        if is_taken(item.role, item.bad) { (item.bad / self.0[&item.name]).max(LEAST).ln() } else { 0.0 }
    }
}

/// Scores all metrics of a comparison.
///
/// A metric's own strength is `deviation + size + share + seen`, and 0 where it did not change for the worse.
/// `share` holds for what one service takes and another does not (cpu, memory, queues), not for symptoms,
/// which callers inherit. Latencies of one family (routes, methods) count by their mean: a service that is
/// slow itself is so on all its routes, its caller only on some. The strongest metric of another kind in the
/// same service counts half, at most half the metric's own strength; what is gone has taken its witnesses
/// with it, and counts as if they agreed. The strongest cause of a service
/// (see [`ran_out`]) goes before all else of that service, one whose change is no chance before one whose change may be.
/// Callers' views stand behind all of that (−1 … 0), load and its outcome behind those (−2 … −1).
/// Cost: O(n log n).
pub fn fuse(items: &[Item]) -> Vec<Parts> {
    let (mut most, mut groups): (Most, BTreeMap<(usize, usize), Vec<usize>>) = Default::default();
    for (i, item) in items.iter().enumerate() {
        if is_taken(item.role, item.bad) {
            most.add(item.name, item.bad);
        }
        groups.entry(item.service.map_or((1, i), |s| (0, s))).or_default().push(i);
    }
    let mut parts = vec![Parts::default(); items.len()];
    for members in groups.values() {
        let group: Vec<Item> = members.iter().map(|i| items[*i]).collect();
        for (i, part) in members.iter().zip(fuse_group(&group, &most)) {
            parts[*i] = part;
        }
    }
    parts
}

/// Scores the metrics of one service, or one metric without a service, as [`fuse`] does. `most` has looked at the
/// metrics of all services.
pub fn fuse_group(items: &[Item], most: &Most) -> Vec<Parts> {
    let own = |item: &Item| {
        let part = Parts { share: most.share(item), ..own_parts(item.harm, item.size, item.seen) };
        let own =
            if part.deviation > 0.0 { (part.deviation + part.size + part.share + part.seen).max(0.0) } else { 0.0 };
        Parts { own, ..part }
    };
    let mut parts: Vec<Parts> = items.iter().map(own).collect();
    credit(items, &mut parts);
    for (item, part) in items.iter().zip(&mut parts) {
        let behind = -1.0 / (1.0 + part.own);
        match (item.role, item.caller) {
            (Role::Driver, _) => part.score = behind - 1.0,
            (_, true) => part.score = behind,
            _ => {}
        }
    }
    parts
}

/// The parts that a metric has by itself, of what an [`Item`] has of it.
pub fn own_parts(harm: f64, size: f64, seen: (f64, f64)) -> Parts {
    let seen = seen.0.clamp(LEAST, 1.0).ln() + seen.1.clamp(LEAST, 1.0).ln();
    Parts { deviation: harm.ln_1p(), size: size.min(SIZE_CAP).ln_1p(), seen, ..Parts::default() }
}

/// True for what a service takes itself, so that it can be compared between services in its own unit.
pub fn is_taken(role: Role, bad: f64) -> bool {
    !matches!(role, Role::Symptom | Role::Driver) && bad > 0.0
}

fn is_suspect(item: &Item) -> bool {
    item.role != Role::Driver && !item.caller
}

/// What the metrics of a service say for each other, and its cause.
fn credit(items: &[Item], parts: &mut [Parts]) {
    let own: Vec<f64> = parts.iter().map(|part| part.own).collect();
    let suspects: Vec<usize> = (0..items.len()).filter(|i| is_suspect(&items[*i])).collect();
    average_families(items, &suspects, &own, parts);
    let kinds = strongest_of_each_kind(items, &suspects, parts);
    for &i in &suspects {
        let other = kinds.iter().find(|(kind, _)| *kind != items[i].kind).map_or(0.0, |(_, strength)| *strength);
        parts[i].support = SECOND * if items[i].gone { parts[i].own } else { other.min(parts[i].own) };
        // Within a family the stronger goes first.
        parts[i].score = parts[i].own + parts[i].support + 1e-4 * own[i];
    }
    if let Some(cause) = strongest_cause(items, &suspects, parts) {
        let top = suspects.iter().map(|i| parts[*i].score).fold(f64::NEG_INFINITY, f64::max);
        if parts[cause].score < top {
            parts[cause].score = top + 1e-6;
        }
    }
}

fn average_families(items: &[Item], suspects: &[usize], own: &[f64], parts: &mut [Parts]) {
    let mut families: HashMap<usize, (f64, f64)> = HashMap::new();
    for (i, family) in suspects.iter().filter_map(|&i| items[i].family.map(|f| (i, f))) {
        let (sum, n) = families.entry(family).or_default();
        *sum += own[i];
        *n += 1.0;
    }
    for (i, family) in suspects.iter().filter_map(|&i| items[i].family.map(|f| (i, f))) {
        let (sum, n) = families[&family];
        parts[i].own = if own[i] > 0.0 { sum / n } else { 0.0 };
    }
}

/// The largest strength of each kind, strongest first; ties by kind.
fn strongest_of_each_kind(items: &[Item], suspects: &[usize], parts: &[Parts]) -> Vec<(usize, f64)> {
    let mut kinds: BTreeMap<usize, f64> = BTreeMap::new();
    for &i in suspects {
        let strength = kinds.entry(items[i].kind).or_default();
        *strength = strength.max(parts[i].own);
    }
    let mut kinds: Vec<(usize, f64)> = kinds.into_iter().collect();
    kinds.sort_by(|a, b| b.1.total_cmp(&a.1));
    kinds
}

fn strongest_cause(items: &[Item], suspects: &[usize], parts: &[Parts]) -> Option<usize> {
    let causes = suspects.iter().copied().filter(|&i| {
        let Item { role, harm, size, used, .. } = items[i];
        ran_out(role, harm, size, used)
    });
    causes.max_by(|a, b| {
        let sure = items[*a].sure.cmp(&items[*b].sure);
        sure.then(parts[*a].deviation.total_cmp(&parts[*b].deviation)).then(b.cmp(a))
    })
}

/// True for a resource that may have run out: it deviates clearly, and grew enough to matter; or it grew until it came near
/// its limit, however far it strayed before: what has a limit cannot deviate further.
pub fn ran_out(role: Role, harm: f64, size: f64, used: Option<(f64, f64)>) -> bool {
    let came_near = used.is_some_and(|(before, now)| before < NEAR && now >= NEAR);
    is_resource(role) && grew(role, size, used) && (harm > CAUSE || came_near && size >= GROWN)
}

/// True for a change that is large enough to matter: by a twentieth, and of a resource with a limit by a twentieth of that
/// or until it is near it.
pub fn grew(role: Role, size: f64, used: Option<(f64, f64)>) -> bool {
    match used.filter(|_| is_resource(role)) {
        Some((before, now)) => now >= NEAR || size >= GROWN && now - before >= GROWN,
        None => size >= GROWN,
    }
}

fn is_resource(role: Role) -> bool {
    matches!(role, Role::Cause | Role::Saturation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(service: usize, kind: usize, role: Role, harm: f64, size: f64) -> Item {
        Item {
            service: Some(service),
            kind,
            name: 1000 + service,
            family: None,
            role,
            sure: true,
            harm,
            size,
            bad: harm,
            used: None,
            gone: false,
            caller: false,
            seen: (1.0, 1.0),
        }
    }

    fn order(items: &[Item]) -> Vec<usize> {
        let parts = fuse(items);
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
    fn memory_that_hardly_grew_is_no_cause_unless_it_is_near_its_limit() {
        let memory = item(0, 1, Role::Cause, 50.0, 0.01);
        let slow = item(0, 0, Role::Symptom, 90.0, 3.0);
        assert_eq!(order(&[slow, memory]), [0, 1]);
        assert_eq!(order(&[slow, Item { used: Some((0.96, 0.97)), ..memory }]), [1, 0]);
    }

    #[test]
    fn what_came_near_its_limit_is_a_cause_however_far_it_strayed_before() {
        // Between nothing and all of it, three quarters of the steady spread are left to deviate by.
        let workers = item(0, 1, Role::Saturation, 0.7, 0.9);
        let slow = item(0, 0, Role::Symptom, 90.0, 3.0);
        let filled = |before, now| order(&[slow, Item { used: Some((before, now)), ..workers }]);
        assert_eq!((filled(0.35, 1.0), filled(0.35, 0.8), filled(0.95, 1.0)), (vec![1, 0], vec![0, 1], vec![0, 1]));
    }

    #[test]
    fn a_resource_with_a_limit_grows_by_a_share_of_that() {
        let handles = |before, now| grew(Role::Saturation, 9.0, Some((before, now)));
        assert_eq!((handles(0.001, 0.01), handles(0.01, 0.1), handles(0.9, 0.91)), (false, true, true));
        // Of requests that fail a hundredth is much.
        assert!(grew(Role::Symptom, 9.0, Some((0.001, 0.01))) && !grew(Role::Symptom, 0.04, None));
    }

    #[test]
    fn of_two_causes_the_one_that_may_be_chance_stays_behind() {
        let drifting = Item { sure: false, ..item(0, 1, Role::Cause, 160.0, 0.4) };
        let busy = item(0, 2, Role::Cause, 60.0, 30.0);
        assert_eq!(order(&[drifting, busy]), [1, 0]);
        assert_eq!(order(&[drifting, Item { sure: false, ..busy }]), [0, 1]);
    }

    #[test]
    fn an_unchanged_metric_stands_behind_every_changed_one() {
        let items = [
            item(0, 0, Role::Symptom, 90.0, 3.0),
            item(0, 1, Role::Symptom, 0.0, 0.0),
            item(1, 0, Role::Symptom, 1.0, 0.1),
        ];
        assert_eq!(order(&items), [0, 2, 1]);
    }

    #[test]
    fn services_are_compared_by_size_too() {
        let items = [item(0, 0, Role::Symptom, 30.0, 0.01), item(1, 0, Role::Symptom, 28.0, 20.0)];
        assert_eq!(order(&items), [1, 0]);
    }

    #[test]
    fn of_one_resource_the_service_that_takes_most_goes_first() {
        let cpu = |service, size, bad| Item { name: 7, bad, ..item(service, 0, Role::Cause, 30.0, size) };
        assert_eq!(order(&[cpu(0, 90.0, 0.3), cpu(1, 20.0, 3.0)]), [1, 0]);
        let slow = |service, size, bad| Item { name: 7, bad, ..item(service, 0, Role::Symptom, 30.0, size) };
        assert_eq!(order(&[slow(0, 90.0, 0.3), slow(1, 20.0, 3.0)]), [0, 1]);
    }

    #[test]
    fn a_driver_makes_no_service_suspect_and_a_callers_view_stands_behind() {
        let items = [
            item(0, 0, Role::Driver, 900.0, 9.0),
            item(0, 1, Role::Symptom, 1.0, 0.1),
            Item { caller: true, ..item(1, 1, Role::Symptom, 99.0, 9.0) },
            item(2, 1, Role::Symptom, 9.0, 0.5),
        ];
        assert_eq!(order(&items), [3, 1, 2, 0]);
    }

    #[test]
    fn a_caller_slow_on_some_routes_stays_behind_a_service_slow_on_all() {
        let slow = |service: usize, harm| Item { family: Some(service), ..item(service, 0, Role::Symptom, harm, 5.0) };
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
        assert_eq!(fuse(&items)[0].support, 0.0);
    }

    #[test]
    fn what_is_gone_stands_before_the_callers_that_miss_it() {
        let gone = Item { gone: true, ..item(0, 0, Role::Saturation, 1000.0, f64::INFINITY) };
        let callers = [item(1, 1, Role::Saturation, 60.0, 100.0), item(1, 2, Role::Symptom, 60.0, f64::INFINITY)];
        assert_eq!(order(&[gone, callers[0], callers[1]])[0], 0);
    }

    #[test]
    fn what_was_seen_in_few_rows_of_either_side_counts_less() {
        let seen = |seen| Item { seen, ..item(0, 0, Role::Symptom, 10.0, 1.0) };
        let own = |i| fuse(&[i])[0].own;
        assert!(own(seen((0.2, 1.0))) < own(seen((1.0, 1.0))));
        assert_eq!(own(seen((0.2, 1.0))), own(seen((1.0, 0.2))));
    }

    #[test]
    fn nothing_that_moved_scores_least_and_finitely() {
        let parts = fuse(&[item(0, 0, Role::Other, 0.0, 0.0), item(1, 0, Role::Other, 1e300, f64::INFINITY)]);
        assert!(parts.iter().all(|p| p.score.is_finite()) && parts[0].score < parts[1].score);
        assert!(fuse(&[]).is_empty());
    }
}
