//! The same data from a real Prometheus, promtool and VictoriaMetrics give the same grid, and quantiles
//! are those of Prometheus. Passed over, loudly, where the programs are not on the path.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

const START: i64 = 1_700_006_400;
const SECONDS: i64 = 60;
const BOUNDS: [&str; 6] = ["0.01", "0.05", "0.25", "1", "2.5", "+Inf"];
const QUANTILES: &str = "0.05,0.5,0.9,0.95,0.99";

/// A program that is ended with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn has(program: &str) -> bool {
    let there = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if there.is_err() {
        println!("PASSED OVER: {program} is not on the path; `make test` installs it");
    }
    there.is_ok()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A new folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("grid-build-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Series with their values: a histogram, a counter with a reset, a gauge of few digits (VictoriaMetrics
/// keeps about twelve).
fn series() -> Vec<(String, &'static str, Vec<f64>)> {
    let mut all = Vec::new();
    for (service, pace) in [("carts", 3.0), ("orders", 7.0)] {
        let count = |share: f64, t: i64| (t as f64 * pace * share * (1.0 + 0.3 * (t as f64 / 9.0).sin())).floor();
        for (at, bound) in BOUNDS.iter().enumerate() {
            let share = [0.1, 0.35, 0.6, 0.85, 0.97, 1.0][at];
            let mut most = 0.0f64;
            let values = (0..SECONDS).map(|t| {
                most = most.max(count(share, t));
                most
            });
            let name = format!("d_bucket{{le=\"{bound}\",service=\"{service}\"}}");
            all.push((name, "histogram", values.collect()));
        }
        let total = (0..SECONDS).map(|t| ((t % 41) as f64) * pace).collect();
        all.push((format!("hits_total{{service=\"{service}\"}}"), "counter", total));
        let level = (0..SECONDS).map(|t| ((t as f64 * 0.7).sin() * pace * 1e3).round() / 1e4).collect();
        all.push((format!("level{{service=\"{service}\"}}"), "gauge", level));
    }
    all
}

/// Starts a Prometheus that holds the series.
fn prometheus(folder: &Path) -> (Server, u16) {
    let mut text = String::new();
    for family in ["d", "hits", "level"] {
        let own = |s: &(String, &str, Vec<f64>)| {
            s.0.starts_with(&format!("{family}_")) || s.0.starts_with(&format!("{family}{{"))
        };
        for (at, (name, kind, values)) in series().into_iter().filter(own).enumerate() {
            if at == 0 {
                writeln!(text, "# TYPE {family} {kind}").unwrap();
            }
            for (t, value) in values.iter().enumerate() {
                writeln!(text, "{name} {value} {}", START + t as i64).unwrap();
            }
        }
    }
    fs::write(folder.join("data.om"), text + "# EOF\n").unwrap();
    let data = folder.join("tsdb");
    let made = Command::new("promtool")
        .args(["tsdb", "create-blocks-from", "openmetrics"])
        .args([&folder.join("data.om"), &data])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let port = free_port();
    let server = Command::new("prometheus")
        .arg(format!("--storage.tsdb.path={}", data.display()))
        .args(["--storage.tsdb.retention.time=100y", "--config.file=/dev/null"])
        .arg(format!("--web.listen-address=127.0.0.1:{port}"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server(server);
    wait(port, "/-/ready");
    (server, port)
}

fn wait(port: u16, path: &str) {
    for _ in 0..200 {
        if http(port, path, None).is_some_and(|(status, _)| status == 200) {
            return;
        }
        sleep(Duration::from_millis(100));
    }
    panic!("no answer on port {port} within 20 s");
}

/// Status and body of an HTTP/1.0 request: no chunks, no kept connections.
fn http(port: u16, path: &str, body: Option<&str>) -> Option<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let method = if body.is_some() { "POST" } else { "GET" };
    let body = body.unwrap_or_default();
    let head = format!("{method} {path} HTTP/1.0\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all((head + body).as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n")?;
    let status = std::str::from_utf8(&answer[..end]).ok()?.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer.split_off(end + 4)))
}

fn query_range(port: u16, query: &str) -> Vec<u8> {
    let coded: String = query.bytes().map(|b| format!("%{b:02X}")).collect();
    let (start, end) = (START, START + SECONDS - 1);
    let path = format!("/api/v1/query_range?query={coded}&start={start}&end={end}&step=1");
    let (status, body) = http(port, &path, None).unwrap();
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    body
}

