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
    let items =
        [item(0, 0, Role::Symptom, 90.0, 3.0), item(0, 1, Role::Cause, 6.0, 1.0), item(0, 2, Role::Cause, 4.0, 1.0)];
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
