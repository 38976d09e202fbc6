//! What holds for every series.

use proptest::{collection::vec, option, prelude::*};
use znorm::{Method, Outcome, Scale, against, difference, normalise};

/// Series with gaps, ties and constant stretches; `width` decides how large the numbers are.
fn series(width: f64) -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![3 => -width..width, 1 => Just(0.0), 1 => Just(width / 3.0)];
    vec(option::weighted(0.85, value), 0..80).prop_map(|x| x.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect())
}

fn methods() -> impl Strategy<Value = Method> {
    prop_oneof![(0_usize..3).prop_map(|ddof| Method::Deviation { ddof }), Just(Method::Robust), Just(Method::MinMax)]
}

/// Any numbers at all, as bits.
fn anything() -> impl Strategy<Value = Vec<f64>> {
    vec(any::<u64>().prop_map(f64::from_bits), 0..40)
}

fn samples(x: &[f64]) -> Vec<f64> {
    x.iter().copied().filter(|v| v.is_finite()).collect()
}

fn normalised(x: &[f64], method: Method) -> (Vec<f64>, Outcome) {
    let mut z = x.to_vec();
    let outcome = normalise(&mut z, method, 0.0);
    (z, outcome)
}

proptest! {
    #[test]
    fn scores_have_mean_0_and_deviation_1(x in series(1e6)) {
        let (z, outcome) = normalised(&x, Method::Deviation { ddof: 0 });
        prop_assume!(outcome == Outcome::Scaled);
        let z = samples(&z);
        let n = z.len() as f64;
        prop_assert!(z.iter().sum::<f64>().abs() / n < 1e-12);
        prop_assert!((z.iter().map(|v| v * v).sum::<f64>() / n - 1.0).abs() < 1e-12);
    }

    #[test]
    fn ranged_values_reach_0_and_1_and_no_further(x in series(1e6)) {
        let (z, outcome) = normalised(&x, Method::MinMax);
        prop_assume!(outcome == Outcome::Scaled);
        let z = samples(&z);
        prop_assert_eq!(z.iter().copied().fold(f64::MAX, f64::min), 0.0);
        prop_assert_eq!(z.iter().copied().fold(f64::MIN, f64::max), 1.0);
    }

    #[test]
    fn robust_scores_have_median_0(x in series(1e6)) {
        let (z, outcome) = normalised(&x, Method::Robust);
        prop_assume!(outcome == Outcome::Scaled);
        let mut z = samples(&z);
        z.sort_by(f64::total_cmp);
        let middle = (z[(z.len() - 1) / 2] + z[z.len() / 2]) / 2.0;
        prop_assert!(middle.abs() < 1e-9 * z[z.len() - 1].max(1.0));
    }

    #[test]
    fn gaps_stay_and_none_is_added(x in series(10.0), method in methods()) {
        let (z, outcome) = normalised(&x, method);
        prop_assume!(outcome != Outcome::Short);
        prop_assert!(x.iter().zip(&z).all(|(a, b)| a.is_nan() == b.is_nan()));
    }

    #[test]
    fn gaps_count_for_nothing(x in series(10.0), method in methods()) {
        let (z, outcome) = normalised(&x, method);
        let (dense, same) = normalised(&samples(&x), method);
        prop_assert_eq!(outcome, same);
        let z = samples(&z);
        prop_assert!(z.iter().zip(samples(&dense)).all(|(a, b)| (a - b).abs() <= 1e-12 * b.abs().max(1.0)));
    }

    #[test]
    fn power_of_two_changes_no_bit(x in series(10.0), method in methods(), power in -90_i32..90) {
        let scaled: Vec<f64> = x.iter().map(|v| v * 2f64.powi(8 * power)).collect();
        let (z, _) = normalised(&x, method);
        let (same, _) = normalised(&scaled, method);
        let bits = |x: &[f64]| samples(x).iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&z), bits(&same));
    }

    #[test]
    fn shift_and_stretch_change_nothing(x in series(10.0), method in methods(), shift in -1e3..1e3, stretch in 0.01..100.0) {
        let moved: Vec<f64> = x.iter().map(|v| v * stretch + shift).collect();
        let (z, outcome) = normalised(&x, method);
        prop_assume!(outcome == Outcome::Scaled);
        let largest = samples(&x).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let spread = Scale::of(&x, method).unwrap().spread;
        prop_assume!(spread > 1e-3 * largest);
        let (same, _) = normalised(&moved, method);
        for (a, b) in samples(&z).iter().zip(samples(&same)) {
            prop_assert!((a - b).abs() <= 1e-6 * a.abs().max(1.0), "{} and {}", a, b);
        }
    }

    #[test]
    fn order_of_samples_does_not_matter(x in series(10.0), method in methods()) {
        let backwards: Vec<f64> = x.iter().rev().copied().collect();
        let (z, outcome) = normalised(&x, method);
        let (mut same, _) = normalised(&backwards, method);
        prop_assume!(outcome == Outcome::Scaled);
        same.reverse();
        for (a, b) in samples(&z).iter().zip(samples(&same)) {
            prop_assert!((a - b).abs() <= 1e-9 * a.abs().max(1.0));
        }
    }

    #[test]
    fn baseline_of_itself_is_no_baseline(x in series(10.0), method in methods(), floor in 0.0..0.01) {
        let mut own = x.clone();
        prop_assume!(normalise(&mut own, method, floor) == Outcome::Scaled);
        let scale = against(Scale::of(&x, method).unwrap(), &x, floor).unwrap();
        let mut z = x;
        scale.apply(&mut z);
        prop_assert_eq!(samples(&own), samples(&z));
    }

    #[test]
    fn constant_becomes_zeros(v in any::<f64>(), n in 1_usize..20, method in methods()) {
        prop_assume!(v.is_finite());
        let (z, outcome) = normalised(&vec![v; n], method);
        prop_assert_eq!(outcome, Outcome::Constant);
        prop_assert!(z.iter().all(|z| *z == 0.0));
    }

    #[test]
    fn nothing_infinite_comes_out(x in anything(), steady in anything(), method in methods(), floor in 0.0..1.0) {
        let (z, _) = normalised(&x, method);
        prop_assert!(z.iter().all(|v| !v.is_infinite()));
        if let Some(scale) = Scale::of(&steady, method).and_then(|s| against(s, &x, floor)) {
            let mut z = x.clone();
            scale.apply(&mut z);
            prop_assert!(z.iter().zip(&x).all(|(z, x)| z.is_finite() == x.is_finite()));
        }
        let mut d = x.clone();
        difference(&mut d);
        prop_assert!(d.iter().all(|v| !v.is_infinite()));
    }

    #[test]
    fn differences_add_up_to_the_way_travelled(x in vec(-1000_i32..1000, 1..50)) {
        let x: Vec<f64> = x.into_iter().map(f64::from).collect();
        let mut d = x.clone();
        difference(&mut d);
        prop_assert!(d[0].is_nan());
        prop_assert_eq!(d[1..].iter().sum::<f64>(), x[x.len() - 1] - x[0]);
    }
}
