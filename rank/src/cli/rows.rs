//! Scores the measured metrics and puts them in order.

use std::collections::{BTreeMap, HashMap, HashSet};

use grid::Cell;
use names::{Catalogue, Harm, Name, Role, Share, phenomenon};
use rank::calls::Calls;
use rank::score::{Item, Parts, fuse, ran_out};
use rank::verdict::{self, Sign, Verdict, moved};
use stats::false_discovery;

use crate::cli::args::{Args, Order};
use crate::cli::evidence::Evidence;
use crate::cli::gather::Metric;

/// A metric with all that is known of it.
pub(crate) struct Row<'a> {
    /// What was measured.
    pub(crate) metric: Metric<'a>,
    /// The group it is ranked in, where it has one.
    pub(crate) group: Option<String>,
    /// Its part in a fault: that of its kind, or driver for load, outcomes and the monitoring itself.
    pub(crate) role: Role,
    /// Name of the phenomenon it is an aspect of, and its number among the aspects, the strongest first.
    pub(crate) aspect: (String, usize),
    /// Share of its limit in use in the overload, and the limit's name.
    pub(crate) used: Option<(f64, String)>,
    /// False discovery rate.
    pub(crate) q: Option<f64>,
    /// True where it changed for the worse, beyond chance and beyond drift.
    pub(crate) moved: bool,
    /// True where it moved before the users felt anything.
    pub(crate) drift: bool,
    /// The parts of its score.
    pub(crate) parts: Parts,
    /// What the order is made of; `None` without samples on both sides.
    pub(crate) score: Option<f64>,
    pub(crate) extra: Vec<Cell>,
}

/// Share of its overload level below which a metric was at rest in steady state.
const REST: f64 = 0.01;

impl Row<'_> {
    /// True for a flag of presence that is lost for good, and for the metrics of a service that is.
    fn is_gone(&self) -> bool {
        let m = &self.metric.measure;
        let flag = self.metric.reading.harm == Harm::Gone && m.size.is_infinite();
        flag || m.harm > 0.0 && m.overload.is_none()
    }

    /// True for what a service takes in the overload and took next to nothing of in steady state: percentages of
    /// it say that it rested.
    pub(crate) fn is_resting(&self) -> bool {
        let m = &self.metric.measure;
        let taken = !matches!(self.role, Role::Driver | Role::Symptom);
        let rests = |(steady, overload): (f64, f64)| overload > 0.0 && steady < REST * overload;
        taken && self.moved && m.steady.zip(m.overload).is_some_and(rests)
    }
}

/// The rows of a comparison in order, best first, and what they say as a whole.
pub(crate) struct Ranking<'a> {
    pub(crate) rows: Vec<Row<'a>>,
    pub(crate) verdict: Verdict,
}

/// Scores the metrics and puts them in order; ties by name.
pub(crate) fn rank<'a>(
    metrics: Vec<Metric<'a>>,
    args: &Args,
    catalogue: &Catalogue,
    evidence: &Evidence,
    calls: &[(String, String)],
) -> Ranking<'a> {
    let q = false_discovery(&metrics.iter().map(|m| m.measure.p).collect::<Vec<_>>());
    let mut used = used(&metrics, catalogue);
    let mut rows: Vec<Row> = metrics
        .into_iter()
        .zip(q)
        .enumerate()
        .map(|(at, (metric, q))| row(metric, q, used.remove(&at), args, evidence))
        .collect();
    mark_drift(&mut rows, args.when.as_deref());
    score(&mut rows, args.score);
    let verdict = judge(&mut rows);
    if args.score == Order::Fused {
        put_callees_first(&mut rows, calls);
    }
    rows.sort_by(|a, b| {
        let key = |r: &Row| r.score.unwrap_or(f64::NEG_INFINITY);
        key(b).total_cmp(&key(a)).then_with(|| a.metric.header.cmp(&b.metric.header))
    });
    number_aspects(&mut rows);
    Ranking { rows, verdict }
}

fn row<'a>(
    metric: Metric<'a>,
    q: Option<f64>,
    used: Option<(f64, String)>,
    args: &Args,
    evidence: &Evidence,
) -> Row<'a> {
    let stands_apart = metric.reading.outcome.is_some() || metric.place.monitoring;
    let role = if stands_apart { Role::Driver } else { metric.reading.role };
    let group = group_of(&metric.name, metric.place.service.as_deref(), &args.by);
    let extra = evidence.cells(&metric.header);
    let (aspect, parts) = (Default::default(), Parts::default());
    Row { metric, group, role, aspect, used, q, moved: false, drift: false, parts, score: None, extra }
}

