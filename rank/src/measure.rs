//! Everything that is known of one metric: its change, averaged over runs, and how sure it is.

use names::Harm;
use stats::{CLEAR, Sample, rows_held, shift};

use crate::change::tail::{bursts, excess, stretch};
use crate::change::{Change, LEVEL, Nature, compare, compare_share, onset, silence, standstill};
use crate::known::Known;
pub use crate::measured::{Found, Measure};
use crate::note::Note;

/// One overload run of a metric: values in time order and the time of each, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// One value per row, NaN where missing.
    pub values: &'a [f64],
    /// The time of each row.
    pub times_ms: &'a [i64],
}

/// Measures one metric. All steady runs are pooled; each overload run is compared with the pool
/// and the results are averaged. Cost: O(n log n) for n samples.
pub fn measure(steady: &[&[f64]], overload: &[Run], nature: Nature) -> Measure {
    let held = rows_held(steady.iter().copied().chain(overload.iter().map(|run| run.values)));
    let before = pooled(steady.iter().copied(), held);
    let runs: Vec<(Sample, &Run)> = overload.iter().map(|run| (Sample::held(run.values, held), run)).collect();
    let present: Vec<&(Sample, &Run)> = runs.iter().filter(|(s, _)| !s.is_empty()).collect();
    let changes: Vec<Change> = present.iter().map(|(sample, _)| judge(&before, sample, nature)).collect();
    let after = if let [(only, _)] = present.as_slice() {
        only.clone()
    } else {
        pooled(overload.iter().map(|r| r.values), held)
    };
    let shift = shift(&before, &after);
    let seconds =
        present.iter().zip(&changes).filter_map(|((sample, run), change)| onset_seconds(&before, sample, run, change));
    let logs = changes.iter().filter(|c| c.z.is_some()).map(|c| c.harm.ln_1p());
    let found = Found {
        steady: (!before.is_empty()).then(|| before.mean()).into(),
        overload: mean(present.iter().map(|(s, _)| s.mean())).into(),
        pct_change: mean(changes.iter().filter_map(|c| c.pct_change)).into(),
        pct_diff: mean(changes.iter().filter_map(|c| c.pct_diff)).into(),
        z: mean(changes.iter().filter_map(|c| c.z)).into(),
        effect: shift.map(|s| s.effect).into(),
        p: shift.map(|s| s.p).into(),
        least_p: shift.map(|s| s.least_p).into(),
        onset: mean(seconds).into(),
        missing_steady: before.missing().into(),
        missing_overload: missing(overload).into(),
        silent: mean(overload.iter().map(|run| silence(steady, run.values))).into(),
        silent_before: steady.iter().map(|run| silence(&[], run)).reduce(f64::min).into(),
        still_before: steady.iter().map(|run| standstill(run)).reduce(f64::min).into(),
        bursts_p: bursts_p(&before, &runs, nature).into(),
        excess_p: excess_p(&before, &runs, nature.harm).into(),
        stretch: present
            .iter()
            .filter_map(|(_, run)| stretch(&before, run.values, nature.harm))
            .reduce(f64::min)
            .into(),
        pct_spread: spread(changes.iter().filter_map(|c| c.pct_change)).into(),
        z_spread: spread(changes.iter().filter_map(|c| c.z)).into(),
        harm: mean(logs).map_or(0.0, f64::exp_m1),
        size: mean(changes.iter().map(|c| c.size)).unwrap_or(0.0),
        bad: mean(changes.iter().map(|c| c.bad)).unwrap_or(0.0),
        runs: present.len() as u32,
        note: note(&before, &after, steady.is_empty(), overload.is_empty()),
        born: false,
        part: changes.iter().any(|c| c.part)
            || present.iter().any(|(s, run)| {
                stands_out(&before, s, nature.harm) || nature.events && are_many(&before, s, run.times_ms)
            }),
    };
    let made_of = changes.first().and_then(|c| c.made_of);
    Measure { found, made_of: made_of.map_or_else(Default::default, |(c, l, s)| [c, l, s].map(Known::from)) }
}

/// Standard errors of a quantile beyond which it is not the steady state's.
const ERRORS: f64 = 3.0;

