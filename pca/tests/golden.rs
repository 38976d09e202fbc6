//! Numbers of scikit-learn at 1e-9, made by `tools/golden_pca.py` and kept under `golden/`.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use pca::{Components, Fit, Gram, Missing, Model, Options, Problem, Solver, fit, known, prepare, residual, set_signs};
use serde_json::Value;

const TOLERANCE: f64 = 1e-9;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn columns(name: &str) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(folder().join(format!("{name}.csv"))).unwrap();
    let rows: Vec<Vec<f64>> =
        text.lines().map(|line| line.split(',').map(|cell| cell.parse().unwrap_or(f64::NAN)).collect()).collect();
    (0..rows[0].len()).map(|j| rows.iter().map(|row| row[j]).collect()).collect()
}

fn expected() -> Value {
    let text = std::fs::read_to_string(folder().join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn cases() -> Vec<Value> {
    expected()["cases"].as_array().unwrap().clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn matrix(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn fit_case(case: &Value, solver: Solver) -> Fit {
    let columns = columns(case["input"].as_str().unwrap());
    let options = Options {
        components: Components::Count(case["k"].as_u64().unwrap() as usize),
        scale: case["mode"] == "scale",
        missing: if case["mode"] == "em" { Missing::Em } else { Missing::Mean },
        solver,
    };
    let rows = columns[0].len();
    fit(columns, std::slice::from_ref(&(0..rows)), &options).unwrap()
}

/// Relative to the largest of the numbers it stands among.
fn near(what: &str, got: &[f64], want: &[f64], size: f64, tolerance: f64) {
    assert_eq!(got.len(), want.len(), "{what}: how many");
    for (i, (x, y)) in got.iter().zip(want).enumerate() {
        assert!((x - y).abs() <= tolerance * size, "{what}, number {i}: got {x}, expected {y}");
    }
}

fn check(case: &Value, fit: &Fit, tolerance: f64) {
    let what = format!("{} {}", case["input"], case["mode"]);
    let deviations = numbers(&case["deviation"]);
    let scores = fit.scores();
    assert_eq!(fit.model.components.len(), deviations.len(), "{what}: components");
    near(&format!("{what}: ratios"), &fit.model.ratios, &numbers(&case["ratio"]), 1.0, tolerance);
    for (k, want) in matrix(&case["components"]).iter().enumerate() {
        near(&format!("{what}: component {k}"), &fit.model.components[k], want, 1.0, tolerance);
        let want = &matrix(&case["scores"])[k];
        near(&format!("{what}: scores {k}"), &scores[k], want, deviations[0] * 10.0, tolerance);
        let (got, want) = (fit.model.singular[k] / fit.data.freedom().sqrt(), deviations[k]);
        assert!((got / want - 1.0).abs() <= tolerance, "{what}: deviation {k}: got {got}, expected {want}");
    }
}

#[test]
fn rotations_equal_scikit_learn() {
    for case in cases().iter().filter(|case| case["input"] != "hundreds") {
        check(case, &fit_case(case, Solver::Svd), TOLERANCE);
    }
}

#[test]
fn automatic_choice_equals_scikit_learn() {
    for case in cases() {
        check(&case, &fit_case(&case, Solver::Auto), TOLERANCE);
    }
}

#[test]
fn gram_and_iteration_equal_scikit_learn_where_squaring_allows() {
    for case in cases().iter().filter(|case| case["input"] != "unlike-magnitudes" && case["mode"] != "em") {
        check(case, &fit_case(case, Solver::Gram), TOLERANCE);
        check(case, &fit_case(case, Solver::Randomised), TOLERANCE);
    }
}

/// The fit of a case whose columns come in three parts: Gram matrices added, scores from their sum, loadings part by part.
fn by_parts(case: &Value) -> Result<Fit, Problem> {
    let all = columns(case["input"].as_str().unwrap());
    let rows = all[0].len();
    let options = Options { scale: case["mode"] == "scale", ..Options::default() };
    let prepared = |columns: &[Vec<f64>]| prepare(columns.to_vec(), std::slice::from_ref(&(0..rows)), &options);
    let parts: Vec<&[Vec<f64>]> = all.chunks(all.len().div_ceil(3)).collect();
    let mut sum = Gram::zero(rows);
    for part in &parts {
        sum.add(&Gram::new(&prepared(part)?)?);
    }
    let found = sum.solve(1, Components::Count(case["k"].as_u64().unwrap() as usize))?;
    let mut components = vec![Vec::new(); found.scores.len()];
    for part in &parts {
        let own = known(prepared(part)?, &found.scores).model.components;
        components.iter_mut().zip(own).for_each(|(whole, own)| whole.extend(own));
    }
    set_signs(&mut components);
    let data = prepared(&all)?;
    let (total, unsettled) = (found.variance.iter().sum(), found.unsettled);
    let (variance, singular, ratios) = (found.variance, found.singular, found.ratios);
    let model = Model { components, variance, singular, ratios, total, solver: Solver::Gram, unsettled, rounds: None };
    Ok(Fit { model, data })
}

#[test]
fn columns_in_parts_equal_scikit_learn_where_squaring_allows() {
    let cases = cases();
    let ordinary = |case: &&Value| {
        let out_of_range =
            case["mode"] == "plain" && ["huge-numbers", "tiny-numbers"].contains(&case["input"].as_str().unwrap());
        case["input"] != "unlike-magnitudes" && case["mode"] != "em" && !out_of_range
    };
    let checked: Vec<&Value> = cases.iter().filter(ordinary).collect();
    assert!(checked.len() > 20, "{}", checked.len());
    checked.into_iter().for_each(|case| check(case, &by_parts(case).unwrap(), TOLERANCE));
}

#[test]
fn parts_that_cannot_be_squared_are_refused() {
    let case = cases().into_iter().find(|case| case["input"] == "huge-numbers" && case["mode"] == "plain").unwrap();
    assert_eq!(by_parts(&case).unwrap_err(), Problem::Unsquared);
}

#[test]
fn residuals_equal_those_from_scikit_learn() {
    let want = &expected()["residual"];
    let (cut, k) = (want["cut"].as_u64().unwrap() as usize, want["k"].as_u64().unwrap() as usize);
    let all = columns("overload");
    let part = |rows: std::ops::Range<usize>| all.iter().map(|c| c[rows.clone()].to_vec()).collect::<Vec<_>>();
    let options = Options { components: Components::Count(k), ..Options::default() };
    let fit = fit(part(0..cut), std::slice::from_ref(&(0..cut)), &options).unwrap();
    let got = residual(&fit, part(cut..all[0].len()));
    for (name, got) in [("q", &got.q), ("t2", &got.t2), ("q_of", &got.q_of), ("t2_of", &got.t2_of)] {
        let want = numbers(&want[name]);
        let size = want.iter().copied().fold(0.0, f64::max);
        near(name, got, &want, size, TOLERANCE);
    }
}

#[test]
fn squaring_loses_only_small_components() {
    let case = cases().into_iter().find(|case| case["input"] == "unlike-magnitudes").unwrap();
    let exact = fit_case(&case, Solver::Svd).model.singular;
    let squared = fit_case(&case, Solver::Gram).model.singular;
    for (x, y) in exact.iter().zip(&squared) {
        let error = (x / y - 1.0).abs();
        assert!(x / exact[0] < 1e-7 || error < 1e-9, "{:e} of the first: {error:e}", x / exact[0]);
    }
    assert!(squared.len() >= 2);
}
