//! The numbers of scipy and scikit-learn, at 1e-9. Made by `tools/golden_znorm.py`.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use znorm::{Method, Outcome, Scale};

fn cases(name: &str) -> Vec<Value> {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

fn method(case: &Value) -> Method {
    match case["method"].as_str().unwrap() {
        "robust" => Method::Robust,
        "range" => Method::MinMax,
        deviation => Method::Deviation { ddof: deviation["ddof ".len()..].parse().unwrap() },
    }
}

fn compare(case: &Value, got: &[f64]) {
    let expected = numbers(&case["z"]);
    assert_eq!(got.len(), expected.len());
    for (i, (g, e)) in got.iter().zip(&expected).enumerate() {
        let same = if e.is_nan() { g.is_nan() } else { (g - e).abs() <= 1e-9 * e.abs().max(1.0) };
        assert!(same, "{}, {}, point {i}: {g}, expected {e}", case["name"], case["method"]);
    }
}

#[test]
fn own_centre_and_spread_are_those_of_scipy() {
    for case in cases("own.json") {
        let mut x = numbers(&case["x"]);
        if case["method"] == "difference" {
            znorm::difference(&mut x);
        } else {
            assert_eq!(znorm::normalise(&mut x, method(&case), 0.0), Outcome::Scaled, "{}", case["name"]);
        }
        compare(&case, &x);
    }
}

#[test]
fn scores_against_a_baseline_are_those_of_scipy_zmap() {
    for case in cases("baseline.json") {
        let mut x = numbers(&case["x"]);
        let baseline = Scale::of(&numbers(&case["baseline"]), method(&case)).unwrap();
        znorm::against(baseline, &x, 0.0).unwrap().apply(&mut x);
        compare(&case, &x);
    }
}
