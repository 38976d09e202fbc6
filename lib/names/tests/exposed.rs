//! Names and types that exporters printed when they were run, whole: `tables/exposed.csv`.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use names::{Catalogue, Name};

/// What was printed: exporter, series, type of its family; empty where none was.
fn exposed() -> Vec<[String; 3]> {
    let mut reader = csv::Reader::from_reader(include_str!("../tables/exposed.csv").as_bytes());
    let rows = reader.records().map(|row| row.unwrap()).flat_map(|row| {
        let ends: &[&str] = match &row[1] {
            "histogram" => &["_bucket", "_sum", "_count"],
            "summary" => &["", "_sum", "_count"],
            _ => &[""],
        };
        let exporter = row[2].split(':').next().unwrap_or_default();
        let series = |end: &&str| [exporter.to_string(), format!("{}{end}", &row[0]), row[1].to_string()];
        ends.iter().map(series).collect::<Vec<_>>()
    });
    rows.collect()
}

#[test]
fn the_type_that_was_seen_decides() {
    let (catalogue, rows) = (Catalogue::default(), exposed());
    assert!(rows.len() > 3_000, "{}", rows.len());
    for [exporter, metric, kind] in rows.iter().filter(|[.., kind]| !kind.is_empty()) {
        assert_eq!(
            catalogue.counter(metric, None),
            catalogue.counter(metric, Some(kind)),
            "{exporter}: {metric} {kind}"
        );
    }
}

#[test]
fn of_every_exporter_most_is_known() {
    let catalogue = Catalogue::default();
    let mut unknown: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    for [exporter, metric, _] in exposed() {
        let (all, silent) = unknown.entry(exporter).or_default();
        *all += 1;
        if catalogue.read(&Name::new(metric.clone(), Vec::new())).kind == "other" {
            silent.push(metric);
        }
    }
    let wrong = unknown.iter().filter(|(_, (all, silent))| silent.len() > 1 && silent.len() * 100 > 5 * all);
    let wrong: Vec<String> =
        wrong.map(|(name, (all, silent))| format!("{name}: {all}: {}", silent.join(" "))).collect();
    assert!(unknown.len() >= 28 && wrong.is_empty(), "more than 5 % is other:\n{}", wrong.join("\n"));
}
