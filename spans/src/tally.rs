//! Calls and own times, added up by step.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::{Call, Findings, Service, Services, Span};

/// The quantiles that are given of every duration.
pub const QUANTILES: [f64; 3] = [0.5, 0.95, 0.99];

/// Durations in nanoseconds, each with the step in which it ended.
type Timed = Vec<(u64, u64)>;

#[derive(Debug, Default)]
struct Edge {
    latency: Timed,
    gap: Timed,
    failed: Vec<u64>,
}

/// Everything that was found in the traces so far.
///
/// Step k holds what ended in `((k − 1)·step, k·step]`, and stands at its end, as a rate over the last step does.
/// Memory: 16 bytes for each latency, gap and own time, so that quantiles are exact and no order of traces matters.
#[derive(Debug, Default)]
pub struct Tally {
    step_ns: u64,
    edges: HashMap<(Option<Service>, Service), Edge>,
    self_times: HashMap<Service, Timed>,
    recorded: HashSet<u64>,
}

/// All calls from one service to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// Who called; never empty.
    pub caller: String,
    /// Who was called.
    pub callee: String,
    /// How often.
    pub calls: usize,
    /// How many of these failed.
    pub errors: usize,
}

/// One series over the steps in which any span ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The metric name.
    pub name: &'static str,
    /// The labels, sorted.
    pub labels: Vec<(&'static str, String)>,
    /// A value for each of the steps; NaN where there is none.
    pub values: Vec<f64>,
}

impl Tally {
    /// Nothing yet, in steps of `step_ns`.
    pub fn new(step_ns: u64) -> Self {
        Tally { step_ns: step_ns.max(1), ..Tally::default() }
    }

    /// Notes that a span was recorded, whatever becomes of it.
    pub fn record(&mut self, span: &Span) {
        self.recorded.insert(span.end_ns.div_ceil(self.step_ns));
    }

    /// Adds what one trace says.
    pub fn add(&mut self, findings: &Findings) {
        for Call { caller, callee, end_ns, latency_ns, gap_ns, failed } in &findings.calls {
            let step = end_ns.div_ceil(self.step_ns);
            let edge = self.edges.entry((*caller, *callee)).or_default();
            edge.latency.push((step, *latency_ns));
            edge.gap.extend(gap_ns.map(|gap| (step, gap)));
            edge.failed.extend(failed.then_some(step));
        }
        for own in &findings.self_times {
            let step = own.end_ns.div_ceil(self.step_ns);
            self.self_times.entry(own.service).or_default().push((step, own.time_ns));
        }
    }

    /// The calls between services over the whole time, by name; those from outside are not between services.
    pub fn totals(&self, services: &Services) -> Vec<Total> {
        let name = |service: Service| services.name(service).to_string();
        let mut totals = Vec::with_capacity(self.edges.len());
        for (&(caller, callee), edge) in &self.edges {
            let Some(caller) = caller else { continue };
            let (calls, errors) = (edge.latency.len(), edge.failed.len());
            totals.push(Total { caller: name(caller), callee: name(callee), calls, errors });
        }
        totals.sort_by(|a, b| (&a.caller, &a.callee).cmp(&(&b.caller, &b.callee)));
        totals
    }

    /// The ends of the steps in which any span ended, in nanoseconds.
    pub fn times_ns(&self) -> Vec<u64> {
        let steps: BTreeSet<u64> = self.recorded.iter().copied().collect();
        steps.into_iter().map(|step| step.saturating_mul(self.step_ns)).collect()
    }

