//! Numbers of numpy and scipy (tools/golden_rank.py), at 1e-9; of iterative fits at 1e-6.

#![allow(clippy::unwrap_used)]

use rank::change::deviation;
use rank::growth::{growth, ideal, levels};
use rank::kind::{Harm, Role};
use rank::line::{knee, theil_sen};
use rank::sample::Sample;
use rank::shift::{false_discovery, mann_whitney};
use rank::student::quantile975;
use rank::usl::{Usl, latency, throughput};
use serde_json::Value;

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
fn shifts_agree_with_scipy() {
    for case in cases("shifts") {
        let (a, b) = (Sample::new(&numbers(&case["steady"])), Sample::new(&numbers(&case["overload"])));
        let shift = mann_whitney(a.sorted(), b.sorted(), (a.len() as f64, b.len() as f64)).unwrap();
        near(shift.effect, number(&case["effect"]), 1e-9);
        near(shift.p, number(&case["p"]), 1e-9);
        near(a.spread(), number(&case["spread"]), 1e-9);
        let z = numbers(&case["z"]);
        near(deviation(&a, &b, Harm::Up).unwrap().z, z[0], 1e-9);
        near(deviation(&a, &b, Harm::Down).unwrap().z, z[1], 1e-9);
        for (q, expected) in [0.0, 0.1, 0.5, 0.7, 1.0].into_iter().zip(numbers(&case["quantiles"])) {
            near(b.quantile(q).unwrap(), expected, 1e-9);
        }
    }
}

#[test]
fn discovery_rates_agree_with_scipy() {
    for case in cases("discovery") {
        let p: Vec<Option<f64>> = numbers(&case["p"]).into_iter().map(Some).collect();
        for (found, expected) in false_discovery(&p).into_iter().zip(numbers(&case["q"])) {
            near(found.unwrap(), expected, 1e-9);
        }
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
        let found = knee(&numbers(&case["x"]), &numbers(&case["y"])).unwrap();
        near(found.residual, number(&case["residual"]), 1e-9);
        near(found.at, number(&case["at"]), 1e-6);
        near(found.before, number(&case["before"]), 1e-6);
        near(found.after, number(&case["after"]), 1e-6);
    }
}

fn check_law(case: &Value, fit: impl Fn(&[f64], &[f64]) -> Option<Usl>) {
    let found = fit(&numbers(&case["load"]), &numbers(&case["y"])).unwrap();
    let (parameters, margins, truth) =
        (numbers(&case["parameters"]), numbers(&case["margins"]), numbers(&case["truth"]));
    for (i, estimate) in [found.lambda, found.sigma, found.kappa].into_iter().enumerate() {
        near(estimate.value, parameters[i], 1e-6);
        near(estimate.margin, margins[i], 1e-5);
        assert!((estimate.value - truth[i]).abs() < 2.0 * estimate.margin, "{estimate:?} misses {}", truth[i]);
    }
}

#[test]
fn scalability_laws_agree_with_scipy_and_hold_the_truth() {
    cases("throughput").iter().for_each(|case| check_law(case, throughput));
    cases("latency").iter().for_each(|case| check_law(case, latency));
}

#[test]
fn queues_leave_their_line_before_they_are_full() {
    for case in cases("queues") {
        let (rate, response, servers) = (numbers(&case["rate"]), numbers(&case["response"]), number(&case["servers"]));
        let points = levels(&rate, &response);
        let found = growth(&points, ideal(Harm::Up, Role::Symptom, "latency", "latency"));
        let at = found.left_at.unwrap() / servers;
        assert!((0.2..0.95).contains(&at), "{servers} servers: left at {at}");
        let knee = found.knee.unwrap();
        assert!(
            knee.0 / servers > 0.5 && knee.2 > knee.1 && found.worse.unwrap() > 1.0,
            "{servers} servers: {found:?}"
        );
        let busy = growth(&levels(&rate, &rate), ideal(Harm::Up, Role::Cause, "saturation", "workers_busy"));
        assert!(busy.worse.unwrap().abs() < 1e-9 && busy.left_at.is_none());
    }
}

#[test]
fn student_quantiles_agree_with_scipy() {
    for pair in cases("student") {
        near(quantile975(number(&pair[0]) as usize), number(&pair[1]), 1e-8);
    }
}
