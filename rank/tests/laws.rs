//! What must hold for any samples.

use names::{Harm, Role, Word, Words};
use proptest::collection::vec;
use proptest::prelude::*;
use rank::change::{Nature, compare, deviation};
use rank::measure::{Run, measure};
use rank::scale::growth::{Ideal, growth, levels};
use rank::scale::line::theil_sen;
use rank::scale::usl::{Fit, throughput};
use rank::score::{Item, Strength};
use stats::Sample;

fn values() -> impl Strategy<Value = Vec<f64>> {
    vec(prop_oneof![4 => -1e3..1e3, 1 => (-3i32..3).prop_map(f64::from), 1 => Just(f64::NAN)], 0..40)
}

fn finite() -> impl Strategy<Value = Vec<f64>> {
    vec(prop_oneof![3 => -1e3..1e3, 2 => (-3i32..3).prop_map(f64::from)], 1..40)
}

/// Any bits at all.
fn wild() -> impl Strategy<Value = Vec<f64>> {
    vec(any::<u64>().prop_map(f64::from_bits), 0..20)
}

fn fuse(items: &[Item]) -> Vec<Strength> {
    rank::score::fuse(items.len(), |at| items.get(at).copied())
}

fn word(number: usize) -> Word {
    let mut words = Words::default();
    (0..number).for_each(|n| _ = words.add(&n.to_string()));
    words.add("last")
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Cause), Just(Role::Symptom), Just(Role::Driver), Just(Role::Other)]
}

const UP: Nature = Nature::plain(Harm::Up);
const BOTH: Nature = Nature::plain(Harm::Both);

fn items() -> impl Strategy<Value = Vec<Item>> {
    let service = (prop::option::of(0..4usize), 0..5usize, 0..7usize, prop::option::of(0..4usize), role());
    let used = prop::option::of((0.0..1.0, 0.0..1.0));
    let change = (
        prop::array::uniform2(any::<bool>()),
        0.0..1e4,
        0.0..100.0,
        0.0..1e6,
        used,
        any::<bool>(),
        (0.0..1.0, 0.0..1.0),
    );
    type Service = (Option<usize>, usize, usize, Option<usize>, Role);
    type Change = ([bool; 2], f64, f64, f64, Option<(f64, f64)>, bool, (f64, f64));
    let make = |((service, kind, name, family, role), ([sure, chance], harm, size, bad, used, caller, seen)): (
        Service,
        Change,
    )| {
        let family = family.map(|f: usize| word(10 * Option::unwrap_or(service, 9) + f));
        let (service, kind, name) = (service.map(word), word(kind), word(name));
        Item { service, kind, name, family, role, sure, chance, harm, size, bad, used, gone: false, caller, seen }
    };
    vec((service, change).prop_map(make), 0..30)
}