    /// Every series, by name and labels, given to `take` one after the other. `share` is the share of all traces that
    /// was sampled: calls and errors are divided by it.
    pub fn series<E>(
        &self,
        services: &Services,
        share: f64,
        mut take: impl FnMut(Series) -> Result<(), E>,
    ) -> Result<(), E> {
        let steps: Vec<u64> = self.recorded.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let rows = Rows { steps, per_call: 1e9 / (self.step_ns as f64 * share) };
        let edges: BTreeMap<_, _> = self.edges.iter().map(|(key, edge)| (call_labels(services, *key), edge)).collect();
        for (labels, edge) in &edges {
            take(rows.rate("call_errors", labels, &edge.failed))?;
        }
        for (labels, edge) in &edges {
            rows.durations(["call_gap_seconds", "call_gap_seconds_mean"], labels, &edge.gap, &mut take)?;
        }
        for (labels, edge) in &edges {
            rows.durations(["call_latency_seconds", "call_latency_seconds_mean"], labels, &edge.latency, &mut take)?;
        }
        for (labels, edge) in &edges {
            let ends: Vec<u64> = edge.latency.iter().map(|(step, _)| *step).collect();
            take(rows.rate("calls", labels, &ends))?;
        }
        let label = |service: Service| vec![("service", services.name(service).to_string())];
        let own: BTreeMap<_, _> = self.self_times.iter().map(|(service, times)| (label(*service), times)).collect();
        own.iter().try_for_each(|(labels, times)| {
            rows.durations(["self_time_seconds", "self_time_seconds_mean"], labels, times, &mut take)
        })
    }
}

type Labels = Vec<(&'static str, String)>;

/// A call is charged to the callee, whatever else the labels say: hence the label `service`.
fn call_labels(services: &Services, (caller, callee): (Option<Service>, Service)) -> Labels {
    let callee = services.name(callee);
    let caller = caller.map(|service| ("caller", services.name(service).to_string()));
    let labels = [("callee", callee.to_string())].into_iter().chain(caller);
    labels.chain([("service", callee.to_string())]).collect()
}

/// The rows of all series.
struct Rows {
    steps: Vec<u64>,
    /// What one call adds to a rate per second.
    per_call: f64,
}

impl Rows {
    fn at(&self, step: u64) -> Option<usize> {
        self.steps.binary_search(&step).ok()
    }

    /// Events per second.
    fn rate(&self, name: &'static str, labels: &Labels, ends: &[u64]) -> Series {
        let mut counts = vec![0_u64; self.steps.len()];
        ends.iter().filter_map(|step| self.at(*step)).for_each(|row| counts[row] += 1);
        let values = counts.into_iter().map(|count| count as f64 * self.per_call).collect();
        Series { name, labels: labels.clone(), values }
    }

    /// The mean and the quantiles of the durations that ended in each step, in seconds; nothing where there is none.
    fn durations<E>(
        &self,
        [name, mean_name]: [&'static str; 2],
        labels: &Labels,
        times: &Timed,
        take: &mut impl FnMut(Series) -> Result<(), E>,
    ) -> Result<(), E> {
        if times.is_empty() {
            return Ok(());
        }
        let mut times = times.clone();
        times.sort_unstable();
        let empty = || vec![f64::NAN; self.steps.len()];
        let (mut means, mut quantiles) = (empty(), QUANTILES.map(|_| empty()));
        for group in times.chunk_by(|a, b| a.0 == b.0) {
            let Some(row) = self.at(group[0].0) else { continue };
            means[row] = group.iter().map(|t| u128::from(t.1)).sum::<u128>() as f64 / group.len() as f64 / 1e9;
            let sorted: Vec<f64> = group.iter().map(|t| t.1 as f64 / 1e9).collect();
            for (values, q) in quantiles.iter_mut().zip(QUANTILES) {
                values[row] = stats::quantile(&sorted, q).unwrap_or(f64::NAN);
            }
        }
        for (values, q) in quantiles.into_iter().zip(QUANTILES) {
            let at = labels.partition_point(|(label, _)| *label < "quantile");
            let mut labels = labels.clone();
            labels.insert(at, ("quantile", q.to_string()));
            take(Series { name, labels, values })?;
        }
        take(Series { name: mean_name, labels: labels.clone(), values: means })
    }
}
