//! Metrics over time: what the users saw, the suspects, and how far each service was from its steady state.

use names::{Catalogue, Name};
use report::words::{is_time_per_second, number, unit};
use report::{Mark, Panel, Strength, Time, duration};
use stats::{quantile, sorted, spread};

use super::inputs::Inputs;
use super::other;
use super::outcomes::{means, panels};
use super::series::Store;
use super::suspects::{Suspect, heading};

/// The shares of the steady values between which the band lies.
const BAND: (f64, f64) = (0.05, 0.95);
/// Metrics that speak for a service in the heat map, and its stretches over both phases.
const SPEAKERS: usize = 3;
const STRETCHES: f64 = 120.0;
/// The least deviation, as a share of the median.
const LEAST_SPREAD: f64 = 0.05;

/// All pictures over time; the series move there.
pub(crate) fn time(inputs: &Inputs, mut store: Store, suspects: &[Suspect], most: usize) -> Time {
    let mut outcomes = panels(&mut store, &inputs.naming, inputs.on.as_deref());
    let mut shown: Vec<Panel> =
        suspects.iter().filter_map(|suspect| panel(inputs, &store, suspect)).take(most).collect();
    if let Some(other) = &inputs.other {
        outcomes.iter_mut().chain(&mut shown).for_each(|panel| other::draw_over(panel, &mut store, other));
    }
    if let Some((panel, on)) = outcomes.first_mut().filter(|panel| panel.leading).zip(inputs.on.as_deref()) {
        panel.onset = onset(inputs, &store, on);
        panel.peaks = peaks(inputs, &store, on);
        panel.band = store.find(on).and_then(|series| band(store.steady(series)));
    }
    let strengths = strengths(&store, suspects);
    let marks = marks(inputs, &store);
    let Store { clock, times_ms, series, .. } = store;
    let heading = heading(inputs);
    Time { clock, times_ms, series, outcomes, heading, suspects: shown, strengths, marks }
}

fn panel(inputs: &Inputs, store: &Store, suspect: &Suspect) -> Option<Panel> {
    let series = store.find(&suspect.metric)?;
    let rank = &inputs.rank;
    let number_in = |column: &str| rank.number(suspect.row, column);
    let mut details = vec![means(store, series)];
    let onset_words = number_in("onset").map(|onset| format!("onset {} into the overload", number(onset, "s")));
    let chance = number_in("q").map(|q| format!("q\u{a0}{}", probability(q)));
    details.extend(time_per_second(&suspect.metric).map(str::to_string));
    let more: Vec<String> = onset_words.into_iter().chain(chance).collect();
    details.push(more.join(" · "));
    details.retain(|detail| !detail.is_empty());
    let others: Vec<String> = suspect
        .others
        .iter()
        .filter_map(|row| rank.text(*row, "metric"))
        .map(|name| inputs.naming.short(&name))
        .collect();
    let folded = (!others.is_empty()).then(|| {
        let metrics = if others.len() == 1 { "metric" } else { "metrics" };
        (format!("stands for {} more {metrics}", others.len()), others)
    });
    Some(Panel {
        title: inputs.naming.long(&suspect.metric),
        details,
        folded,
        unit: unit(&suspect.metric),
        lines: vec![report::Line { series, ..report::Line::default() }],
        band: band(store.steady(series)),
        onset: onset(inputs, store, &suspect.metric),
        peaks: peaks(inputs, store, &suspect.metric),
        leading: false,
    })
}

/// What a rate of seconds is: of requests, how many were in progress; of what waits or is held up, a share of the time.
fn time_per_second(metric: &str) -> Option<&'static str> {
    let (catalogue, name) = (Catalogue::default(), Name::parse(metric));
    is_time_per_second(unit(metric)).then(|| match catalogue.read(&name).kind {
        "latency" => "seconds of work per second: how many were in progress",
        _ => "seconds per second",
    })
}

/// `3.4e-21` → `< 0.001`.
pub(crate) fn probability(q: f64) -> String {
    if q < 0.001 { "<\u{a0}0.001".to_string() } else { number(q, "") }
}

/// When a metric changed: as phase and Unix milliseconds.
fn onset(inputs: &Inputs, store: &Store, metric: &str) -> Option<(usize, f64)> {
    let last = store.times_ms.len().checked_sub(1)?;
    let onset = inputs.rank.number(inputs.rank.row(metric)?, "onset")?;
    Some((last, *store.times_ms[last].first()? as f64 + onset * 1000.0))
}

/// The peaks of a metric in the overload: those of the table of peaks, else its largest value, unless all are equal.
fn peaks(inputs: &Inputs, store: &Store, metric: &str) -> Vec<(usize, f64)> {
    let Some(last) = store.times_ms.len().checked_sub(1) else { return Vec::new() };
    if let Some(peaks) = &inputs.peaks {
        return peaks.iter().filter(|(name, _)| name == metric).map(|(_, ms)| (last, *ms)).collect();
    }
    let values = store.find(metric).and_then(|series| store.values(series).last()).unwrap_or(&[]);
    let there = || store.times_ms[last].iter().zip(values).filter(|(_, value)| value.is_finite());
    let high = there().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
    let peak = high.filter(|(_, high)| there().any(|(_, value)| value < high));
    peak.map(|(ms, _)| (last, *ms as f64)).into_iter().collect()
}