/// True where the overload's [`LEVEL`] lies beyond the steady state's own, and its standard error
/// `√(p (1 − p) (1/m + 1/n))` three times (Kendall 1940; m and n are effective sizes): of samples that spread to both sides no test
/// of a shift tells it.
fn stands_out(before: &Sample, sample: &Sample, harm: Harm) -> bool {
    let r = before.autocorrelation();
    let (n, m) = (before.effective_size(r), sample.effective_size(r));
    let top = LEVEL + ERRORS * (LEVEL * (1.0 - LEVEL) * (1.0 / m + 1.0 / n)).sqrt();
    let both = |now: f64, then: f64| sample.quantile(now).zip(before.quantile(then));
    let up = || both(LEVEL, top.min(1.0)).is_some_and(|(now, then)| now > then);
    let down = || both(1.0 - LEVEL, (1.0 - top).max(0.0)).is_some_and(|(now, then)| now < then);
    match harm {
        Harm::Up => up(),
        Harm::Down | Harm::Gone => down(),
        Harm::Both => up() || down(),
    }
}

/// True for events, counted by the second, of which the steady state had none, and the overload more than chance leaves to it alone:
/// of k of them all, with probability `(m / (m + n))^k`.
fn are_many(before: &Sample, sample: &Sample, times_ms: &[i64]) -> bool {
    let (Some(first), Some(last), Some(0.0)) = (times_ms.first(), times_ms.last(), before.sorted().last()) else {
        return false;
    };
    let seconds = (last - first) as f64 / 1000.0;
    let (m, n) = (sample.taken(), before.taken());
    (m / (m + n)).powf(sample.mean() * seconds) < CLEAR
}

fn judge(before: &Sample, sample: &Sample, nature: Nature) -> Change {
    match whole(before, sample).filter(|_| nature.success && nature.harm == Harm::Down) {
        Some(whole) => compare_share(before, sample, whole),
        None => compare(before, sample, nature),
    }
}

/// What a share of successes is a share of: 1 or 100, by its values; `None` for what is no share.
fn whole(before: &Sample, sample: &Sample) -> Option<f64> {
    const ROUNDING: f64 = 1e-6;
    let least = before.sorted().first()?.min(*sample.sorted().first()?);
    let most = before.sorted().last()?.max(*sample.sorted().last()?);
    [1.0, 100.0].into_iter().find(|whole| least >= -ROUNDING && most <= whole * (1.0 + ROUNDING))
}

fn pooled<'a>(runs: impl Iterator<Item = &'a [f64]>, held: usize) -> Sample {
    let runs: Vec<&[f64]> = runs.collect();
    match runs.as_slice() {
        [only] => Sample::held(only, held),
        _ => Sample::held(&runs.concat(), held),
    }
}

fn missing(runs: &[Run]) -> Option<f64> {
    let rows: usize = runs.iter().map(|r| r.values.len()).sum();
    let gaps: usize = runs.iter().map(|r| r.values.iter().filter(|v| !v.is_finite()).count()).sum();
    (rows > 0).then(|| gaps as f64 / rows as f64)
}

/// The quantile of the overload that stands for its new level when its change point is sought: above the middle, for half of the
/// rows may still be before it.
const NEW_LEVEL: f64 = 0.75;

fn onset_seconds(before: &Sample, sample: &Sample, run: &Run, change: &Change) -> Option<f64> {
    let high = change.z? >= 0.0;
    let level = sample.quantile(if high { NEW_LEVEL } else { 1.0 - NEW_LEVEL })?;
    let row = onset(before, run.values, change, level)?;
    let (first, at) = (run.times_ms.first()?, run.times_ms.get(row)?);
    Some((at - first) as f64 / 1000.0)
}

/// The largest over the runs: each must show them. Of what the users felt each row is one.
fn bursts_p(before: &Sample, runs: &[(Sample, &Run)], nature: Nature) -> Option<f64> {
    if nature.felt {
        return excess_p(before, runs, nature.harm);
    }
    largest(runs.iter().map(|(_, run)| bursts(before, run.values, nature.harm)))
}

fn excess_p(before: &Sample, runs: &[(Sample, &Run)], harm: Harm) -> Option<f64> {
    largest(runs.iter().map(|(sample, _)| excess(before, sample, harm).map(|excess| excess.p)))
}

fn largest(each: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let each: Option<Vec<f64>> = each.collect();
    each?.into_iter().reduce(f64::max)
}

fn note(before: &Sample, after: &Sample, no_steady: bool, no_overload: bool) -> Note {
    match (before.is_empty(), after.is_empty()) {
        (true, _) if no_steady => Note::NotInSteady,
        (_, true) if no_overload => Note::NotInOverload,
        (true, true) => Note::NoSamples,
        (true, false) => Note::NoSteadySamples,
        (false, true) => Note::NoOverloadSamples,
        _ if before.mean() == 0.0 && after.mean() != 0.0 => Note::FromZero,
        _ if before.spread() == 0.0 && after.spread() == 0.0 && before.mean() == after.mean() => Note::Constant,
        _ if before.spread() == 0.0 => Note::ConstantInSteady,
        _ => Note::Nothing,
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut n, mut sum) = (0.0, 0.0);
    for value in values {
        n += 1.0;
        // Of infinite sizes the mean is infinite, not the difference of two infinities.
        if f64::is_finite(sum) {
            sum = if value.is_finite() { sum + (value - sum) / n } else { value };
        }
    }
    (n > 0.0).then_some(sum)
}

