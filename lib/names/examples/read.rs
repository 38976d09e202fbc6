//! Prints what names make of an exporter's own output: `curl -s …/metrics | read`.
//! The last column says where name and type disagree on whether it is a counter.

use std::collections::BTreeMap;
use std::io::{self, Write, stdin, stdout};

use names::{Catalogue, Name};

fn main() -> io::Result<()> {
    let mut types: BTreeMap<String, String> = BTreeMap::new();
    for line in stdin().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        if let ["#", "TYPE", name, kind] = words.as_slice() {
            types.insert((*name).to_string(), (*kind).to_string());
        }
    }
    let (catalogue, mut out) = (Catalogue::default(), stdout().lock());
    writeln!(out, "metric,type,kind,harm,role,unit,counter,source,note")?;
    for (family, kind) in &types {
        for end in ends(kind) {
            let metric = format!("{family}{end}");
            let scraped = vec![("job".to_string(), "exporter".to_string())];
            let reading = catalogue.read(&Name::new(metric.clone(), scraped));
            let (by_name, by_type) = (catalogue.counter(&metric, None), catalogue.counter(&metric, Some(kind)));
            let note = if by_type.is_some() && by_name != by_type { "not by its name alone" } else { "" };
            let counter = by_name.map_or("", |counter| if counter { "yes" } else { "no" });
            let (harm, role, source) = (reading.harm.name(), reading.role.name(), reading.source.replace(',', ";"));
            writeln!(out, "{metric},{kind},{},{harm},{role},{},{counter},{source},{note}", reading.kind, reading.unit)?;
        }
    }
    Ok(())
}

/// What stands behind the family's name in the names of its series.
fn ends(kind: &str) -> &'static [&'static str] {
    match kind {
        "histogram" => &["_bucket", "_sum", "_count"],
        "summary" => &["", "_sum", "_count"],
        _ => &[""],
    }
}