fn group_of(name: &Name, service: Option<&str>, by: &str) -> Option<String> {
    match by {
        "metric" | "service" => service.map(str::to_string),
        "name" | "__name__" => Some(name.name.clone()),
        label => name.label(label).map(str::to_string),
    }
}

/// The share of its limit that each metric uses in the overload, by its place.
fn used(metrics: &[Metric], catalogue: &Catalogue) -> HashMap<usize, (f64, String)> {
    let names: Vec<Name> = metrics.iter().map(|m| m.name.clone()).collect();
    let level = |at: usize| metrics[at].measure.overload.filter(|v| v.is_finite());
    let mut out = HashMap::new();
    for pair in catalogue.limits(&names) {
        let (Some(limit), all) = (level(pair.limit), pair.used.iter().filter_map(|at| level(*at)).sum::<f64>()) else {
            continue;
        };
        let share = match pair.share {
            Share::Used => all / limit,
            Share::Free => 1.0 - all / limit,
            Share::Lost => continue,
        };
        if share.is_finite() {
            out.extend(pair.used.iter().map(|at| (*at, (share, names[pair.limit].name.clone()))));
        }
    }
    out
}

/// The users' delay dates the fault: what had moved by the first row of the overload, a row or more before
/// the column `when` did, was moving before anything broke.
fn mark_drift(rows: &mut [Row], when: Option<&str>) {
    let Some(when) = when else { return };
    let symptom = rows.iter().find(|row| row.metric.header == when).and_then(|row| row.metric.measure.onset);
    if symptom.is_none_or(|seconds| seconds <= 0.0) {
        return;
    }
    let flag = |row: &Row| row.metric.reading.harm == Harm::Gone;
    for row in rows.iter_mut().filter(|row| !flag(row)) {
        row.drift = row.metric.measure.onset == Some(0.0);
    }
}

fn score(rows: &mut [Row], order: Order) {
    let with_samples: Vec<usize> = (0..rows.len()).filter(|i| rows[*i].metric.measure.z.is_some()).collect();
    let services: HashSet<String> = rows.iter().filter_map(|r| r.metric.place.service.clone()).collect();
    let starved = rows.iter().any(|row| is_of_a_call(row)).then(|| starved(rows));
    let mut numbers = HashMap::new();
    let items: Vec<Item> =
        with_samples.iter().map(|&i| item(&rows[i], &services, starved.as_ref(), &mut numbers)).collect();
    for (&i, parts) in with_samples.iter().zip(fuse(&items)) {
        let m = &rows[i].metric.measure;
        rows[i].score = match order {
            Order::Pct => m.pct_change.map(f64::abs),
            Order::PctDiff => m.pct_diff.map(f64::abs),
            Order::Z => m.z.map(f64::abs),
            Order::Effect => m.effect.map(|e| (e - 0.5).abs()),
            Order::Fused => Some(parts.score),
        };
        rows[i].parts = parts;
    }
}

/// The services of which a resource ran out.
fn starved(rows: &[Row]) -> HashSet<String> {
    let lacks = |row: &&Row| {
        let m = &row.metric.measure;
        ran_out(row.role, m.harm, m.size, row.used.as_ref().map(|(share, _)| *share))
    };
    rows.iter().filter(lacks).filter_map(|row| row.metric.place.service.clone()).collect()
}

/// True for what `spans` measured of a call between two services.
fn is_of_a_call(row: &Row) -> bool {
    row.metric.name.label("caller").is_some() && row.metric.name.label("callee").is_some()
}

