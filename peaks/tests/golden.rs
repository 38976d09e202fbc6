//! The numbers of `scipy.signal`, at 1e-9. Made by `tools/golden_peaks.py`.
#![allow(clippy::unwrap_used)]

use peaks::{Conditions, Interval, Peak, find};
use serde_json::Value;

fn series() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/find_peaks.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A number is a lower bound, as in scipy.
fn interval(value: &Value) -> Interval {
    match value {
        Value::Array(bounds) => Interval { min: bounds[0].as_f64(), max: bounds[1].as_f64() },
        _ => Interval { min: value.as_f64(), max: None },
    }
}

fn conditions(value: &Value) -> Conditions {
    Conditions {
        plateau_size: interval(&value["plateau_size"]),
        height: interval(&value["height"]),
        threshold: interval(&value["threshold"]),
        distance: value["distance"].as_f64(),
        prominence: interval(&value["prominence"]),
        width: interval(&value["width"]),
        wlen: value["wlen"].as_u64().map(|w| w as usize),
        rel_height: value["rel_height"].as_f64().unwrap_or(0.5),
    }
}

fn measures(p: &Peak) -> [f64; 8] {
    let (left_base, right_base) = (p.left_base as f64, p.right_base as f64);
    [p.index as f64, p.height, p.prominence, left_base, right_base, p.width, p.left, p.right]
}

#[test]
fn peaks_and_their_measures_are_those_of_scipy() {
    let mut compared = 0;
    for case in series() {
        let x: Vec<f64> = case["x"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
        for found in case["found"].as_array().unwrap() {
            let got = find(&x, &conditions(&found["conditions"]));
            let expected = found["peaks"].as_array().unwrap();
            let place = format!("{}, {}", case["name"], found["conditions"]);
            let indices: Vec<u64> = expected.iter().map(|row| row[0].as_u64().unwrap()).collect();
            assert_eq!(got.iter().map(|p| p.index as u64).collect::<Vec<_>>(), indices, "{place}");
            for (peak, row) in got.iter().zip(expected) {
                for (k, measure) in measures(peak).into_iter().enumerate() {
                    let wanted = row[k].as_f64().unwrap();
                    let near = (measure - wanted).abs() <= 1e-9 * wanted.abs().max(f64::MIN_POSITIVE);
                    assert!(near, "{place}, peak {}, measure {k}: {measure}, expected {wanted}", peak.index);
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 5000, "only {compared} peaks compared");
}
