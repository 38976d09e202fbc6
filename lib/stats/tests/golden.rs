//! Numbers of numpy and scipy, at 1e-9, and of mpmath where those lose theirs (tools/golden_stats.py).
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use stats::{Sample, deviation, erfc, false_discovery, mann_whitney, quantile, sorted, spread, student975};

fn cases(name: &str) -> Vec<Value> {
    read(include_str!("golden/stats.json"), name)
}

fn hard(name: &str) -> Vec<Value> {
    read(include_str!("golden/hard.json"), name)
}

fn read(golden: &str, name: &str) -> Vec<Value> {
    let golden: Value = serde_json::from_str(golden).unwrap();
    golden[name].as_array().unwrap().clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

#[track_caller]
fn near(found: f64, expected: &Value) {
    let expected = number(expected);
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-12), "{found} is not {expected}");
}

fn described(case: &Value) -> Sample {
    let values = numbers(&case["values"]);
    let sample = Sample::new(&values);
    near(sample.mean(), &case["mean"]);
    near(sample.deviation(), &case["deviation"]);
    near(sample.spread(), &case["spread"]);
    let (found, plain) = (spread(&values).unwrap(), deviation(&values, 0).unwrap());
    assert_eq!((Some(found.centre), found.spread), (sample.quantile(0.5), sample.spread()));
    near(plain.mean, &case["mean"]);
    near(plain.deviation, &case["deviation"]);
    if case["sample_deviation"].is_number() {
        near(deviation(&values, 1).unwrap().deviation, &case["sample_deviation"]);
    }
    let quantiles = case["quantiles"].as_array().unwrap();
    for (q, expected) in [0.0, 0.1, 0.25, 0.5, 0.7, 0.95, 1.0].into_iter().zip(quantiles) {
        near(sample.quantile(q).unwrap(), expected);
    }
    sample
}

#[test]
fn samples_and_their_shift_agree_with_numpy_and_scipy() {
    for case in cases("shifts") {
        let (a, b) = (described(&case["steady"]), described(&case["overload"]));
        let shift = mann_whitney(a.sorted(), b.sorted(), (a.len() as f64, b.len() as f64)).unwrap();
        near(shift.effect, &case["effect"]);
        near(shift.p, &case["p"]);
    }
}

#[test]
fn discovery_rates_agree_with_scipy() {
    for case in cases("discovery") {
        let p: Vec<Option<f64>> = numbers(&case["p"]).into_iter().map(Some).collect();
        let expected = case["q"].as_array().unwrap();
        false_discovery(&p).into_iter().zip(expected).for_each(|(found, expected)| near(found.unwrap(), expected));
    }
}

#[test]
fn distributions_agree_with_scipy() {
    cases("student").iter().for_each(|pair| near(student975(number(&pair[0]) as usize), &pair[1]));
    cases("erfc").iter().for_each(|pair| near(erfc(number(&pair[0])), &pair[1]));
}

/// A small spread on a large level: sums of squares would have no digit left.
#[test]
fn moments_keep_their_digits_on_any_level() {
    for case in hard("moments") {
        let values = numbers(&case["values"]);
        let (all, sample) = (deviation(&values, 0).unwrap(), deviation(&values, 1).unwrap());
        near(all.mean, &case["mean"]);
        near(all.deviation, &case["deviation"]);
        near(sample.deviation, &case["sample_deviation"]);
    }
}

#[test]
fn quantiles_keep_their_digits_on_any_level() {
    for case in hard("quantiles") {
        let (values, expected) = (sorted(&numbers(&case["values"])), case["quantiles"].as_array().unwrap());
        for (q, expected) in [0.0, 0.1, 0.25, 0.5, 0.7, 0.95, 1.0].into_iter().zip(expected) {
            near(quantile(&values, q).unwrap(), expected);
        }
    }
}

/// Down to 1e-163, where one minus the rest would be zero.
#[test]
fn far_tails_agree_with_mpmath() {
    let near = |found: f64, expected: &Value| {
        let expected = number(expected);
        assert!((found - expected).abs() <= 1e-9 * expected, "{found} is not {expected}");
    };
    for case in hard("tails") {
        let (a, b) = (numbers(&case["steady"]), numbers(&case["overload"]));
        let shift = mann_whitney(&a, &b, (a.len() as f64, b.len() as f64)).unwrap();
        near(shift.effect, &case["effect"]);
        near(shift.p, &case["p"]);
    }
    hard("student").iter().for_each(|pair| near(student975(number(&pair[0]) as usize), &pair[1]));
    hard("erfc").iter().for_each(|pair| near(erfc(number(&pair[0])), &pair[1]));
}
