//! Numbers from another implementation (tools/golden_grid_build.py, numpy).

#![allow(clippy::unwrap_used)]

use std::fs::File;
use std::path::PathBuf;

use grid::Grid;
use grid_build::{Load, Options, Store, assemble, read_requests};

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn stall() -> Grid {
    let requests = read_requests(File::open(golden("stall_requests.csv")).unwrap()).unwrap();
    let locust = Load { logs: vec![requests], quantiles: vec![0.5, 0.95, 0.99], ..Load::default() };
    assemble(Store::new(), &locust, &Options::default()).unwrap().grid
}

#[test]
fn the_per_request_log_gives_exact_numbers_for_every_second() {
    let grid = stall();
    let columns = [
        "locust_rps",
        "locust_failures_per_s",
        "locust_response_time_ms_mean",
        "locust_response_time_ms{quantile=\"0.5\"}",
        "locust_response_time_ms{quantile=\"0.95\"}",
        "locust_response_time_ms{quantile=\"0.99\"}",
        "locust_in_flight",
        "locust_stalled",
    ];
    let mut expected = csv::Reader::from_path(golden("stall_expected.csv")).unwrap();
    let mut rows = 0;
    for (row, record) in expected.records().enumerate() {
        let record = record.unwrap();
        assert_eq!(record[0].parse::<i64>().unwrap() * 1000, grid.times_ms[row]);
        for (at, name) in columns.iter().enumerate() {
            let (got, want) = (grid.find(name).unwrap().values[row], record[at + 1].parse().unwrap_or(f64::NAN));
            let close = got.is_nan() && want.is_nan() || (got - want).abs() <= 1e-9 * want.abs();
            assert!(close, "{name} at {}: {got}, expected {want}", &record[0]);
        }
        rows += 1;
    }
    assert_eq!(rows, grid.rows());
}

#[test]
fn the_delay_of_a_stall_stands_where_the_requests_were_sent() {
    // The server stood still from 1795366801 to 1795366821.
    let grid = stall();
    let p99 = &grid.find("locust_response_time_ms{quantile=\"0.99\"}").unwrap().values;
    let stalled = &grid.find("locust_stalled").unwrap().values;
    let slow: Vec<i64> = (0..grid.rows()).filter(|&k| p99[k] > 10_000.0).map(|k| grid.times_ms[k] / 1000).collect();
    assert_eq!(slow, [1_795_366_801, 1_795_366_802]);
    let still: Vec<i64> = (0..grid.rows()).filter(|&k| stalled[k] == 1.0).map(|k| grid.times_ms[k] / 1000).collect();
    assert_eq!(still, (1_795_366_802..=1_795_366_820).collect::<Vec<i64>>());
    assert!((0..grid.rows()).all(|k| p99[k] != 0.0), "a stall is a gap, never a zero");
}
