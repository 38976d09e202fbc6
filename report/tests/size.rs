//! How large a page becomes.

use report::{Clock, Entry, Field, Heading, Line, Panel, Ranking, Report, Series, Time, page};

const SERIES: usize = 1000;
const SAMPLES: usize = 3600;

/// Values that no code could shorten.
fn noise(seed: usize) -> Vec<f64> {
    let mut state = seed as u64 + 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / 1e6
    };
    (0..SAMPLES).map(|_| next()).collect()
}

fn header(i: usize) -> String {
    format!(
        "request_duration_seconds_mean{{instance=\"service-{}:80\",method=\"GET\",route=\"/items/{i}\",status_code=\"200\"}}",
        i % 20
    )
}

fn time() -> Time {
    let times = |start: i64| (0..SAMPLES as i64).map(|row| start + 1000 * row).collect::<Vec<i64>>();
    let of = |i: usize| Series { name: header(i), unit: "s", values: vec![noise(2 * i), noise(2 * i + 1)] };
    let panel = |series| Panel { lines: vec![Line { series, ..Line::default() }], ..Panel::default() };
    Time {
        clock: Clock::new(&[("steady".into(), 0, 3_599_000), ("overload".into(), 3_600_000, 7_199_000)]),
        times_ms: vec![times(0), times(3_600_000)],
        series: (0..SERIES).map(of).collect(),
        outcomes: (0..4).map(panel).collect(),
        suspects: (4..12).map(panel).collect(),
        ..Time::default()
    }
}

fn metrics() -> Ranking {
    let names = ["metric", "service", "kind", "steady", "overload", "change", "deviations", "q", "onset", "score"];
    let headings = names.iter().enumerate();
    let headings = headings.map(|(i, name)| Heading { text: (*name).into(), numeric: i > 2, ..Heading::default() });
    let entry = |i: usize| {
        let field = |k: usize| Field { text: format!("{}.{k}", i * 7), value: (i * k) as f64 / 7.0 };
        let words = ["request_duration_seconds_mean · GET /items 200", "service-12", "latency"].map(Field::words);
        Entry {
            cells: words.into_iter().chain((3..10).map(field)).collect(),
            full_name: header(i),
            series: Some(i),
            ..Entry::default()
        }
    };
    Ranking {
        headings: headings.collect(),
        entries: (0..SERIES).map(entry).collect(),
        series: true,
        ..Ranking::default()
    }
}

#[test]
fn page_of_a_thousand_series_stays_below_one_and_a_half_megabytes() {
    let html = page(&Report { time: Some(time()), metrics: Some(metrics()), ..Report::default() });
    assert!(html.len() < 1_500_000, "{} bytes", html.len());
    assert!(html.contains("thinned for the screen"));
}