proptest! {
    #[test]
    fn deviations_do_not_depend_on_the_unit(a in finite(), b in finite(), power in -20i32..20) {
        let unit = 2f64.powi(power);
        let scaled = |v: &[f64]| Sample::new(&v.iter().map(|x| x * unit).collect::<Vec<_>>());
        let plain = deviation(&Sample::new(&a), &Sample::new(&b), Harm::Up).unwrap();
        let other = deviation(&scaled(&a), &scaled(&b), Harm::Up).unwrap();
        prop_assert!((plain.z - other.z).abs() <= 1e-9 * plain.z.abs().max(1.0));
    }

    #[test]
    fn negated_metrics_do_the_opposite_harm(a in finite(), b in finite()) {
        let negated = |v: &[f64]| Sample::new(&v.iter().map(|x| -x).collect::<Vec<_>>());
        let up = deviation(&Sample::new(&a), &Sample::new(&b), Harm::Up).unwrap();
        let down = deviation(&negated(&a), &negated(&b), Harm::Down).unwrap();
        prop_assert!((up.harm - down.harm).abs() <= 1e-6 * up.harm.max(1.0));
    }

    #[test]
    fn a_state_does_not_differ_from_itself(a in finite()) {
        let c = compare(&Sample::new(&a), &Sample::new(&a), Harm::Both);
        prop_assert_eq!((c.pct_diff, c.pct_change.unwrap_or(0.0)), (Some(0.0), 0.0));
    }

    #[test]
    fn symmetric_differences_stay_within_two_hundred(a in values(), b in values()) {
        if let Some(diff) = compare(&Sample::new(&a), &Sample::new(&b), Harm::Up).pct_diff {
            prop_assert!(diff.abs() <= 200.0 + 1e-9);
        }
    }

    #[test]
    fn gaps_change_nothing_but_their_count(a in finite(), b in finite(), gaps in 0usize..5) {
        let times: Vec<i64> = (0..(b.len() + gaps) as i64).collect();
        let mut gapped = b.clone();
        gapped.extend(vec![f64::NAN; gaps]);
        let plain = measure(&[&a], &[Run { values: &b, times_ms: &times }], UP).found;
        let other = measure(&[&a], &[Run { values: &gapped, times_ms: &times }], UP).found;
        prop_assert_eq!((plain.z, plain.p, plain.onset), (other.z, other.p, other.onset));
        prop_assert_eq!(other.missing_overload.get().unwrap(), gaps as f64 / gapped.len() as f64);
    }

    #[test]
    fn no_input_makes_a_number_that_is_none(a in wild(), b in wild()) {
        let times: Vec<i64> = (0..b.len() as i64).collect();
        let m = measure(&[&a], &[Run { values: &b, times_ms: &times }], BOTH).found;
        prop_assert!(!m.harm.is_nan() && !m.size.is_nan());
        let both = [&a, &b].into_iter().all(|side| side.iter().any(|v| v.is_finite()));
        for number in [m.z, m.effect, m.p, m.pct_diff] {
            prop_assert_eq!(number.get().is_some(), both);
        }
    }

    #[test]
    fn scores_do_not_depend_on_the_order_of_metrics(items in items()) {
        let forward = fuse(&items);
        let reversed: Vec<Item> = items.iter().rev().copied().collect();
        let mut backward = fuse(&reversed);
        backward.reverse();
        for (i, (a, b)) in forward.iter().zip(&backward).enumerate() {
            let tied = items.iter().enumerate().any(|(j, other)| j != i && other.harm == items[i].harm);
            prop_assert!(tied || (a.score - b.score).abs() < 1e-9);
        }
    }

    #[test]
    fn more_harm_never_lowers_a_metric(items in items(), at in any::<prop::sample::Index>()) {
        prop_assume!(!items.is_empty());
        let at = at.index(items.len());
        let mut worse = items.clone();
        worse[at].harm *= 2.0;
        prop_assert!(fuse(&worse)[at].score >= fuse(&items)[at].score - 1e-9);
    }

    #[test]
    fn suspects_stand_before_views_and_those_before_the_load(items in items()) {
        let parts = fuse(&items);
        for (item, part) in items.iter().zip(&parts) {
            let fits = match (item.role, item.caller) {
                (Role::Driver, _) => (-2.0..=-1.0).contains(&part.score),
                (_, true) => (-1.0..=0.0).contains(&part.score),
                _ => part.score >= 0.0,
            };
            prop_assert!(fits, "{item:?} {part:?}");
        }
    }

    #[test]
    fn scalability_laws_do_not_depend_on_the_unit(x in vec(1.0..100.0f64, 4..12), power in -20i32..20) {
        let fit = Fit::Relative;
        let load: Vec<f64> = (1..=x.len()).map(|n| (n * n) as f64).collect();
        let scaled: Vec<f64> = x.iter().map(|v| v * 2f64.powi(power)).collect();
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(b.abs());
        match (throughput(&load, &x, fit), throughput(&load, &scaled, fit)) {
            (None, None) => {}
            (Some(a), Some(b)) => {
                prop_assert!(close(a.lambda.value * 2f64.powi(power), b.lambda.value));
                prop_assert!(close(a.sigma.margin, b.sigma.margin) && close(a.kappa.margin, b.kappa.margin));
                prop_assert!((a.sigma.value - b.sigma.value).abs() <= 1e-6 * a.sigma.margin);
                prop_assert!((a.kappa.value - b.kappa.value).abs() <= 1e-6 * a.kappa.margin);
            }
            (a, b) => prop_assert!(false, "{a:?} {b:?}"),
        }
    }

    #[test]
    fn no_sweep_makes_a_number_that_is_none(load in wild(), value in wild()) {
        let points = levels(&load, &value);
        let found = growth(&points, 0.0, Ideal { exponent: Some(1.0), sign: 1.0 });
        let (slope, low, high) = found.elasticity.unwrap_or_default();
        let (at, before, after) = found.knee.unwrap_or_default();
        let (n, v): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        let law = throughput(&n, &v, Fit::Relative).map_or([0.0; 3], |u| [u.lambda.margin, u.sigma.margin, u.kappa.margin]);
        let peak = throughput(&n, &v, Fit::Relative).and_then(|u| u.peak).map_or([0.0; 3], |p| [p.at, p.low, p.high.unwrap_or(0.0)]);
        for v in [[slope, low, high], [at, before, after], law, peak].concat() {
            prop_assert!(v.is_finite(), "{v}");
        }
    }

    #[test]
    fn robust_lines_follow_the_scale_of_y(y in vec(-100.0..100.0f64, 3..15), power in -8i32..8) {
        let x: Vec<f64> = (0..y.len()).map(|i| i as f64).collect();
        let scaled: Vec<f64> = y.iter().map(|v| v * 2f64.powi(power)).collect();
        let (a, b) = (theil_sen(&x, &y).unwrap(), theil_sen(&x, &scaled).unwrap());
        prop_assert_eq!(a.slope * 2f64.powi(power), b.slope);
        prop_assert!(a.interval.0 <= a.slope && a.slope <= a.interval.1);
    }
}
