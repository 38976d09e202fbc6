//! When the counts of a history came in: every second, or whenever the workers of a distributed run reported.

use crate::counters::{hold, increase};
use crate::lattice::{Lattice, NONE, Reach, pick};

/// The rows at which counts came in.
#[derive(Debug, Default)]
pub(super) struct Reports {
    /// The time between reports; none where counts come with every row.
    pub(super) every_ms: Option<i64>,
    /// The times of the rows that count, where not all do.
    kept_ms: Vec<i64>,
    /// The times of the rows in which the count began anew: Locust resets its statistics when all users are there, if asked.
    pub(super) resets_ms: Vec<i64>,
}

/// How often a worker sends its counts (`WORKER_REPORT_INTERVAL` in Locust's stats.py, since 0.9 to 2.47).
const WORKERS_MS: i64 = 3_000;

impl Reports {
    /// Tells a distributed run by its counts: they stand still for less than the workers' interval, again and again, in
    /// at least a quarter of the rows, although there is an answer a row or more (with fewer, as of one user who waits three
    /// seconds, rows without are the rule); longer standstills, which are stalls, are at most a quarter as many. Then a row
    /// counts when something came in and the last one is an interval old, and in a stall (nothing for two intervals)
    /// once an interval.
    pub(super) fn of(times_ms: &[i64], requests: &[f64]) -> Reports {
        let fell = requests.windows(2).zip(&times_ms[times_ms.len().min(1)..]).filter(|(pair, _)| pair[1] < pair[0]);
        let mut reports = Reports { resets_ms: fell.map(|(_, time)| *time).collect(), ..Reports::default() };
        if !is_distributed(times_ms, requests) {
            return reports;
        }
        reports.every_ms = Some(WORKERS_MS);
        let mut kept: Option<(i64, f64)> = None;
        for (&time, &count) in times_ms.iter().zip(requests) {
            let due = kept.is_none_or(|(last, seen)| {
                let wait = if count > seen || seen.is_nan() { WORKERS_MS } else { 2 * WORKERS_MS };
                time - last >= wait
            });
            if due {
                reports.kept_ms.push(time);
                kept = Some((time, count));
            }
        }
        reports
    }

    /// The increase of a count from tick to tick, per second when the step is given in seconds. Where it began anew the
    /// increase is not known.
    pub(super) fn increase(
        &self,
        times_ms: &[i64],
        counts: &[f64],
        lattice: &Lattice,
        step_s: Option<f64>,
    ) -> Vec<f64> {
        let Some(every_ms) = self.every_ms else {
            let picks = pick(times_ms, lattice, Reach::default());
            let mut grown = increase(counts, NONE, &picks, step_s);
            self.forget_resets(&mut grown, times_ms, &picks);
            return grown;
        };
        let rows = times_ms.iter().copied().zip(counts.iter().copied());
        let kept = rows.filter(|(time, _)| self.kept_ms.binary_search(time).is_ok());
        let (times_ms, counts): (Vec<i64>, Vec<f64>) = kept.unzip();
        let reach = Reach { lookback_ms: Some(2 * every_ms + 1), typical_ms: None };
        let picks = pick(&times_ms, lattice, reach);
        let mut grown = increase(&counts, NONE, &picks, step_s);
        self.forget_resets(&mut grown, &times_ms, &picks);
        hold(&mut grown, &counts, NONE, &picks, step_s.is_none());
        grown
    }
}

impl Reports {
    /// Leaves out what grew from a row before a reset to one after it.
    fn forget_resets(&self, grown: &mut [f64], times_ms: &[i64], picks: &[u32]) {
        let mut resets = self.resets_ms.iter().peekable();
        for (value, &at) in grown.iter_mut().zip(picks).filter(|(_, at)| **at != NONE) {
            while resets.next_if(|reset| **reset <= times_ms[at as usize]).is_some() {
                *value = f64::NAN;
            }
        }
    }
}

fn is_distributed(times_ms: &[i64], requests: &[f64]) -> bool {
    let (mut short, mut long, mut still, mut rows, mut answers) = (0, 0, 0, 0, 0.0);
    let mut changed_at: Option<usize> = None;
    for at in 1..requests.len() {
        if requests[at] <= requests[at - 1] {
            continue;
        }
        if let Some(before) = changed_at {
            let unchanged = at - before - 1;
            let is_short = times_ms[at] - times_ms[before] <= WORKERS_MS + 1_000;
            short += usize::from(unchanged > 0 && is_short);
            long += usize::from(!is_short);
            still += if is_short { unchanged } else { 0 };
            rows += if is_short { unchanged + 1 } else { 0 };
            answers += if is_short { requests[at] - requests[before] } else { 0.0 };
        }
        changed_at = Some(at);
    }
    short >= 3 && 4 * long <= short && 4 * still >= rows && answers >= rows as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reports(counts: &[f64]) -> Reports {
        let times: Vec<i64> = (0..counts.len() as i64).map(|t| t * 1000).collect();
        Reports::of(&times, counts)
    }

    #[test]
    fn counts_that_come_every_three_seconds_are_those_of_workers() {
        let three: Vec<f64> = (0..30).map(|t| f64::from(t / 3 * 60)).collect();
        let reports = reports(&three);
        assert_eq!(reports.every_ms, Some(3_000));
        let lattice = Lattice { start_ms: 0, step_ms: 1_000, ticks: 28 };
        let times: Vec<i64> = (0..30).map(|t| t * 1000).collect();
        let rps = reports.increase(&times, &three, &lattice, Some(1.0));
        assert!(rps[1..].iter().all(|rate| *rate == 20.0), "{rps:?}");
    }

    #[test]
    fn what_grew_over_a_reset_is_not_known() {
        let counts = [85.0, 90.0, 95.0, 0.0, 5.0, 10.0];
        let times: Vec<i64> = (0..6).map(|t| t * 1000).collect();
        let lattice = Lattice { start_ms: 0, step_ms: 1_000, ticks: 6 };
        let rps = reports(&counts).increase(&times, &counts, &lattice, Some(1.0));
        assert!(rps[3].is_nan() && rps[1..3] == [5.0, 5.0] && rps[4..] == [5.0, 5.0], "{rps:?}");
    }

    #[test]
    fn a_stall_of_workers_is_a_stall() {
        let counts: Vec<f64> =
            (0..60).map(|t| f64::from(20 * if t < 30 { t / 3 } else { (t - 12).max(30) / 3 })).collect();
        let reports = reports(&counts);
        let lattice = Lattice { start_ms: 0, step_ms: 1_000, ticks: 60 };
        let times: Vec<i64> = (0..60).map(|t| t * 1000).collect();
        let rps = reports.increase(&times, &counts, &lattice, Some(1.0));
        let still = rps.iter().filter(|rate| **rate == 0.0).count();
        assert!((9..=15).contains(&still), "{rps:?}");
    }

    #[test]
    fn one_user_who_waits_is_no_worker() {
        let waits: Vec<f64> = (0..60).map(|t| f64::from(t / 3)).collect();
        assert_eq!(reports(&waits).every_ms, None);
    }

    #[test]
    fn one_process_that_stalls_is_not_distributed() {
        let stall: Vec<f64> = (0..60).map(|t| f64::from(if (20..40).contains(&t) { 20 } else { t })).collect();
        assert_eq!(reports(&stall).every_ms, None);
        let idle: Vec<f64> = (0..60).map(|t| f64::from(t / 10)).collect();
        assert_eq!(reports(&idle).every_ms, None);
    }
}
