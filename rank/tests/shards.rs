//! Measured in shards and ranked from their measures, the table is that of one run, to the byte: whatever the shards,
//! as long as all series of one metric name are in one.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::collection::vec;
use proptest::prelude::*;

const ROWS: usize = 12;
const SERVICES: [&str; 3] = ["carts", "orders", "user"];

/// Families, as labels beside the service: causes, symptoms on routes, what is held to a limit by another family, errors,
/// presence, calls, load.
const FAMILIES: [(&str, &[&str]); 13] = [
    ("process_cpu_seconds_total", &[""]),
    ("request_duration_seconds", &["quantile=\"0.5\",route=\"/a\"", "quantile=\"0.5\",route=\"/b\""]),
    ("requests_total", &["code=\"200\"", "code=\"500\""]),
    ("process_open_fds", &[""]),
    ("process_max_fds", &[""]),
    ("pgbouncer_pools_client_waiting_connections", &["database=\"orders\""]),
    ("http_client_request_duration_seconds_mean", &["server_address=\"carts:80\"", "server_address=\"user:80\""]),
    ("up", &[""]),
    ("queue_length", &[""]),
    ("go_goroutines", &[""]),
    ("node_exporter_build_info", &[""]),
    ("locust_response_time_ms", &[""]),
    (STORE, &[""]),
];

/// Of one service alone, which is a store by it.
const STORE: &str = "pg_stat_activity_max_tx_duration";

/// What becomes of a series: whether it is there in the steady state and in the overload, and its values.
type Series = (bool, bool, Vec<Option<f64>>, Vec<Option<f64>>);

fn value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        6 => (0.0..4.0_f64).prop_map(Some),
        2 => (0i32..3).prop_map(|v| Some(f64::from(v))),
        1 => Just(None),
        1 => prop_oneof![Just(Some(1e308)), Just(Some(-1e308)), Just(Some(1e-300))],
    ]
}

fn series() -> impl Strategy<Value = Series> {
    let there = prop_oneof![6 => Just(true), 1 => Just(false)];
    let there_too = prop_oneof![6 => Just(true), 1 => Just(false)];
    let steady = prop_oneof![2 => vec(value(), ROWS), 1 => (0i32..3).prop_map(|v| vec![Some(f64::from(v)); ROWS])];
    let overload = prop_oneof![4 => vec(value(), ROWS), 1 => Just(vec![None; ROWS])];
    (there, there_too, steady, overload)
}

fn headers() -> Vec<(usize, String)> {
    let mut headers = Vec::new();
    for (family, (name, labels)) in FAMILIES.iter().enumerate() {
        for service in SERVICES.iter().filter(|service| *name != STORE || **service == "user") {
            for label in *labels {
                let comma = if label.is_empty() { "" } else { "," };
                headers.push((family, format!("{name}{{{label}{comma}service=\"{service}\"}}")));
            }
        }
    }
    headers
}

fn grid(columns: &[(&String, &Vec<Option<f64>>)], start: usize) -> String {
    let mut text = "time".to_string();
    columns.iter().for_each(|(header, _)| write!(text, ",\"{}\"", header.replace('"', "\"\"")).unwrap());
    for row in 0..ROWS {
        write!(text, "\n{}", 1_700_000_000 + start + row).unwrap();
        for (_, values) in columns {
            text.push(',');
            values[row].into_iter().for_each(|v| write!(text, "{v}").unwrap());
        }
    }
    text + "\n"
}

/// Writes the two states of some families.
fn write_states(
    folder: &Path,
    name: &str,
    all: &[Series],
    headers: &[(usize, String)],
    of: &BTreeSet<usize>,
) -> [PathBuf; 2] {
    let chosen = || all.iter().zip(headers).filter(|(_, (family, _))| of.contains(family));
    let steady: Vec<_> = chosen().filter(|(s, _)| s.0).map(|(s, (_, header))| (header, &s.2)).collect();
    let overload: Vec<_> = chosen().filter(|(s, _)| s.1).map(|(s, (_, header))| (header, &s.3)).collect();
    let paths = ["steady", "overload"].map(|state| folder.join(format!("{name}-{state}.csv")));
    fs::write(&paths[0], grid(&steady, 0)).unwrap();
    fs::write(&paths[1], grid(&overload, 600)).unwrap();
    paths
}

fn rank(arguments: &[&str], files: &[&Path]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_rank")).args(arguments).args(files).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

const WAYS: [&[&str]; 6] = [
    &[],
    &["--by", "service", "--to", "jsonl"],
    &["--by", "route", "--calls", "labels", "--score", "z"],
    &["--calls", "labels", "--fail-on", "q<0.5 and pct_change>10"],
    &["--explain"],
    &["--aspects", "--to", "table", "--top", "7", "--when", "queue_length{service=\"carts\"}"],
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_split_by_family_gives_the_bytes_of_one_run(
        all in vec(series(), headers().len()),
        shard in vec(0usize..4, FAMILIES.len()),
        form in prop_oneof![Just("csv"), Just("jsonl")],
        twice in any::<bool>(),
    ) {
        let folder = std::env::temp_dir().join(format!("rank-shards-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let headers = headers();
        let [steady, overload] = write_states(&folder, "all", &all, &headers, &(0..FAMILIES.len()).collect());
        let mut shards: BTreeMap<usize, BTreeSet<usize>> = (0..4).map(|shard| (shard, BTreeSet::new())).collect();
        shard.iter().enumerate().for_each(|(family, shard)| _ = shards.get_mut(shard).unwrap().insert(family));
        let mut measures = Vec::new();
        let baseline = |steady: &Path| {
            let one = ["--baseline".to_string(), steady.display().to_string()];
            if twice { [one.clone(), one].concat() } else { one.to_vec() }
        };
        for (shard, families) in shards {
            let [steady, overload] = write_states(&folder, "shard", &all, &headers, &families);
            let measured = folder.join(format!("{shard}.{form}"));
            let baseline = baseline(&steady);
            let mut arguments: Vec<&str> = baseline.iter().map(String::as_str).collect();
            arguments.extend(["--emit", "measures", "--to", form]);
            let (text, said, code) = rank(&arguments, &[&overload]);
            prop_assert_eq!((said.as_str(), code), ("", Some(0)));
            fs::write(&measured, text).unwrap();
            measures.insert(shard % (measures.len() + 1), measured);
        }
        let baseline = baseline(&steady);
        for way in WAYS {
            let mut arguments: Vec<&str> = baseline.iter().map(String::as_str).collect();
            arguments.extend(way);
            let whole = rank(&arguments, &[&overload]);
            let parts: Vec<&Path> = measures.iter().map(PathBuf::as_path).collect();
            let reduced = rank(&[&["--measures"], way].concat(), &parts);
            prop_assert_eq!(whole, reduced, "{:?}", way);
        }
        let parts: Vec<&Path> = measures.iter().map(PathBuf::as_path).collect();
        let (all, few) = (rank(&["--measures"], &parts).0, rank(&["--measures", "--top", "5"], &parts).0);
        prop_assert_eq!(all.lines().take(6).collect::<Vec<_>>(), few.lines().collect::<Vec<_>>());
        fs::remove_dir_all(&folder).unwrap();
    }
}
