//! What must hold for any samples.
#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::prelude::*;
use stats::{Sample, deviation, false_discovery, mann_whitney, quantile, sorted, spread};

fn finite() -> impl Strategy<Value = Vec<f64>> {
    vec(prop_oneof![3 => -1e3..1e3, 2 => (-3i32..3).prop_map(f64::from)], 1..40)
}

/// Any bits at all.
fn wild() -> impl Strategy<Value = Vec<f64>> {
    vec(any::<u64>().prop_map(f64::from_bits), 0..40)
}

proptest! {
    #[test]
    fn swapping_sides_mirrors_the_effect(a in finite(), b in finite()) {
        let (sa, sb) = (Sample::new(&a), Sample::new(&b));
        let worth = (sa.len() as f64, sb.len() as f64);
        let one = mann_whitney(sa.sorted(), sb.sorted(), worth).unwrap();
        let other = mann_whitney(sb.sorted(), sa.sorted(), (worth.1, worth.0)).unwrap();
        prop_assert!((one.effect + other.effect - 1.0).abs() < 1e-12 && (one.p - other.p).abs() < 1e-12);
    }

    #[test]
    fn the_test_ignores_any_rising_map(a in finite(), b in finite()) {
        let map = |v: &[f64]| Sample::new(&v.iter().map(|x| (x / 300.0).exp()).collect::<Vec<_>>());
        let plain = mann_whitney(Sample::new(&a).sorted(), Sample::new(&b).sorted(), (9.0, 9.0)).unwrap();
        let mapped = mann_whitney(map(&a).sorted(), map(&b).sorted(), (9.0, 9.0)).unwrap();
        prop_assert_eq!(plain, mapped);
    }

    #[test]
    fn discovery_rates_keep_the_order_and_bound_p(p in vec(0.0..1.0f64, 1..50)) {
        let q = false_discovery(&p.iter().copied().map(Some).collect::<Vec<_>>());
        for (i, qi) in q.iter().enumerate() {
            prop_assert!(qi.unwrap() >= p[i] && qi.unwrap() <= 1.0);
            prop_assert!((0..p.len()).all(|j| p[j] < p[i] || q[j] >= *qi));
        }
    }

    #[test]
    fn quantiles_rise_from_the_least_to_the_largest(a in wild(), p in 0.0..1.0f64, q in 0.0..1.0f64) {
        let a = sorted(&a);
        prop_assert!(a.windows(2).all(|w| w[0] <= w[1]));
        prop_assert!(quantile(&a, p.min(q)) <= quantile(&a, p.max(q)));
        prop_assert_eq!((quantile(&a, 0.0), quantile(&a, 1.0)), (a.first().copied(), a.last().copied()));
    }

    #[test]
    fn no_spread_is_less_than_the_deviation(a in finite()) {
        let (robust, plain) = (spread(&a).unwrap(), deviation(&a, 0).unwrap());
        prop_assert!(robust.spread >= plain.deviation * (1.0 - 1e-9));
        prop_assert!((robust.centre - plain.mean).abs() <= plain.deviation * (1.0 + 1e-9));
    }

    #[test]
    fn spreads_follow_the_unit_and_ignore_the_level(a in finite(), power in -20i32..20, level in -1e3..1e3f64) {
        let of = |a: Vec<f64>| spread(&a).unwrap().spread;
        let (plain, unit) = (of(a.clone()), 2f64.powi(power));
        prop_assert_eq!(of(a.iter().map(|v| v * unit).collect()), plain * unit);
        prop_assert!((of(a.iter().map(|v| v + level).collect()) - plain).abs() < 1e-9);
    }

    #[test]
    fn no_input_makes_a_number_that_is_none(a in wild(), b in wild()) {
        let (a, b) = (Sample::new(&a), Sample::new(&b));
        let shift = stats::shift(&a, &b).map(|s| s.effect + s.p);
        let found = [a.mean(), a.deviation(), a.spread(), a.autocorrelation(), a.effective_size(a.autocorrelation())];
        prop_assert!(found.into_iter().chain(shift).all(f64::is_finite));
    }
}
