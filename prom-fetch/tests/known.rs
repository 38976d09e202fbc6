//! Every sample of a real Prometheus, and of VictoriaMetrics, with known, nasty data, fetched through faults and limits, beside what was put in.
//!
//! `STRAIN_SAMPLES=5000000 cargo test -p strain-prom-fetch --test known` does it at that size (forty seconds of processor time for
//! Prometheus; part of `make test-lab`).
#![allow(clippy::unwrap_used, clippy::panic)]

mod chaos;
mod server;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Command;

use chaos::Fault::{self, Cut, Instead, NoTrailer};
use chaos::Framing::{Close, Length};
use server::Server;

/// For each series, its samples: milliseconds, and the bits of the value where it is finite.
type Samples = BTreeMap<String, Vec<(i64, Option<u64>)>>;

const START: i64 = 1_700_000_000;
/// What a label may hold.
const VALUES: [&str; 12] = [
    "plain",
    "a\"b",
    "back\\slash",
    "new\nline",
    "日本語😀",
    "tab\there",
    "{x=\"y\"}",
    "</script>",
    "\u{2028}",
    "\u{202e}rtl",
    "a&b+%20",
    "",
];
/// What no mean or rate would show.
const EXTREMES: [f64; 7] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 5e-324, f64::MAX, 1e-7];

/// Xorshift (Marsaglia, 2003): the same data in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.next().is_multiple_of(n)
    }
}

/// So many series of so many seconds, as OpenMetrics text, and what must come of them.
fn data(series: usize, seconds: i64) -> (String, Samples) {
    let (mut text, mut samples, mut chance) = (String::new(), Samples::new(), Chance(7));
    for index in 0..series {
        let counter = (index / 20) % 2 == 0;
        let (family, kind) = (format!("m{:03}", index / 20), if counter { "counter" } else { "gauge" });
        if index.is_multiple_of(20) {
            writeln!(text, "# TYPE {family} {kind}").unwrap();
        }
        let name = if counter { format!("{family}_total") } else { family };
        let value = VALUES[index % VALUES.len()];
        let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let mut labels = BTreeMap::from([("__name__", name.as_str()), ("idx", "")]);
        let id = index.to_string();
        labels.insert("idx", &id);
        if !value.is_empty() {
            labels.insert("v", value);
        }
        let points = points(index, counter, seconds, &mut chance);
        for (ms, value) in &points {
            let value = if value.is_nan() { String::from("NaN") } else { format!("{value:?}").replace("inf", "Inf") };
            writeln!(text, "{name}{{idx=\"{id}\",v=\"{escaped}\"}} {value} {}.{:03}", ms / 1000, ms % 1000).unwrap();
        }
        let points = points.into_iter().map(|(ms, value)| (ms, value.is_finite().then(|| value.to_bits())));
        samples.insert(serde_json::to_string(&labels).unwrap(), points.collect());
    }
    (text + "# EOF\n", samples)
}

/// Counters that start again, gauges of all sizes, gaps, and times beside the seconds.
fn points(index: usize, counter: bool, seconds: i64, chance: &mut Chance) -> Vec<(i64, f64)> {
    let gap = chance.next() as i64 % seconds;
    let mut total = 0.0;
    let mut points = Vec::new();
    for second in 0..seconds {
        let lost = index.is_multiple_of(3) && (gap..gap + 60).contains(&second) || index % 50 == 7 && chance.one_in(2);
        if lost {
            continue;
        }
        total = if chance.one_in(500) { 0.0 } else { total + (chance.next() % 7) as f64 * 0.5 };
        let value = match () {
            () if counter => total,
            () if chance.one_in(200) => EXTREMES[chance.next() as usize % EXTREMES.len()],
            () => (chance.next() as f64 / u64::MAX as f64 - 0.5) * 10_f64.powi((chance.next() % 30) as i32 - 15),
        };
        let beside = if index % 4 == 2 { index as i64 % 7 } else { 0 };
        points.push(((START + second) * 1000 + beside, value));
    }
    points
}

#[derive(serde::Deserialize)]
struct Line<'a> {
    metric: BTreeMap<String, String>,
    #[serde(borrow)]
    values: Vec<&'a serde_json::value::RawValue>,
    timestamps: Vec<i64>,
}

