//! Numbers of numpy and scipy (tools/golden_rank.py), at 1e-9; of the search for a knee at 1e-6.

#![allow(clippy::unwrap_used)]

use names::{Harm, Role};
use rank::change::deviation;
use rank::scale::growth::{growth, ideal, levels, steps};
use rank::scale::line::{knee, theil_sen};
use rank::scale::usl::{Fit, Usl, latency, throughput};
use serde_json::Value;
use stats::Sample;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/rank.json")).unwrap()
}

fn cases(name: &str) -> Vec<Value> {
    golden()[name].as_array().unwrap().clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-12), "{found} is not {expected}");
}

#[test]
fn deviations_agree_with_numpy() {
    for case in cases("changes") {
        let (a, b) = (Sample::new(&numbers(&case["steady"])), Sample::new(&numbers(&case["overload"])));
        let z = numbers(&case["z"]);
        near(deviation(&a, &b, Harm::Up).unwrap().z, z[0], 1e-9);
        near(deviation(&a, &b, Harm::Down).unwrap().z, z[1], 1e-9);
    }
}

#[test]
fn robust_lines_agree_with_scipy() {
    for case in cases("lines") {
        let line = theil_sen(&numbers(&case["x"]), &numbers(&case["y"])).unwrap();
        near(line.slope, number(&case["slope"]), 1e-9);
        near(line.intercept, number(&case["intercept"]), 1e-9);
        near(line.interval.0, number(&case["low"]), 1e-9);
        near(line.interval.1, number(&case["high"]), 1e-9);
    }
}

#[test]
fn knees_agree_with_a_search_by_scipy() {
    for case in cases("knees") {
        let found = knee(&numbers(&case["x"]), &numbers(&case["y"]), 1e-9).unwrap();
        near(found.residual, number(&case["residual"]), 1e-9);
        near(found.at, number(&case["at"]), 1e-6);
        near(found.before, number(&case["before"]), 1e-6);
        near(found.after, number(&case["after"]), 1e-6);
    }
}

/// Values and margins, and the ends of the peak's interval, of which some are open.
fn check_law(case: &Value, found: &Usl) {
    let (parameters, margins) = (numbers(&case["parameters"]), numbers(&case["margins"]));
    for (i, estimate) in [found.lambda, found.sigma, found.kappa].into_iter().enumerate() {
        near(estimate.value, parameters[i], 1e-9);
        near(estimate.margin, margins[i], 1e-9);
    }
    assert_eq!(found.peak.is_some(), case["peak"].is_array());
    if let Some(peak) = found.peak {
        near(peak.at, number(&case["peak"][0]), 1e-9);
        near(peak.low, case["peak"][1].as_f64().unwrap_or(0.0), 1e-9);
        assert_eq!(peak.high.is_some(), case["peak"][2].is_f64());
        peak.high.iter().for_each(|high| near(*high, number(&case["peak"][2]), 1e-9));
    }
}

#[test]
fn scalability_laws_agree_with_scipy() {
    for case in cases("laws") {
        let (load, x) = (numbers(&case["load"]), numbers(&case["throughput"]));
        let response: Vec<f64> = load.iter().zip(&x).map(|(n, x)| n / x).collect();
        check_law(&case, &throughput(&load, &x, Fit::Relative).unwrap());
        check_law(&case, &latency(&load, &response, Fit::Relative).unwrap());
    }
}

/// Elasticity, knee and the loads that left, of values over loads that are three or more.
fn check_sweep(case: &Value) {
    let points = levels(&numbers(&case["load"]), &numbers(&case["value"]));
    let found = growth(&points, 0.0, ideal(Harm::Up, Role::Symptom, "latency", "latency"));
    let (slope, low, high) = found.elasticity.unwrap();
    for (found, expected) in [slope, low, high].into_iter().zip(numbers(&case["elasticity"])) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }
    assert_eq!(found.knee.is_some(), case["knee"].is_array(), "{case}");
    if let Some((at, before, after)) = found.knee {
        for (found, expected) in [at, before, after].into_iter().zip(numbers(&case["knee"])) {
            assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{found} is not {expected}: {case}");
        }
    }
    assert_eq!(steps(&points, 0.0).iter().map(|step| step.load).collect::<Vec<_>>(), numbers(&case["left"]));
}

#[test]
fn sweeps_agree_with_scipy() {
    cases("sweeps").iter().for_each(check_sweep);
    for case in cases("queues") {
        check_sweep(&case);
        if case["closed"].is_array() {
            check_sweep(&case["response"]);
            check_law(
                &case["law"],
                &throughput(&numbers(&case["load"]), &numbers(&case["value"]), Fit::Relative).unwrap(),
            );
        }
    }
}

/// SPEC SDM 91 on a Sun SPARCcenter, a data set of R's usl, and what that (3.0, `nls`) documents of it.
#[test]
fn least_squares_are_those_of_r() {
    let load = [1.0, 18.0, 36.0, 72.0, 108.0, 144.0, 216.0];
    let scripts_per_hour = [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2];
    let found = |fit| throughput(&load, &scripts_per_hour, fit).unwrap();
    let squares = found(Fit::LeastSquares);
    let near = |ours: f64, theirs: f64, digit: f64| assert!((ours - theirs).abs() < digit, "{ours} {theirs}");
    near(squares.lambda.value, 89.995_238_2, 1e-5);
    near(squares.sigma.value, 0.027_728_5, 5e-8);
    near(squares.kappa.value, 0.000_104_4, 5e-8);
    // The single user's 64.9, far below that line, counts as much as any other load where noise is a share.
    let relative = found(Fit::Relative);
    near(relative.sigma.value, 0.0135, 5e-5);
    assert!(relative.lambda.value < 75.0, "{relative:?}");
}
