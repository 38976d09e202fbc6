//! Against a real Prometheus with known samples at known times; passed over, with a word, where none is installed.
#![allow(clippy::unwrap_used)]

mod server;

use std::process::{Command, Output};

use server::{Server, prometheus};

const START: i64 = 1_700_000_000;
const COUNT: i64 = 400;

/// Fifty gauges and a counter that is scraped a quarter of a second after each full second.
fn samples() -> String {
    let mut text = String::new();
    for name in 0..50 {
        text += &format!("# TYPE gauge_{name:02} gauge\n");
        for k in 0..COUNT {
            text += &format!("gauge_{name:02}{{job=\"shop\"}} {} {}\n", k % 17 + name, START + k);
        }
    }
    text += "# TYPE requests counter\n";
    for k in 0..COUNT {
        text += &format!("requests_total{{job=\"shop\",path=\"a\\\"b\"}} {} {}.25\n", k * 3, START + k);
    }
    text + "# EOF\n"
}

fn run(server: &Server, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prom-fetch"))
        .args(["--url", &server.url, "--wait", "60s"])
        .args(arguments)
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<serde_json::Value> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const RANGE: [&str; 6] = ["--start", "1700000000", "--end", "1700000399", "--step", "1"];

#[test]
fn a_range_and_raw_samples_are_as_they_were_scraped() {
    let Some(server) = prometheus("range", &samples(), &[]) else { return };
    let found = lines(&run(&server, &[&RANGE[..], &["{job=\"shop\"}"]].concat()));
    assert_eq!(found.len(), 51);
    let gauge = found.iter().find(|line| line["metric"]["__name__"] == "gauge_07").unwrap();
    let expected: Vec<i64> = (0..COUNT).map(|k| k % 17 + 7).collect();
    assert_eq!(gauge["values"], serde_json::json!(expected));
    assert_eq!(gauge["timestamps"], serde_json::json!((0..COUNT).map(|k| (START + k) * 1000).collect::<Vec<_>>()));

    let raw = lines(&run(&server, &["--raw", "--start", "1700000000.25", "--end", "1700000002.25", "requests_total"]));
    let expected = serde_json::json!([{
        "metric": {"__name__": "requests_total", "job": "shop", "path": "a\"b"},
        "values": [0, 3, 6],
        "timestamps": [1_700_000_000_250_i64, 1_700_000_001_250_i64, 1_700_000_002_250_i64],
    }]);
    assert_eq!(serde_json::json!(raw), expected);
}

#[test]
fn a_query_without_a_series_is_told() {
    let Some(server) = prometheus("none", &samples(), &[]) else { return };
    let output = run(&server, &[&RANGE[..], &["gauge_00", "gauge_xx"]].concat());
    assert_eq!((output.status.code(), lines(&output).len()), (Some(0), 1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.starts_with("prom-fetch: no series in this range: \"gauge_xx\"\n"), "{said}");
}

#[test]
fn a_server_that_allows_few_samples_gives_all_of_them() {
    let Some(server) = prometheus("few", &samples(), &["--query.max-samples=900"]) else { return };
    let output = run(&server, &[&RANGE[..], &["{job=\"shop\"}"]].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("too many samples"), "{said}");
    let mut sums = std::collections::BTreeMap::<String, (usize, i64)>::new();
    for line in lines(&output) {
        let sum = sums.entry(line["metric"].to_string()).or_default();
        let times = line["timestamps"].as_array().unwrap();
        *sum = (sum.0 + times.len(), sum.1 + times.iter().filter_map(serde_json::Value::as_i64).sum::<i64>());
    }
    let times = |from: i64| (from..COUNT).map(|k| (START + k) * 1000).sum::<i64>();
    assert_eq!(sums.len(), 51);
    for (metric, (count, sum)) in sums {
        let late = i64::from(metric.contains("requests_total"));
        assert_eq!((count as i64, sum), (COUNT - late, times(late)), "{metric}");
    }
}

#[test]
fn the_server_tells_its_types_its_step_and_its_errors() {
    let Some(server) = prometheus("self", &samples(), &[]) else { return };
    let is_scraped = |output: &Output| String::from_utf8_lossy(&output.stdout).contains("\"type\":\"counter\"");
    let query = r#"{__name__=~"prometheus_http_requests_total|up"}"#;
    let output = (0..240).map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(250));
        run(&server, &["--last", "1m", query])
    });
    let output = { output }.find(is_scraped).unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("step 3s: the shortest scrape interval"));
    let is_told = |line: &serde_json::Value| line["metric"]["__name__"] != "up";
    assert!(lines(&output).iter().all(|l| is_told(l) == l["type"].is_string() && is_told(l) == l["help"].is_string()));

    let bad = run(&server, &["--step", "1", "rate("]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&bad.stderr).contains("the server answers 400: \"bad_data:"));
}

