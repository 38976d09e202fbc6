//! A log of requests: exact values of those that were sent in each step.

use std::collections::BTreeMap;
use std::io::Read;

use grid::Name;

use super::ending::End;
use super::stall::overdue;
use crate::lattice::{Extent, Laid, Lattice, NONE, Reach, pick};
use crate::notes::count;
use crate::tables::Sheet;

/// The column of response times, behind its load generator.
pub(super) const RESPONSE_TIME: &str = "response_time_ms";

/// How many columns there are besides those of quantiles.
const MEASURES: usize = 5;

/// Some thirty thousand years: beyond it neither a time nor a response time makes one that can be counted with.
const LAST_MS: f64 = 1e15;

/// The coarsest logs count whole milliseconds. What was over sooner and had no answer was never asked, whatever the error says (k6
/// does not count a dial that timed out). One that was waited for in vain took as long as that.
const AT_ONCE_MS: f64 = 1.0;

/// A request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    sent_ms: f64,
    /// Until it was over; NaN where that was not recorded.
    took_ms: f64,
    /// False where that is no response time: a refusal is no fast answer.
    waited: bool,
    failed: bool,
}

impl Request {
    pub(super) fn new(sent_ms: f64, took_ms: f64, end: End) -> Request {
        let refused = end == End::Refused || end == End::Unanswered && took_ms < AT_ONCE_MS;
        Request { sent_ms, took_ms, waited: !refused, failed: end != End::Good }
    }

    /// Its response time, where it has one.
    fn response_ms(&self) -> Option<f64> {
        (self.waited && !self.took_ms.is_nan()).then_some(self.took_ms)
    }

    fn is_impossible(&self) -> bool {
        self.sent_ms.abs() > LAST_MS || self.took_ms < 0.0 || self.took_ms > LAST_MS
    }

    /// When it was over; a request without a response time counts as over when it was sent.
    fn answered_ms(&self) -> f64 {
        self.sent_ms + if self.took_ms > 0.0 { self.took_ms } else { 0.0 }
    }
}

/// Every request, with the time when it was sent.
#[derive(Debug, Default)]
pub struct Requests {
    /// The load generator: columns begin with it.
    pub(super) generator: &'static str,
    /// By (method, name).
    entries: BTreeMap<(String, String), Vec<Request>>,
    /// How many users there were, where the log says it.
    users: BTreeMap<i64, f64>,
    /// True when the last row was cut short and left out.
    pub(super) cut: bool,
    /// What was passed over, in words.
    pub(super) notes: Vec<String>,
    /// How many were left out: no request can have such times.
    impossible: usize,
}

impl Requests {
    pub(super) fn of(generator: &'static str) -> Self {
        Requests { generator, ..Requests::default() }
    }

    pub(super) fn add(&mut self, method: &str, name: &str, request: Request) {
        if request.is_impossible() {
            self.impossible += 1;
            return;
        }
        self.entries.entry((method.to_string(), name.to_string())).or_default().push(request);
    }

    pub(super) fn add_users(&mut self, time_ms: f64, users: f64) {
        if time_ms.abs() <= LAST_MS {
            self.users.insert(time_ms as i64, users);
        }
    }

    /// Keeps what is to be said of the file that they are from.
    pub(super) fn close<R: Read>(&mut self, sheet: &Sheet<R>) {
        self.cut = sheet.cut;
        self.notes.extend(sheet.note());
    }

    /// What was passed over while it was read.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        let left_out =
            || format!("{} with a time below 0 or out of all bounds: left out", count(self.impossible, "request"));
        self.notes.iter().cloned().chain((self.impossible > 0).then(left_out))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// What happened in each step.
struct Steps {
    /// How many were sent in it.
    sent: Vec<f64>,
    /// Response times of the requests sent in it.
    took_ms: Vec<Vec<f64>>,
    failed: Vec<f64>,
    /// How many were answered in it.
    answered: Vec<usize>,
    /// How many are on their way at its tick.
    in_flight: Vec<i64>,
}

impl Requests {
    pub(super) fn shift(&mut self, offset_ms: i64) {
        self.entries.values_mut().flatten().for_each(|r| r.sent_ms += offset_ms as f64);
        self.users = std::mem::take(&mut self.users).into_iter().map(|(t, users)| (t + offset_ms, users)).collect();
    }

    /// From the first request that was sent to the last that was answered.
    pub(super) fn extent(&self) -> Option<Extent> {
        let all = || self.entries.values().flatten();
        let first = all().map(|r| r.sent_ms).reduce(f64::min)?;
        let last = all().map(|r| r.answered_ms()).reduce(f64::max)?;
        let (first_ms, last_ms) = (first.floor().max(-LAST_MS) as i64, last.ceil().min(LAST_MS) as i64);
        Some(Extent { first_ms, last_ms, interval_ms: None, series: 1, even: false })
    }

    /// How many columns it makes.
    pub(super) fn width(&self, quantiles: usize, by_name: bool) -> usize {
        let kinds = if by_name { self.entries.len() } else { 0 };
        (MEASURES + quantiles) * (1 + kinds) + 1
    }

    pub(super) fn samples(&self) -> usize {
        self.entries.values().map(Vec::len).sum()
    }

