//! `PREFIX_stats_history.csv`: exact values of each step from its cumulative columns.

use std::collections::BTreeMap;
use std::io::Read;

use grid::{Error, Name};

use super::Totals;
use super::reports::Reports;
use crate::lattice::{Extent, Laid, Lattice, NONE, Reach, pick};
use crate::load::stall::overdue;
use crate::load::{Log, labels as kind_labels};
use crate::notes::count;
use crate::series::tidy;
use crate::tables::Sheet;

/// The percentile columns that become quantiles, where the file has them.
const PERCENTILES: [(&str, &str); 3] = [("50%", "0.5"), ("95%", "0.95"), ("99%", "0.99")];

/// How many columns there are besides those of percentiles.
const MEASURES: usize = 4;

/// The rows of one kind of request.
#[derive(Debug, Default)]
struct Rows {
    times_ms: Vec<i64>,
    users: Vec<f64>,
    requests: Vec<f64>,
    failures: Vec<f64>,
    /// Requests times their average: the sum of all response times so far.
    total_ms: Vec<f64>,
    percentiles: Vec<Vec<f64>>,
}

/// What Locust wrote once a second.
#[derive(Debug, Default)]
pub struct History {
    /// By (method, name); the row of all requests is the one without either.
    entries: BTreeMap<(String, String), Rows>,
    percentiles: Vec<&'static str>,
    /// True when the last row was cut short and left out.
    pub(crate) cut: bool,
}

/// Reads the history file.
pub fn read_history(input: impl Read) -> Result<History, Error> {
    let mut sheet = Sheet::open(input)?;
    // Locust makes the file when it starts, and writes its lines some at a time.
    if sheet.is_empty() {
        return Ok(History::default());
    }
    let [time, method, name] = [sheet.column("Timestamp")?, sheet.column("Type")?, sheet.column("Name")?];
    // Locust 0.13 and 0.14 wrote no users, and called the totals otherwise.
    let users = sheet.find("User Count");
    let requests = sheet.column_of(&["Total Request Count", "# requests"])?;
    let failures = sheet.column_of(&["Total Failure Count", "# failures"])?;
    let average = sheet.column_of(&["Total Average Response Time", "Average response time"])?;
    let known = PERCENTILES.iter().filter_map(|(column, q)| Some((sheet.find(column)?, *q)));
    let (at, percentiles): (Vec<usize>, Vec<&str>) = known.unzip();
    let mut history = History { percentiles, ..History::default() };
    while sheet.next()? {
        let key = match (sheet.text(method), sheet.text(name)) {
            ("" | "None", "Aggregated") => (String::new(), String::new()),
            (method, name) => (method.to_string(), name.to_string()),
        };
        let rows = history.entries.entry(key).or_default();
        let count = sheet.number(requests)?;
        rows.times_ms.push(sheet.time_ms(time)? as i64);
        rows.users.push(users.map_or(Ok(f64::NAN), |users| sheet.number(users))?);
        rows.requests.push(count);
        rows.failures.push(sheet.number(failures)?);
        rows.total_ms.push(if count > 0.0 { count * sheet.number(average)? } else { 0.0 });
        rows.percentiles.resize_with(at.len(), Vec::new);
        for (values, &column) in rows.percentiles.iter_mut().zip(&at) {
            values.push(sheet.number(column)?);
        }
    }
    history.cut = sheet.cut;
    history.entries.values_mut().for_each(Rows::tidy);
    Ok(history)
}

impl Rows {
    fn tidy(&mut self) {
        let times_ms = self.times_ms.clone();
        let Rows { users, requests, failures, total_ms, percentiles, .. } = self;
        for values in [users, requests, failures, total_ms].into_iter().chain(percentiles) {
            self.times_ms.clone_from(&times_ms);
            tidy(&mut self.times_ms, values);
        }
    }
}

impl History {
    pub(crate) fn shift(&mut self, offset_ms: i64) {
        self.entries.values_mut().flat_map(|rows| &mut rows.times_ms).for_each(|t| *t += offset_ms);
    }

    pub(crate) fn extent(&self) -> Option<Extent> {
        Extent::of(&self.aggregated()?.times_ms, 1)
    }

    fn aggregated(&self) -> Option<&Rows> {
        self.entries.get(&(String::new(), String::new()))
    }

    /// When the counts came in.
    fn reports(&self) -> Reports {
        self.aggregated().map(|rows| Reports::of(&rows.times_ms, &rows.requests)).unwrap_or_default()
    }

    /// How many requests the last row counts.
    fn counted(&self) -> f64 {
        self.aggregated().and_then(|rows| rows.requests.last().copied()).unwrap_or_default()
    }

    /// That it lacks requests of the summary, or every row.
    pub(crate) fn ends_early(&self, totals: Option<&Totals>) -> Option<String> {
        let counted = self.counted();
        let why = "Locust was ended before it wrote the rest, a per-request log (--requests) has it";
        match totals.map(|totals| totals.requests).filter(|all| *all > counted) {
            Some(all) => {
                Some(format!("Locust's history ends early, with {counted} of the {all} requests of its summary: {why}"))
            }
            None => self.entries.is_empty().then(|| format!("Locust's history ends before its first row: {why}")),
        }
    }