/// A histogram of ten pods that is most of all, some gauges, and a series of the histogram without a pod.
fn samples_of_a_big_family() -> String {
    let mut text = String::from("# TYPE big histogram\n");
    for pod in 0..10 {
        for le in ["0.1", "1", "+Inf"] {
            text += &format!("big_bucket{{pod=\"p\\\"{pod}\",le=\"{le}\"}} 1 {START}\n");
        }
        text += &format!("big_count{{pod=\"p\\\"{pod}\"}} 1 {START}\nbig_sum{{pod=\"p\\\"{pod}\"}} 1 {START}\n");
    }
    text += &format!("big_bucket{{le=\"+Inf\"}} 2 {START}\nbig_count 2 {START}\nbig_sum 2 {START}\n");
    for name in 0..7 {
        text += &format!("# TYPE small_{name} gauge\nsmall_{name}{{pod=\"p\"}} 1 {START}\n");
    }
    text + "# EOF\n"
}

#[test]
fn packed_shards_are_even_and_are_the_whole() {
    let Some(server) = prometheus("packed", &samples_of_a_big_family(), &[]) else { return };
    let range = ["--start", "1700000000", "--end", "1700000000", "--step", "1", "{__name__=~\"big_.*|small_.*\"}"];
    let list = run(&server, &[&range[..], &["--list-shards", "4", "--shard-by", "pod"]].concat());
    assert!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));
    let list = String::from_utf8(list.stdout).unwrap();
    let mut sizes = [0; 4];
    for row in list.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        sizes[cells[0][..1].parse::<usize>().unwrap() - 1] += cells[1].parse::<usize>().unwrap();
    }
    // 60 series: a share is 15, so the family of 53 is cut into four parts.
    assert_eq!(sizes.iter().sum::<usize>(), 60);
    assert_eq!(list.matches(",big,pod,").count(), 4);
    assert!(sizes.iter().all(|&size| size <= 30), "{list}");

    // The second list knows nothing of a family: it goes by its hash.
    let forgets = list.lines().filter(|row| !row.contains(",small_3,")).collect::<Vec<_>>().join("\n") + "\n";
    for (name, list) in [("packed", list), ("forgets", forgets)] {
        let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.csv", std::process::id()));
        std::fs::write(&file, &list).unwrap();
        let mut pods = std::collections::BTreeMap::<String, usize>::new();
        let mut all: Vec<String> = Vec::new();
        for shard in 1..=4 {
            let shard_option = format!("{shard}/4");
            let options = ["--shard", &shard_option, "--packed", file.to_str().unwrap()];
            for line in lines(&run(&server, &[&range[..], &options].concat())) {
                if line["metric"]["__name__"].as_str().unwrap().starts_with("big_") {
                    let pod = line["metric"]["pod"].to_string();
                    assert_eq!(*pods.entry(pod).or_insert(shard), shard, "a pod's histogram is in one shard");
                }
                all.push(line["metric"].to_string());
            }
        }
        std::fs::remove_file(&file).unwrap();
        let mut whole: Vec<String> =
            lines(&run(&server, &range)).iter().map(|line| line["metric"].to_string()).collect();
        all.sort();
        whole.sort();
        assert_eq!((all.len(), pods.len()), (60, 11), "{name}");
        assert_eq!(all, whole, "{name}");
    }
}

/// Two series that end two minutes before the range, at an edge of the server's blocks, are still in it.
fn samples_at_an_edge() -> String {
    let mut text = String::new();
    for name in 0..42 {
        let (name, end) =
            if name < 2 { (format!("old{name}"), EDGE - 120) } else { (format!("new{name}"), EDGE + 600) };
        text += &format!("# TYPE {name} gauge\n");
        for time in EDGE - 600..end {
            text += &format!("{name} 1 {time}\n");
        }
    }
    text + "# EOF\n"
}

/// A multiple of two hours.
const EDGE: i64 = 1_700_006_400;

#[test]
fn a_split_by_name_keeps_series_that_live_by_look_back() {
    for most in ["50000000", "300", "200"] {
        let option = format!("--query.max-samples={most}");
        let Some(server) = prometheus(&format!("edge-{most}"), &samples_at_an_edge(), &[&option]) else { return };
        let (start, end) = (EDGE.to_string(), (EDGE + 20).to_string());
        let found = lines(&run(&server, &["--start", &start, "--end", &end, "--step", "1"]));
        let mut names: Vec<String> = found.iter().map(|line| line["metric"]["__name__"].to_string()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 42, "{most}");
    }
}