/// Between what values the middle nine tenths of the steady state lie.
fn band(steady: &[f64]) -> Option<(f64, f64)> {
    let sorted = sorted(steady);
    Some((quantile(&sorted, BAND.0)?, quantile(&sorted, BAND.1)?))
}

/// Each service by its first suspects: how many steady deviations the farthest of them is from its steady median, in equal
/// stretches of time.
fn strengths(store: &Store, suspects: &[Suspect]) -> Vec<Strength> {
    if store.times_ms.len() < 2 {
        return Vec::new();
    }
    let mut order: Vec<&str> = Vec::new();
    for service in suspects.iter().filter_map(|suspect| suspect.service.as_deref()) {
        if !order.contains(&service) {
            order.push(service);
        }
    }
    let of = |service: &str| -> Vec<(usize, &Suspect)> {
        let own = suspects.iter().filter(|suspect| suspect.service.as_deref() == Some(service));
        own.filter_map(|suspect| Some((store.find(&suspect.metric)?, suspect))).take(SPEAKERS).collect()
    };
    order
        .into_iter()
        .map(|service| {
            let speakers = of(service);
            let sizes = (0..store.times_ms.len()).map(|phase| sizes(store, &speakers, phase)).collect();
            let first = speakers.first().map_or(String::new(), |(_, suspect)| Name::parse(&suspect.metric).name);
            let rest = if speakers.len() > 1 { format!(" and {} more", speakers.len() - 1) } else { String::new() };
            Strength { service: service.to_string(), detail: first + &rest, sizes }
        })
        .filter(|strength| !strength.detail.is_empty())
        .collect()
}

fn sizes(store: &Store, speakers: &[(usize, &Suspect)], phase: usize) -> Vec<f64> {
    let rows = store.times_ms[phase].len();
    let share = store.clock.phases.get(phase).map_or(0.0, |phase| phase.end - phase.start);
    let stretches = ((STRETCHES * share).round() as usize).clamp(1, rows.max(1));
    let mut out = vec![f64::NAN; stretches];
    for (series, _) in speakers {
        let (middle, spread) = centre(store.steady(*series));
        let values = store.values(*series).nth(phase).unwrap_or(&[]);
        for (k, size) in out.iter_mut().enumerate() {
            let part = values.get(k * rows / stretches..(k + 1) * rows / stretches).unwrap_or(&[]);
            let far = ((super::outcomes::mean(part) - middle) / spread).abs();
            *size = if size.is_nan() { far } else { size.max(far) };
        }
    }
    out
}

/// The centre and the spread of a steady state, at least a twentieth of its median, so that a constant is not infinitely far.
fn centre(steady: &[f64]) -> (f64, f64) {
    spread(steady).map_or((f64::NAN, f64::NAN), |own| {
        (own.centre, own.spread.max(LEAST_SPREAD * own.centre.abs()).max(f64::MIN_POSITIVE))
    })
}

/// The faults of the run, and the windows that were cut out, each in the phase that it begins in.
fn marks(inputs: &Inputs, store: &Store) -> Vec<Mark> {
    let phase_of = |ms: f64| {
        let inside = |times: &Vec<i64>| {
            times.first().zip(times.last()).is_some_and(|(from, to)| (*from as f64..=*to as f64).contains(&ms))
        };
        store.times_ms.iter().position(inside)
    };
    let fault = inputs.run.as_ref().and_then(|run| run.get("fault")).and_then(|fault| {
        let field = |key: &str| fault.get(key).and_then(serde_json::Value::as_f64);
        let text = |key: &str| fault.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
        let (from, to) = (field("start")? * 1000.0, field("end")? * 1000.0);
        let name = format!("fault: {} {}, {}", text("fault"), text("service"), duration((to - from) / 1000.0));
        Some(Mark { name, phase: phase_of(from)?, span_ms: (from, to), fault: true })
    });
    let windows = inputs.windows.iter().enumerate().filter_map(|(i, (from, to))| {
        let span_ms = (*from as f64, *to as f64);
        let phase = phase_of(span_ms.0).or_else(|| phase_of(span_ms.1))?;
        Some(Mark { name: format!("window {}", i + 1), phase, span_ms, fault: false })
    });
    fault.into_iter().chain(windows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_of_requests_are_told_from_those_of_waiting() {
        let throttled = "container_cpu_cfs_throttled_seconds_total{service=\"a\"}";
        assert_eq!(time_per_second(throttled), Some("seconds per second"));
        let requests = time_per_second("request_duration_seconds_sum{service=\"a\"}");
        assert!(requests.is_some_and(|words| words.ends_with("in progress")));
        assert_eq!(time_per_second("process_cpu_seconds_total"), None);
    }
}