    /// What the columns are worth.
    pub(crate) fn notes(&self, totals: Option<&Totals>) -> Vec<String> {
        let mut notes: Vec<String> = self.ends_early(totals).into_iter().collect();
        let reports = self.reports();
        if let Some(reset_ms) = reports.resets_ms.first() {
            let (times, first) = (count(reports.resets_ms.len(), "time"), grid::format_time(*reset_ms));
            notes.push(format!("Locust's statistics were reset {times}, first at {first}: no rates over a reset"));
        }
        if let Some(every_ms) = reports.every_ms {
            let every = grid::format_time(every_ms);
            notes.push(format!("Locust's workers report every {every} s: rates stand for that long"));
        }
        if self.is_full() {
            let what = "are those of about ten seconds and come late after a stall";
            notes.push(format!("percentiles of Locust's history {what}: a per-request log (--requests) is exact"));
        } else if self.counted() > 0.0 {
            let what = "without --csv-full-history are those of the whole run";
            notes.push(format!("percentiles of Locust's history {what}: left out"));
        }
        notes
    }

    /// With `--csv-full-history` the percentiles are those of about ten seconds; without it they
    /// are those of the whole run so far, and say nothing about a step.
    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() > 1
    }

    /// How many users there were.
    pub(crate) fn users(&self, lattice: Lattice) -> Option<Laid> {
        let rows = self.aggregated().filter(|rows| rows.users.iter().any(|users| !users.is_nan()))?;
        let picks = pick(&rows.times_ms, &lattice, Reach::default());
        Some(Laid { name: "locust_users".to_string(), adds: false, values: at_picks(&rows.users, &picks) })
    }

    /// How many columns it makes at most.
    pub(crate) fn width(&self, by_name: bool) -> usize {
        let kinds = if by_name { self.entries.len() } else { 1 };
        (MEASURES + self.percentiles.len()) * kinds + 1
    }

    pub(crate) fn samples(&self) -> usize {
        self.entries.values().map(|rows| rows.times_ms.len()).sum()
    }

    /// Rates, latency and stalls of all requests, and with `by_name` of each kind.
    pub(crate) fn columns(&self, lattice: Lattice, by_name: bool) -> Vec<Laid> {
        let (mut columns, reports) = (Vec::new(), self.reports());
        for ((method, name), rows) in &self.entries {
            let all = method.is_empty() && name.is_empty();
            if all || by_name {
                let labels = if all { Vec::new() } else { kind_labels(method, name) };
                columns.extend(self.entry_columns(rows, &labels, &reports, lattice));
            }
        }
        columns
    }

    fn entry_columns(
        &self,
        rows: &Rows,
        labels: &[(String, String)],
        reports: &Reports,
        lattice: Lattice,
    ) -> Vec<Laid> {
        let picks = pick(&rows.times_ms, &lattice, Reach::default());
        let step_s = lattice.step_ms as f64 / 1e3;
        let grown = |counts: &[f64], step_s| reports.increase(&rows.times_ms, counts, &lattice, step_s);
        let answered = grown(&rows.requests, None);
        let spent = grown(&rows.total_ms, None);
        let users = at_picks(&rows.users, &picks);
        let mean: Vec<f64> =
            spent.iter().zip(&answered).map(|(ms, n)| if *n > 0.0 { ms / n } else { f64::NAN }).collect();
        let stalled = stalls(&answered, &users);
        let column = |name: &str, values: Vec<f64>| Laid {
            name: Name::new(name, labels.to_vec()).to_string(),
            adds: false,
            values,
        };
        let mut columns = vec![
            column("locust_rps", grown(&rows.requests, Some(step_s))),
            column("locust_failures_per_s", grown(&rows.failures, Some(step_s))),
            column(&Log::Locust.mean_response_time(), mean),
            column("locust_stalled", stalled),
        ];
        if self.is_full() {
            for (q, values) in self.percentiles.iter().zip(&rows.percentiles) {
                let mut values = at_picks(values, &picks);
                hide_without_answers(&mut values, &answered);
                let mut labels = labels.to_vec();
                labels.push(("quantile".to_string(), (*q).to_string()));
                let name = Name::new("locust_response_time_ms", labels).to_string();
                columns.push(Laid { name, adds: false, values });
            }
        }
        columns
    }
}

/// 1 when users are there and nothing was answered that was due, else 0; not known where users are not.
fn stalls(answered: &[f64], users: &[f64]) -> Vec<f64> {
    let stall = |((&answered, &users), overdue): ((&f64, &f64), bool)| match answered {
        n if n.is_nan() || n == 0.0 && users.is_nan() => f64::NAN,
        _ => f64::from(overdue && users > 0.0),
    };
    answered.iter().zip(users).zip(overdue(answered.iter().copied())).map(stall).collect()
}

/// A percentile of a step in which nothing was answered is left over from before, and one of
/// 0 ms means that Locust had nothing in its window.
fn hide_without_answers(values: &mut [f64], answered: &[f64]) {
    for (value, &answered) in values.iter_mut().zip(answered) {
        if answered.is_nan() || answered <= 0.0 || *value == 0.0 {
            *value = f64::NAN;
        }
    }
}

fn at_picks(samples: &[f64], picks: &[u32]) -> Vec<f64> {
    picks.iter().map(|&at| if at == NONE { f64::NAN } else { samples[at as usize] }).collect()
}
