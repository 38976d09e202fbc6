//! Series that numpy makes of 40 traces (tools/golden_spans.py), at 1e-9.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use serde_json::Value;
use spans::{Noted, OpenTraces, Services, Tally, examine, read};

#[test]
fn every_series_is_what_numpy_makes_of_the_traces() {
    let golden: Value = serde_json::from_str(include_str!("golden/series.json")).unwrap();
    let (mut services, mut noted, mut spans) = (Services::default(), Noted::default(), Vec::new());
    for line in include_str!("golden/traces.jsonl").lines() {
        read(line.as_bytes(), &mut services, &mut noted, &mut spans).unwrap();
    }
    let (mut open, mut tally) = (OpenTraces::new(60_000_000_000), Tally::new(golden["step_ns"].as_u64().unwrap()));
    for span in spans {
        tally.record(&span);
        open.add(span, &mut noted);
    }
    while let Some(mut trace) = open.close() {
        tally.add(&examine(&mut trace, &mut noted));
    }
    let mut found = BTreeMap::new();
    let taken: Result<(), ()> = tally.series(&services, 1.0, |one| {
        let labels: Vec<String> = one.labels.iter().map(|(key, value)| format!("{key}=\"{value}\"")).collect();
        found.insert(format!("{}{{{}}}", one.name, labels.join(",")), one.values);
        Ok(())
    });
    taken.unwrap();
    let times: Vec<u64> = golden["times_ns"].as_array().unwrap().iter().map(|at| at.as_u64().unwrap()).collect();
    assert_eq!(tally.times_ns(), times);
    let expected = golden["series"].as_object().unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, values) in &found {
        let expected = expected[name].as_array().unwrap();
        assert_eq!(values.len(), expected.len());
        for (value, expected) in values.iter().zip(expected) {
            let near = expected.as_f64().map_or(value.is_nan(), |e| (value - e).abs() <= 1e-9 * e.abs());
            assert!(near, "{name}: {value} is not {expected}");
        }
    }
}
