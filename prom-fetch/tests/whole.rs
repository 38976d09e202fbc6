//! However a range is cut, and whatever the server refuses, every sample comes exactly once.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod stub;

use std::collections::BTreeMap;
use std::process::Command;

type Samples = BTreeMap<String, Vec<(i64, f64)>>;

fn run(stub: &str, scene: &str, arguments: &str) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_prom-fetch"))
        .args(["--url", &format!("{stub}/{scene}"), "--quiet"])
        .args(arguments.split_whitespace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The samples of each series in the order they were written.
fn fetched(stub: &str, scene: &str, arguments: &str) -> Samples {
    let mut samples = Samples::new();
    for line in run(stub, scene, arguments).split(|&b| b == b'\n').filter(|line| !line.is_empty()) {
        let line: serde_json::Value = serde_json::from_slice(line).unwrap();
        let times = line["timestamps"].as_array().unwrap().iter().map(|t| t.as_i64().unwrap());
        let values = line["values"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap());
        samples.entry(line["metric"].to_string()).or_default().extend(times.zip(values));
    }
    samples
}

#[test]
fn cuts_lose_and_repeat_no_sample() {
    let stub = stub::start();
    let whole = fetched(&stub, "good", "--start 0 --end 25000 --step 1");
    assert_eq!(whole.len(), 3);
    assert!(whole.values().all(|s| s.len() == 25_001 && s.is_sorted_by(|a, b| a.0 + 1_000 == b.0)));
    assert_eq!(fetched(&stub, "good", "--start 0 --end 25000 --step 1 --jobs 5"), whole);
}

#[test]
fn refusals_lose_and_repeat_no_sample() {
    let stub = stub::start();
    let whole = fetched(&stub, "good", "--start 0 --end 1999 --step 1");
    for scene in ["too-much", "too-long", "too-many-names", "busy", "reset", "asks-for-patience"] {
        assert_eq!(fetched(&stub, scene, "--start 0 --end 1999 --step 1"), whole, "{scene}");
        assert_eq!(fetched(&stub, scene, "--start 0 --end 1999 --step 1 --jobs 3"), whole, "{scene}");
    }
}

/// A range query still shows what ended up to five minutes before, or what the index of the server forgot.
#[test]
fn a_split_by_name_keeps_series_that_the_server_does_not_list() {
    let stub = stub::start();
    let whole = fetched(&stub, "good", "--start 1000 --end 1029 --step 1");
    assert_eq!(whole.len(), 3);
    for scene in ["old-series", "unlisted"] {
        assert_eq!(fetched(&stub, scene, "--start 1000 --end 1029 --step 1"), whole, "{scene}");
    }
}

#[test]
fn shards_are_the_whole() {
    let stub = stub::start();
    for scene in ["good", "unlisted"] {
        let mut sum = Samples::new();
        for shard in 1..=4 {
            let part = fetched(&stub, scene, &format!("--start 0 --end 99 --step 1 --shard {shard}/4"));
            assert!(part.iter().all(|(metric, samples)| sum.insert(metric.clone(), samples.clone()).is_none()));
        }
        assert_eq!(sum, fetched(&stub, "good", "--start 0 --end 99 --step 1"), "{scene}");
    }
}

#[test]
fn a_limit_of_names_does_not_shorten_what_is_left() {
    let stub = stub::start();
    let output = run(&stub, "too-many-names", "--start 0 --end 1999 --step 1");
    // 2,000 times are halved to 32 or less before the names are: some 64 pieces of three names.
    let lines = output.iter().filter(|&&b| b == b'\n').count();
    assert!((63 * 3..=70 * 3).contains(&lines), "{lines}");
}

#[test]
fn the_same_bytes_come_out_each_time() {
    let stub = stub::start();
    let first = run(&stub, "good", "--start 0 --end 9999 --step 1 --jobs 4");
    assert!(!first.is_empty());
    assert!((0..5).all(|_| run(&stub, "good", "--start 0 --end 9999 --step 1 --jobs 4") == first));
}