    /// Rates, exact quantiles, and requests on their way; with `by_name` also for each kind.
    pub(super) fn columns(&self, lattice: Lattice, quantiles: &[f64], by_name: bool) -> Vec<Laid> {
        let Some(extent) = self.extent() else { return Vec::new() };
        let all: Vec<Request> = self.entries.values().flatten().copied().collect();
        let mut columns = self.columns_of(&all, &[], lattice, extent, quantiles);
        columns.extend(self.user_column(lattice, extent));
        for ((method, name), requests) in self.entries.iter().filter(|_| by_name) {
            let labels = super::labels(method, name);
            columns.extend(self.columns_of(requests, &labels, lattice, extent, quantiles));
        }
        columns
    }

    /// How many users there were: as many as was said last, from then on to the end of the log.
    fn user_column(&self, lattice: Lattice, extent: Extent) -> Option<Laid> {
        let (times_ms, users): (Vec<i64>, Vec<f64>) = self.users.iter().map(|(time, users)| (*time, *users)).unzip();
        let rest_ms = extent.last_ms - times_ms.first()? + lattice.step_ms;
        let picks = pick(&times_ms, &lattice, Reach { lookback_ms: Some(rest_ms.max(1)), typical_ms: None });
        let users = picks.into_iter().enumerate().map(|(tick, at)| match at {
            NONE => f64::NAN,
            _ if lattice.time_ms(tick) - lattice.step_ms >= extent.last_ms => f64::NAN,
            at => users[at as usize],
        });
        Some(Laid { name: format!("{}_users", self.generator), adds: false, values: users.collect() })
    }

    fn columns_of(
        &self,
        requests: &[Request],
        labels: &[(String, String)],
        lattice: Lattice,
        extent: Extent,
        quantiles: &[f64],
    ) -> Vec<Laid> {
        let steps = count_steps(requests, lattice);
        let step_s = lattice.step_ms as f64 / 1e3;
        let during: Vec<bool> = (0..lattice.ticks)
            .map(|tick| lattice.time_ms(tick) >= extent.first_ms)
            .zip((0..lattice.ticks).map(|tick| lattice.time_ms(tick) - lattice.step_ms < extent.last_ms))
            .map(|(begun, going)| begun && going)
            .collect();
        let column = |name: &str, quantile: Option<f64>, value: &dyn Fn(usize) -> f64| {
            let mut labels = labels.to_vec();
            labels.extend(quantile.map(|q| ("quantile".to_string(), q.to_string())));
            let values = (0..lattice.ticks).map(|tick| if during[tick] { value(tick) } else { f64::NAN }).collect();
            let name = format!("{}_{name}", self.generator);
            Laid { name: Name::new(name, labels).to_string(), adds: false, values }
        };
        let took = &steps.took_ms;
        let mean = |tick: usize| took[tick].iter().sum::<f64>() / took[tick].len() as f64;
        let overdue = overdue(steps.answered.iter().map(|answered| *answered as f64));
        let stalled = |tick: usize| f64::from(tick > 0 && steps.in_flight[tick - 1] > 0 && overdue[tick]);
        let mut columns = vec![
            column("rps", None, &|tick| steps.sent[tick] / step_s),
            column("failures_per_s", None, &|tick| steps.failed[tick] / step_s),
            column(&format!("{RESPONSE_TIME}_mean"), None, &mean),
            column("in_flight", None, &|tick| steps.in_flight[tick] as f64),
            column("stalled", None, &stalled),
        ];
        for &q in quantiles {
            columns.push(column(RESPONSE_TIME, Some(q), &|tick| stats::quantile(&took[tick], q).unwrap_or(f64::NAN)));
        }
        columns
    }
}

/// A request belongs to the step that ends at the first tick at or after it was sent.
fn count_steps(requests: &[Request], lattice: Lattice) -> Steps {
    let ticks = lattice.ticks;
    let mut steps = Steps {
        sent: vec![0.0; ticks],
        took_ms: vec![Vec::new(); ticks],
        failed: vec![0.0; ticks],
        answered: vec![0; ticks],
        in_flight: vec![0; ticks + 1],
    };
    // The first tick at or after a time; none for what lies more than a step before the first.
    let tick = |ms: f64| ((ms - lattice.start_ms as f64) / lattice.step_ms as f64).ceil();
    let clamped = |tick: f64| tick.clamp(0.0, ticks as f64) as usize;
    for request in requests.iter().filter(|r| r.sent_ms.is_finite()) {
        let (sent, answered) = (tick(request.sent_ms), tick(request.answered_ms()));
        if sent >= 0.0 && sent < ticks as f64 {
            steps.sent[sent as usize] += 1.0;
            steps.took_ms[sent as usize].extend(request.response_ms());
            steps.failed[sent as usize] += f64::from(request.failed);
        }
        if answered >= 0.0 && answered < ticks as f64 {
            steps.answered[answered as usize] += 1;
        }
        steps.in_flight[clamped(sent)] += 1;
        steps.in_flight[clamped(answered)] -= 1;
    }
    let mut now = 0;
    for change in &mut steps.in_flight {
        now += *change;
        *change = now;
    }
    steps.took_ms.iter_mut().for_each(|took| took.sort_unstable_by(f64::total_cmp));
    steps
}