fn item(
    row: &Row,
    services: &HashSet<String>,
    starved: Option<&HashSet<String>>,
    numbers: &mut HashMap<(&'static str, String), usize>,
) -> Item {
    let mut number = |what: &'static str, text: &str| {
        let next = numbers.len();
        *numbers.entry((what, text.to_string())).or_insert(next)
    };
    let (m, reading) = (&row.metric.measure, &row.metric.reading);
    let waits = reading.kind == "latency";
    // Seconds without a call, and what is gone, are no gaps in what is known.
    let missing = |share: Option<f64>| if is_of_a_call(row) { 0.0 } else { share.unwrap_or(0.0) };
    let missing_overload = if m.overload.is_none() { 0.0 } else { missing(m.missing_overload) };
    // A client's clock shows the one it waits for; where each call was timed, no other clock is needed; and a
    // client that lacks a resource itself waits for itself.
    let by_peer = row.metric.place.peer.as_ref().is_some_and(|peer| services.contains(peer));
    let by_calls = starved.is_some_and(|starved| match row.metric.name.label("caller") {
        Some(caller) if is_of_a_call(row) => starved.contains(caller),
        _ => waits,
    });
    let view = waits && by_peer || by_calls;
    let role = if row.drift { Role::Driver } else { row.role };
    Item {
        service: row.group.as_deref().map(|group| number("group", group)),
        kind: number("kind", reading.kind),
        name: number("name", &row.metric.place.metric),
        family: (waits && !row.metric.name.labels.is_empty()).then(|| number("family", &family(row))),
        role,
        harm: m.harm,
        size: m.size,
        bad: m.bad,
        used: row.used.as_ref().map(|(share, _)| *share),
        gone: row.is_gone(),
        caller: row.metric.place.caller || view,
        seen: (1.0 - missing(m.missing_steady), 1.0 - missing_overload),
    }
}

/// Series of one service, name and quantile differ only in what lies below the service.
fn family(row: &Row) -> String {
    let quantile = row.metric.name.label("quantile").unwrap_or_default();
    format!("{}\u{0}{}\u{0}{quantile}", row.group.as_deref().unwrap_or_default(), row.metric.name.name)
}

/// Marks the rows that moved, and says what all suspects say together.
fn judge(rows: &mut [Row]) -> Verdict {
    let tests = rows.iter().filter(|row| row.metric.measure.p.is_some()).count() as f64;
    let mut signs = Vec::new();
    for row in rows.iter_mut().filter(|row| row.role != Role::Driver && !row.drift && row.metric.measure.z.is_some()) {
        let sign = sign(row, tests);
        row.moved = moved(&sign);
        signs.push(sign);
    }
    verdict::verdict(&signs)
}

fn sign(row: &Row, tests: f64) -> Sign {
    let m = &row.metric.measure;
    let effect = match (row.metric.reading.harm, m.effect.unwrap_or(0.5)) {
        (Harm::Up, effect) => effect,
        (Harm::Down | Harm::Gone, effect) => 1.0 - effect,
        (Harm::Both, effect) => effect.max(1.0 - effect),
    };
    // Errors where there were none, in a fifth of the rows or more.
    let errors = row.metric.reading.kind == "errors" && m.steady == Some(0.0) && effect >= 0.6;
    Sign {
        event: m.harm > 0.0 && (row.metric.reading.harm == Harm::Gone || m.overload.is_none() || errors),
        q: row.q.unwrap_or(1.0),
        least_q: m.least_p.map_or(1.0, |p| (p * tests).min(1.0)),
        effect,
        strength: row.parts.deviation + row.parts.size,
    }
}

/// Puts the first metric of a callee before that of its callers: see [`Calls::order`].
fn put_callees_first(rows: &mut [Row], calls: &[(String, String)]) {
    let first = first_of_each_group(rows);
    let mut number: HashMap<&str, usize> = first.keys().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
    let mut graph = Calls::default();
    for (caller, callee) in calls {
        let [caller, callee] = [caller, callee].map(|name| {
            let next = number.len();
            *number.entry(name).or_insert(next)
        });
        graph.add(caller, callee);
    }
    if graph.is_empty() {
        return;
    }
    let places: Vec<usize> = first.values().copied().collect();
    let mut scores: Vec<Option<f64>> = places.iter().map(|at| rows[*at].score).collect();
    scores.resize(number.len(), None);
    let mut next = f64::NEG_INFINITY;
    for service in graph.order(&scores).into_iter().rev() {
        if let Some(score) = &mut rows[places[service]].score {
            *score = score.max(next + 1e-9);
            next = *score;
        }
    }
}

/// The place of the best suspect of each group; a group of callers' views alone has none.
fn first_of_each_group(rows: &[Row]) -> BTreeMap<String, usize> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.role != Role::Driver && !row.metric.place.caller) {
        let (Some(group), Some(score)) = (&row.group, row.score) else { continue };
        let best = first.entry(group.clone()).or_insert(at);
        if rows[*best].score.is_none_or(|s| s < score) {
            *best = at;
        }
    }
    first
}

fn number_aspects(rows: &mut [Row]) {
    let mut found: HashMap<(Option<String>, String), usize> = HashMap::new();
    for row in rows {
        let base = phenomenon(&row.metric.name).name;
        let number = found.entry((row.group.clone(), base.clone())).or_default();
        *number += 1;
        row.aspect = (base, *number);
    }
}
