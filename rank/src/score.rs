//! One score per metric: how strong its own change is, and what else changed in its service.

use names::{Role, Word, WordMap};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::change::SIZE_CAP;
use crate::keyed::by_key;

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
    /// Its service; metrics without one stand alone.
    pub service: Option<Word>,
    /// Its kind.
    pub kind: Word,
    /// Its own name, without the service: the same metric of several services.
    pub name: Word,
    /// Its family where series differ only in what lies below the service (the routes of a latency).
    pub family: Option<Word>,
    /// Cause, saturation, symptom, driver or other.
    pub role: Role,
    /// True where its change is no chance.
    pub sure: bool,
    /// True where it is more likely chance than a change: it stands behind all that changed.
    pub chance: bool,
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

/// The parts of a metric's score that it has by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parts {
    /// `ln(1 + harm)`.
    pub deviation: f64,
    /// `ln(1 + min(size, 100))`: the logarithm of how many times its steady size a metric that rose has now.
    pub size: f64,
    /// `ln(seen)` of both sides: what was seen in few rows is not known well.
    pub seen: f64,
}

/// The parts of a metric's score that depend on other metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Strength {
    /// `ln(bad / the largest bad of the same metric)`: which service takes most of a resource.
    pub share: f64,
    /// Strength of the metric: the sum of its [`Parts`] and `share`, at least 0; of a latency the mean over its family.
    pub own: f64,
    /// Credit for another kind that changed in its service: half the strongest, at most half of `own`.
    pub support: f64,
    /// The score.
    pub score: f64,
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
/// What is more likely chance than a change counts as none.
/// Callers' views stand behind all of that (−1 … 0), load and its outcome behind those (−2 … −1).
///
/// `item` is asked for each metric from 0 to `count` a few times, by several threads; `None` for one that is not scored.
/// Cost: O(n), in the order of the metrics.
pub fn fuse(count: usize, item: impl Fn(usize) -> Option<Item> + Sync) -> Vec<Strength> {
    let all = || (0..count).into_par_iter();
    let taken = all().filter_map(&item).filter(Item::is_taken);
    let most: WordMap<f64> = by_key(taken.map(|item| (item.name, item.bad)), f64::max);
    let alone = |at| item(at).map_or_else(Default::default, |item| (item.alone(&most), Side::of(&item)));
    let (mut strengths, sides): (Vec<Strength>, Vec<Side>) = all().map(alone).unzip();

    let families = Families::of(
        sides.iter().zip(&strengths).filter_map(|(side, alone)| Some((side.family()?, side.sound(alone.own)))),
    );
    let of_change = sides.par_iter().zip(&strengths).enumerate().filter(|(_, (side, _))| !side.chance);
    let said = of_change.filter_map(|(at, (side, alone))| {
        let cause = |item: Item| Cause { sure: item.sure, deviation: item.harm.ln_1p(), at };
        let cause = side.ran_out.then(|| item(at).map(cause)).flatten();
        Some((side.service?, Group { first: (side.kind?, families.own(side, alone.own)), second: None, cause }))
    });
    let groups: WordMap<Group> = by_key(said, Group::and);

    let scored = strengths.par_iter_mut().zip(&sides).filter_map(|(strength, side)| {
        let group = side.service.and_then(|service| groups.get(&service));
        strength.complete(side, &families, group);
        Some((side.service.filter(|_| group.is_some_and(|group| group.cause.is_some()))?, strength.score))
    });
    let top: WordMap<f64> = by_key(scored, f64::max);
    for (service, top) in top {
        if let Some(cause) = groups.get(&service).and_then(|group| group.cause)
            && strengths[cause.at].score < top
        {
            strengths[cause.at].score = top + 1e-6;
        }
    }
    strengths
}

/// The parts that a metric has by itself, of what an [`Item`] has of it.
pub fn own_parts(harm: f64, size: f64, seen: (f64, f64)) -> Parts {
    let seen = seen.0.clamp(LEAST, 1.0).ln() + seen.1.clamp(LEAST, 1.0).ln();
    Parts { deviation: harm.ln_1p(), size: size.min(SIZE_CAP).ln_1p(), seen }
}

impl Item {
    fn is_taken(&self) -> bool {
        is_taken(self.role, self.bad) && !self.chance
    }

    /// Its share and its strength before anything else is known. `most` are the largest changes of each metric.
    fn alone(&self, most: &WordMap<f64>) -> Strength {
        let share = if self.is_taken() { (self.bad / most[&self.name]).max(LEAST).ln() } else { 0.0 };
        let part = || own_parts(self.harm, self.size, self.seen);
        let sum = |Parts { deviation, size, seen }| (deviation + size + share + seen).max(0.0);
        let own = if self.harm > 0.0 { sum(part()) } else { 0.0 };
        let behind = -1.0 / (1.0 + own);
        let score = match (self.role, self.caller) {
            (Role::Driver, _) => behind - 1.0,
            (_, true) => behind,
            _ => 0.0,
        };
        Strength { share, own, score, support: 0.0 }
    }
}

/// Whom a suspect stands beside, in a few bytes, for it is asked for each of millions. Of what is no suspect, nothing.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    kind: Option<Word>,
    service: Option<Word>,
    family: Option<Word>,
    gone: bool,
    chance: bool,
    ran_out: bool,
}

impl Side {
    fn of(item: &Item) -> Self {
        let &Item { kind, service, family, role, caller, gone, chance, harm, size, used, .. } = item;
        match role == Role::Driver || caller {
            true => Side::default(),
            false => Side { kind: Some(kind), service, family, gone, chance, ran_out: ran_out(role, harm, size, used) },
        }
    }