fn fetched(url: &str, arguments: &[&str]) -> Samples {
    let output = Command::new(env!("CARGO_BIN_EXE_prom-fetch"))
        .args(["--url", url, "--quiet", "--wait", "60s", "--timeout", "10m", "{idx=~\".+\"}"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut samples = Samples::new();
    for line in output.stdout.split(|&b| b == b'\n').filter(|line| !line.is_empty()) {
        let line: Line = serde_json::from_slice(line).unwrap();
        // serde_json may be off by the last bit of a number, so the standard library reads it.
        let values = line.values.iter().map(|text| text.get().parse::<f64>().ok().map(f64::to_bits));
        let times = line.timestamps.into_iter();
        samples.entry(serde_json::to_string(&line.metric).unwrap()).or_default().extend(times.zip(values));
    }
    samples
}

fn assert_equal(found: &Samples, expected: &Samples, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: series");
    for (series, samples) in expected {
        let came = found.get(series).unwrap_or_else(|| panic!("{what}: {series} did not come"));
        let first = samples.iter().zip(came).find(|(a, b)| a != b);
        assert!(
            came.len() == samples.len() && first.is_none(),
            "{what}: {series}: {} of {}: {first:?}",
            came.len(),
            samples.len()
        );
    }
}

/// How many samples in how many seconds.
fn size() -> (usize, i64) {
    let size: usize = std::env::var("STRAIN_SAMPLES").ok().and_then(|text| text.parse().ok()).unwrap_or(60_000);
    (size, if size > 1_000_000 { 12_600 } else { 600 })
}

/// Raw samples of the whole range: alone, through faults, and in shards.
fn assert_all_come(server: &Server, seconds: i64, expected: &Samples, faults: &[Fault]) {
    let (start, end) = (START.to_string(), (START + seconds).to_string());
    let raw = ["--raw", "--start", &start, "--end", &end];
    assert_equal(&fetched(&server.url, &raw), expected, "alone");
    // How each fault is overcome does not depend on the size; that one is, at any size, is shown by the first.
    let faults = if expected.values().map(Vec::len).sum::<usize>() > 1_000_000 { &faults[..1] } else { faults };
    for fault in faults {
        let url = chaos::start(&server.url, *fault, 1);
        assert_equal(&fetched(&url, &[&raw[..], &["--jobs", "16"]].concat()), expected, &format!("{fault:?}"));
    }
    let mut sum = Samples::new();
    for shard in ["1/3", "2/3", "3/3"] {
        let part = fetched(&server.url, &[&raw[..], &["--shard", shard]].concat());
        assert!(part.into_iter().all(|(series, samples)| sum.insert(series, samples).is_none()), "{shard}");
    }
    assert_equal(&sum, expected, "shards");
}

#[test]
fn every_sample_comes_once_whatever_is_in_the_way() {
    let (size, seconds) = size();
    let (text, expected) = data(size / seconds as usize, seconds);
    // So few that the whole is refused, and so are most halves.
    let most = format!("--query.max-samples={}", size / 8);
    let Some(server) = server::prometheus("known", &text, &[&most]) else { return };
    let faults = [
        Cut(2_000, Length),
        Cut(100, Close),
        NoTrailer,
        Instead("429 Too Many Requests", "Retry-After: 0\r\n", "slow down"),
        Instead("503 Service Unavailable", "", "starting"),
    ];
    assert_all_come(&server, seconds, &expected, &faults);
}

/// VictoriaMetrics keeps decimals, some fifteen digits and one exponent for many samples: it is given thousandths.
#[test]
fn every_sample_comes_once_from_victoria_metrics() {
    let (size, seconds) = size();
    let (_, mut expected) = data(size / seconds as usize, seconds);
    let mut lines = String::new();
    for (series, samples) in &mut expected {
        samples.retain(|(_, bits)| bits.is_some());
        let value = |bits: u64| (f64::from_bits(bits).clamp(-1e6, 1e6) * 1000.0).round() / 1000.0;
        samples.iter_mut().for_each(|(_, bits)| *bits = bits.map(|bits| (value(bits) + 0.0).to_bits()));
        let values: Vec<f64> = samples.iter().filter_map(|(_, bits)| bits.map(f64::from_bits)).collect();
        let times: Vec<i64> = samples.iter().map(|(ms, _)| *ms).collect();
        writeln!(lines, "{{\"metric\":{series},\"values\":{values:?},\"timestamps\":{times:?}}}").unwrap();
    }
    // The whole is refused; what one name has must pass, for it counts all samples of the blocks that a range touches.
    let most = format!("-search.maxSamplesPerQuery={}", size / 2);
    let Some(server) = server::victoria_metrics("victoria", &lines, &[&most, "-search.maxConcurrentRequests=16"])
    else {
        return;
    };
    let faults = [Cut(2_000, Length), Instead("429 Too Many Requests", "Retry-After: 0\r\n", "slow down")];
    assert_all_come(&server, seconds, &expected, &faults);
}