fn grid_build(args: &[&str], input: &[u8]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_grid-build"))
        .args(args)
        .arg("--quiet")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The series as VictoriaMetrics exports them.
fn lines() -> String {
    let times: Vec<String> = (0..SECONDS).map(|t| format!("{}000", START + t)).collect();
    let one = |(name, _, values): (String, &str, Vec<f64>)| {
        let (metric, labels) = name.trim_end_matches('}').split_once('{').unwrap();
        let labels = labels.replace("=\"", "\":\"").replace("\",", "\",\"");
        let values: Vec<String> = values.iter().map(f64::to_string).collect();
        let (values, times) = (values.join(","), times.join(","));
        format!(
            "{{\"metric\":{{\"__name__\":\"{metric}\",\"{labels}}},\"values\":[{values}],\"timestamps\":[{times}]}}\n"
        )
    };
    series().into_iter().map(one).collect()
}

#[test]
fn all_sources_give_the_same_grid() {
    if !has("prometheus") || !has("promtool") {
        return;
    }
    let folder = folder("sources");
    let (_server, port) = prometheus(&folder);
    let body = query_range(port, "{__name__=~\".+\"}");
    let printed = Command::new("promtool")
        .args(["query", "range", "-o", "json", "--step=1s"])
        .arg(format!("--start={START}"))
        .arg(format!("--end={}", START + SECONDS - 1))
        .args([&format!("http://127.0.0.1:{port}"), "{__name__=~\".+\"}"])
        .output()
        .unwrap();
    let from_lines = grid_build(&[], lines().as_bytes());
    assert_eq!(from_lines.lines().count() as i64, SECONDS + 1);
    assert_eq!(grid_build(&[], &body), from_lines, "query_range");
    assert_eq!(grid_build(&[], &printed.stdout), from_lines, "promtool");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn quantiles_are_those_of_prometheus() {
    if !has("prometheus") || !has("promtool") {
        return;
    }
    let folder = folder("quantiles");
    let (_server, port) = prometheus(&folder);
    let body = query_range(port, "d_bucket");
    let increase = "d_bucket - d_bucket offset 1s";
    for (counters, buckets) in [("raw", "d_bucket"), ("auto", increase), ("delta", increase)] {
        let ours = grid_build(&["--counters", counters, "--quantiles", QUANTILES], &body);
        let mut theirs = Vec::new();
        for q in QUANTILES.split(',') {
            let query = format!("label_replace(histogram_quantile({q}, {buckets}), \"quantile\", \"{q}\", \"\", \"\")");
            theirs.extend(query_range(port, &query));
        }
        let theirs = grid_build(&[], &theirs);
        compare(&ours, &theirs);
    }
    fs::remove_dir_all(folder).unwrap();
}

/// Cell by cell, at 1e-9; our columns besides those of Prometheus do not matter.
fn compare(ours: &str, theirs: &str) {
    let table = |text: &str| -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|r| r.unwrap().iter().map(str::to_string).collect()).collect()
    };
    let (ours, theirs) = (table(ours), table(theirs));
    let labels = |text: &str| {
        let q = text.split("quantile=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
        (q, text.contains("carts"))
    };
    let mut compared = 0;
    for (column, name) in theirs[0].iter().enumerate().skip(1) {
        let own = ours[0].iter().position(|n| n.contains("quantile") && labels(n) == labels(name)).unwrap();
        for row in &theirs[1..] {
            let Some(mine) = ours.iter().find(|r| r[0] == row[0]) else { continue };
            let (want, got) = (row[column].parse::<f64>(), mine[own].parse::<f64>());
            match (want, got) {
                (Ok(want), Ok(got)) => {
                    assert!((want - got).abs() <= 1e-9 * want.abs(), "{name} {}: {got}, {want}", row[0])
                }
                (want, got) => assert_eq!(want.is_ok(), got.is_ok(), "{name} at {}", row[0]),
            }
            compared += 1;
        }
    }
    assert!(compared > 500, "only {compared} cells");
}

#[test]
fn an_export_of_victoria_metrics_gives_the_same_grid() {
    if !has("victoria-metrics") {
        return;
    }
    let folder = folder("victoria");
    let port = free_port();
    let server = Command::new("victoria-metrics")
        .arg(format!("-storageDataPath={}", folder.display()))
        .arg(format!("-httpListenAddr=127.0.0.1:{port}"))
        .arg("-retentionPeriod=100y")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _server = Server(server);
    wait(port, "/health");
    let (status, _) = http(port, "/api/v1/import", Some(&lines())).unwrap();
    assert_eq!(status, 204);
    http(port, "/internal/force_flush", None);
    let path = format!("/api/v1/export?match%5B%5D=%7B__name__!=%22%22%7D&start={START}&end={}", START + SECONDS);
    let (status, export) = http(port, &path, None).unwrap();
    assert_eq!(status, 200);
    assert_eq!(grid_build(&[], &export), grid_build(&[], lines().as_bytes()));
    drop(_server);
    fs::remove_dir_all(folder).unwrap();
}