    /// What is left of a strength: nothing of what is more likely chance.
    fn sound(&self, alone: f64) -> f64 {
        if self.chance { 0.0 } else { alone }
    }

    /// Those with which it is averaged.
    fn family(&self) -> Option<(Word, Word)> {
        self.service.zip(self.family)
    }
}

impl Strength {
    /// Adds what the family and the group of a suspect say.
    fn complete(&mut self, side: &Side, families: &Families, group: Option<&Group>) {
        let (Some(kind), alone) = (side.kind, self.own) else { return };
        self.own = families.own(side, side.sound(alone));
        let other = group.map_or(0.0, |group| group.beside(kind));
        self.support = SECOND * if side.gone { self.own } else { other.min(self.own) };
        // Within a family, and of what is no change, the stronger goes first.
        self.score = self.own + self.support + 1e-4 * alone;
    }
}

/// Sum and number of the strengths of each family of a group. They are added in the order of the metrics, so that a sum is the
/// same to the bit however the metrics are divided among threads.
struct Families(FxHashMap<(Word, Word), (f64, f64)>);

impl Families {
    fn of(members: impl Iterator<Item = ((Word, Word), f64)>) -> Self {
        let mut all: FxHashMap<(Word, Word), (f64, f64)> = FxHashMap::default();
        for (family, own) in members {
            let (sum, count) = all.entry(family).or_default();
            (*sum, *count) = (*sum + own, *count + 1.0);
        }
        Families(all)
    }

    /// The strength of a suspect that has this one by itself.
    fn own(&self, side: &Side, alone: f64) -> f64 {
        match side.family().and_then(|family| self.0.get(&family)) {
            Some((sum, count)) if alone > 0.0 => sum / count,
            _ => alone,
        }
    }
}

/// What the suspects of a service say for each other.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// The kind of the strongest, with its strength.
    first: (Word, f64),
    /// The strongest of another kind.
    second: Option<(Word, f64)>,
    cause: Option<Cause>,
}

/// A resource that ran out: the strongest of a service is one whose change is no chance, then the one that deviates most, then
/// the first.
#[derive(Debug, Clone, Copy)]
struct Cause {
    sure: bool,
    deviation: f64,
    at: usize,
}

impl Group {
    fn and(self, other: Self) -> Self {
        let (most, less) = if self.first.1 < other.first.1 { (other, self) } else { (self, other) };
        let others = [most.second, Some(less.first), less.second].into_iter().flatten();
        let second = others.filter(|(kind, _)| *kind != most.first.0).max_by(|a, b| a.1.total_cmp(&b.1));
        let causes = self.cause.into_iter().chain(other.cause);
        let cause =
            causes.max_by(|a, b| a.sure.cmp(&b.sure).then(a.deviation.total_cmp(&b.deviation)).then(b.at.cmp(&a.at)));
        Group { first: most.first, second, cause }
    }

    /// The strength of the strongest of another kind.
    fn beside(&self, kind: Word) -> f64 {
        let second = || self.second.map_or(0.0, |(_, strength)| strength);
        if self.first.0 == kind { second() } else { self.first.1 }
    }
}

/// True for what a service takes itself, so that it can be compared between services in its own unit.
pub fn is_taken(role: Role, bad: f64) -> bool {
    !matches!(role, Role::Symptom | Role::Driver) && bad > 0.0
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
    use names::Words;

    fn word(number: usize) -> Word {
        let mut words = Words::default();
        (0..number).for_each(|n| _ = words.add(&n.to_string()));
        words.add("last")
    }

    fn item(service: usize, kind: usize, role: Role, harm: f64, size: f64) -> Item {
        Item {
            service: Some(word(service)),
            kind: word(kind),
            name: word(1000 + service),
            family: None,
            role,
            sure: true,
            chance: false,
            harm,
            size,
            bad: harm,
            used: None,
            gone: false,
            caller: false,
            seen: (1.0, 1.0),
        }
    }

    fn fuse(items: &[Item]) -> Vec<Strength> {
        super::fuse(items.len(), |at| items.get(at).copied())
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
    fn what_is_more_likely_chance_stands_behind_every_change_and_supports_nothing() {
        let chance = |strong: Item| Item { chance: true, ..strong };
        let burst = chance(item(0, 0, Role::Saturation, 900.0, 90.0));
        let items = [burst, chance(item(0, 1, Role::Cause, 30.0, 9.0)), item(0, 2, Role::Symptom, 0.5, 0.1)];
        assert_eq!(order(&items), [2, 0, 1]);
        assert_eq!(fuse(&items)[2].support, 0.0);
    }

    #[test]
    fn services_are_compared_by_size_too() {
        let items = [item(0, 0, Role::Symptom, 30.0, 0.01), item(1, 0, Role::Symptom, 28.0, 20.0)];
        assert_eq!(order(&items), [1, 0]);
    }

    #[test]
    fn of_one_resource_the_service_that_takes_most_goes_first() {
        let cpu = |service, size, bad| Item { name: word(7), bad, ..item(service, 0, Role::Cause, 30.0, size) };
        assert_eq!(order(&[cpu(0, 90.0, 0.3), cpu(1, 20.0, 3.0)]), [1, 0]);
        let slow = |service, size, bad| Item { name: word(7), bad, ..item(service, 0, Role::Symptom, 30.0, size) };
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
        let slow =
            |service: usize, harm| Item { family: Some(word(service)), ..item(service, 0, Role::Symptom, harm, 5.0) };
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
