//! One column, one spread: what `znorm --robust`, `faults`' steady units and `rank`'s deviation are measured in.
#![allow(clippy::unwrap_used)]

use names::Harm;
use rank::change;
use stats::{FLOOR, Sample, spread};

/// A metric that is calm in steady state but for a spike every 12 s.
fn spiky() -> Vec<f64> {
    (0..600u32).map(|s| if s % 12 == 5 { 50.0 } else { 1.0 + f64::from(s * 37 % 19) / 20.0 }).collect()
}

#[track_caller]
fn agree(steady: &[f64]) {
    let own = spread(steady).unwrap();
    let scale = znorm::Scale::of(steady, znorm::Method::Robust).unwrap();
    assert_eq!((scale.centre, scale.spread), (own.centre, own.spread));
    let (value, floor) = (own.centre + 3.0 * own.spread, FLOOR * own.centre.abs());
    let unit = (value - own.centre) / faults::in_steady_units(&[value], steady)[0] - floor;
    assert!((unit - own.spread).abs() <= 1e-9 * own.spread, "faults: {unit} is not {}", own.spread);
    let found = change::deviation(&Sample::new(steady), &Sample::new(&[value]), Harm::Up).unwrap();
    let unit = (value - own.centre) / found.z - FLOOR * value.abs();
    assert!((unit - own.spread).abs() <= 1e-9 * own.spread, "rank: {unit} is not {}", own.spread);
}

#[test]
fn all_three_measure_a_spiky_column_by_the_same_spread() {
    agree(&spiky());
    let own = spread(&spiky()).unwrap();
    let again = (50.0 - own.centre) / own.spread;
    assert!(again < 4.0, "a spike of the steady state is no news: {again}");
}

#[test]
fn all_three_agree_whichever_estimate_is_the_largest() {
    let halves: Vec<f64> = (0..40u32).map(|i| f64::from(i % 2 * 8) + f64::from(i * 7 % 5)).collect();
    let even: Vec<f64> = (0..61u32).map(f64::from).collect();
    let sides: Vec<f64> = [vec![-100.0; 30], vec![0.5], vec![100.0; 30]].concat();
    [halves, even, sides].iter().for_each(|column| agree(column));
}
