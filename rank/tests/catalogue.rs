//! Every row of METRICS.md says what the program makes of the metric.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Metric and `kind,harm,role` of each row of the page's tables.
fn catalogue() -> BTreeMap<String, String> {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("METRICS.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    rows.map(|(metric, rest)| (metric.to_owned(), rest.split(" | ").take(3).collect::<Vec<_>>().join(","))).collect()
}

/// The metric as two services' columns, which differ in their service alone. A code in the page's name is a status code.
fn headers(metric: &str) -> [String; 2] {
    let (name, label) = metric.trim_end_matches('}').split_once('{').unwrap_or((metric, ""));
    let label = label.replace("code=", "status_code=").replace('"', "\"\"");
    ["carts", "orders"].map(|service| format!("\"{name}{{service=\"\"{service}\"\",{label}}}\"").replace(",}", "}"))
}

#[test]
fn each_metric_of_the_catalogue_is_what_it_says() {
    let catalogue = catalogue();
    assert!(catalogue.len() > 90, "{}", catalogue.len());
    let columns: Vec<String> = catalogue.keys().flat_map(|metric| headers(metric)).collect();
    let rows = (1..4).map(|time| format!("{time}{}\n", ",1".repeat(columns.len()))).collect::<String>();
    let grid = Path::new(env!("CARGO_TARGET_TMPDIR")).join("catalogue.csv");
    std::fs::write(&grid, format!("time,{}\n{rows}", columns.join(","))).unwrap();
    let mut rank = Command::new(env!("CARGO_BIN_EXE_rank"));
    let output =
        rank.args(["--quiet", "--to", "csv", "--explain", "--baseline"]).arg(&grid).arg(&grid).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut table = csv::Reader::from_reader(&output.stdout[..]);
    let told: BTreeMap<String, String> = table
        .records()
        .map(|row| row.unwrap())
        .map(|row| (row[4].to_owned(), format!("{},{},{}", &row[5], &row[6], &row[7])))
        .collect();
    assert_eq!(told, catalogue);
}