fn spread(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    let centre = mean(values.iter().copied())?;
    let squares: f64 = values.iter().map(|v| (v - centre) * (v - centre)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: [i64; 4] = [0, 1000, 2000, 3000];
    const UP: Nature = Nature::plain(Harm::Up);

    fn run(values: &[f64; 4]) -> Run<'_> {
        Run { values, times_ms: &TIMES }
    }

    #[test]
    fn runs_are_averaged_with_their_spread() {
        let m = measure(&[&[1.0, 1.0, 1.0]], &[run(&[2.0; 4]), run(&[4.0; 4])], UP).found;
        assert_eq!((m.overload.get(), m.pct_change.get(), m.runs), (Some(3.0), Some(200.0), 2));
        assert!((m.pct_spread.get().unwrap() - 100.0 * 2.0_f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn infinite_sizes_stay_infinite_over_runs() {
        let m = measure(&[&[0.0; 4]], &[run(&[2.0; 4]), run(&[4.0; 4])], UP).found;
        assert_eq!(m.size, f64::INFINITY);
    }

    #[test]
    fn successes_are_judged_by_the_failures_they_leave() {
        let success = Nature { success: true, ..Nature::from(Harm::Down) };
        let percent = measure(&[&[100.0; 9]], &[run(&[95.5; 4])], success).found;
        assert_eq!((percent.size, percent.overload.get()), (f64::INFINITY, Some(95.5)));
        assert!((percent.bad - 4.5).abs() < 1e-9 && percent.z.get().unwrap() < 0.0);
        let ratio = measure(&[&[0.9, 0.9, 0.9, 0.9]], &[run(&[0.8; 4])], success).found;
        assert!((ratio.size - 1.0).abs() < 1e-9, "{ratio:?}");
        let count = measure(&[&[900.0; 4]], &[run(&[450.0; 4])], success).found;
        assert!((count.size - 0.5).abs() < 1e-9, "{count:?}");
    }

    #[test]
    fn rounding_is_no_failure() {
        let success = Nature { success: true, ..Nature::from(Harm::Down) };
        for (before, now) in [(1.0, 1.0 - f64::EPSILON), (1.0 + f64::EPSILON, 1.0), (100.0, 100.0 - 1e-9)] {
            assert_eq!(measure(&[&[before; 9]], &[run(&[now; 4])], success).found.harm, 0.0, "{before} {now}");
        }
    }

    #[test]
    fn a_slow_rise_begins_with_its_first_row_beyond_the_steady_state() {
        let m = measure(&[&[1.0, 1.1, 0.9]], &[run(&[1.0, 2.0, 5.0, 9.0])], UP).found;
        assert_eq!(m.onset.get(), Some(1.0));
    }

    #[test]
    fn an_overload_by_itself_is_told_from_its_measure_beside_any_steady_state() {
        let overload = [run(&[1.0, f64::NAN, 5.0, 5.0]), run(&[f64::NAN; 4])];
        assert_eq!(measure(&[&[0.0; 9]], &overload, UP).found.without_steady(), measure(&[], &overload, UP).found);
    }

    #[test]
    fn onset_is_in_seconds_from_the_start_of_the_run() {
        let m = measure(&[&[1.0, 1.1, 0.9]], &[run(&[1.0, 1.0, 5.0, 5.0])], UP).found;
        assert_eq!(m.onset.get(), Some(2.0));
    }

    #[test]
    fn gaps_are_counted_on_both_sides() {
        let gap = f64::NAN;
        let m = measure(&[&[1.0, gap]], &[run(&[gap, gap, gap, 1.0])], UP).found;
        assert_eq!((m.missing_steady.get(), m.missing_overload.get()), (Some(0.5), Some(0.75)));
        let mut gone = measure(&[&[1.0]], &[run(&[gap; 4])], UP).found;
        assert_eq!((gone.z.get(), gone.note), (None, Note::NoOverloadSamples));
        gone.lose();
        assert_eq!((gone.z.get(), gone.size), (Some(-1000.0), f64::INFINITY));
        assert_eq!(measure(&[], &[run(&[1.0; 4])], UP).found.note, Note::NotInSteady);
    }
}
