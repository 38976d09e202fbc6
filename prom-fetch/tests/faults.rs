//! Behind a proxy that spoils answers: what passes leaves no trace in the output, what stays ends the run, and never
//! is a line written that is not whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod chaos;
mod stub;

use std::collections::BTreeMap;
use std::process::{Command, Output};

use chaos::Fault::{self, Cut, Drip, Endless, Hangup, Instead, NoTrailer};
use chaos::Framing::{Chunked, Close, Gzip, Length};

fn run(url: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prom-fetch"))
        .args(["--url", url, "--quiet", "--step", "1", "--start", "0"])
        .args(arguments)
        .output()
        .unwrap()
}

/// How often each sample was written.
fn samples(output: &Output) -> BTreeMap<(String, i64, String), usize> {
    let mut counts = BTreeMap::new();
    for line in output.stdout.split(|&b| b == b'\n').filter(|line| !line.is_empty()) {
        let line: serde_json::Value = serde_json::from_slice(line).expect("each line is whole");
        for (time, value) in line["timestamps"].as_array().unwrap().iter().zip(line["values"].as_array().unwrap()) {
            let sample = (line["metric"].to_string(), time.as_i64().unwrap(), value.to_string());
            *counts.entry(sample).or_default() += 1;
        }
    }
    counts
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Sixty-four pieces, each spoilt in its own place, and still every sample comes exactly once.
#[test]
fn what_passes_leaves_no_trace() {
    let upstream = format!("{}/good", stub::start());
    let range = ["--end", "38399", "--jobs", "64"];
    let expected = samples(&run(&upstream, &range));
    assert_eq!((expected.len(), expected.values().max()), (3 * 38_400, Some(&1)));
    let cuts = [0, 64, 128, -1, -65].into_iter().flat_map(|at| [Length, Close].map(|framing| Cut(at, framing)));
    let others = [
        Cut(200, Chunked),
        Cut(15_000, Chunked),
        Cut(15_000, Gzip),
        Cut(-1, Gzip),
        NoTrailer,
        Hangup,
        Instead("429 Too Many Requests", "Retry-After: 0\r\n", "slow down"),
        Instead("429 Too Many Requests", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "slow down"),
        Instead("503 Service Unavailable", "", "starting"),
        Instead("502 Bad Gateway", "", "<html>bad gateway</html>"),
    ];
    for fault in cuts.chain(others) {
        let output = run(&chaos::start(&upstream, fault, 1), &range);
        assert!(output.status.success(), "{fault:?}: {}", words(&output));
        assert_eq!(samples(&output), expected, "{fault:?}");
    }
}

/// Cut again and again, each time further behind: what has come is progress, and is not written twice.
#[test]
fn what_passes_late_leaves_no_trace() {
    let upstream = format!("{}/good", stub::start());
    let expected = samples(&run(&upstream, &["--end", "99"]));
    for fault in [Cut(2_500, Close), Cut(4_000, Length), Instead("503 Service Unavailable", "Retry-After: 0\r\n", "")] {
        let output = run(&chaos::start(&upstream, fault, 2), &["--end", "99"]);
        assert!(output.status.success(), "{fault:?}: {}", words(&output));
        assert_eq!(samples(&output), expected, "{fault:?}");
    }
}

const MATRIX: &str =
    r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"a"},"values":["#;

#[test]
fn what_stays_ends_the_run() {
    let upstream = format!("{}/good", stub::start());
    let expected = samples(&run(&upstream, &["--end", "99"]));
    let faults: [(Fault, &str); 13] = [
        (Instead("429 Too Many Requests", "Retry-After: 0\r\n", ""), "429"),
        (Instead("500 Internal Server Error", "", "oops"), "500"),
        (Instead("302 Found", "Location: http://127.0.0.2:1/steal?x=1\r\n", ""), "redirects"),
        (Instead("200 OK", "", "<html>\x1b[31mlog in</html>"), "expected \"{\""),
        (Instead("200 OK", "", r#"{"status":"success","data":[]}"#), "expected a matrix"),
        (Cut(2_500, Close), "cut short"),
        (Cut(2_500, Length), "breaks off"),
        (NoTrailer, "breaks off"),
        (Hangup, "prom-fetch: http"),
        (Drip, "it drips"),
        (Endless("", " "), "white space"),
        (Endless(MATRIX, "[1700000000,\"1\"],"), "more points than were asked for"),
        (Endless(r#"{"status":"success","stats":""#, "[["), "too long"),
    ];
    for (fault, words_expected) in faults {
        let url = chaos::start(&upstream, fault, usize::MAX);
        let output = run(&url, &["--end", "99", "--retries", "1", "--timeout", "500ms"]);
        let words = words(&output);
        assert_eq!(output.status.code(), Some(1), "{fault:?}: {words}");
        assert!(words.contains(words_expected), "{fault:?}: {words}");
        assert!(words.lines().count() == 1 && !words.contains('\x1b'), "{fault:?}: {words}");
        let written = samples(&output);
        assert!(written.iter().all(|(sample, count)| *count == 1 && expected.contains_key(sample)), "{fault:?}");
        assert_eq!(written.is_empty(), !words.contains("not whole"), "{fault:?}: {words}");
    }
}

#[test]
fn the_whole_ends_in_time() {
    let upstream = format!("{}/good", stub::start());
    for fault in [Drip, Instead("503 Service Unavailable", "", "")] {
        let begun = std::time::Instant::now();
        let output = run(&chaos::start(&upstream, fault, usize::MAX), &["--end", "99", "--max-time", "1s"]);
        assert_eq!(output.status.code(), Some(1), "{fault:?}");
        assert!(begun.elapsed().as_secs() < 4, "{fault:?}: {:?}", begun.elapsed());
    }
}
