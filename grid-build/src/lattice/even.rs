//! The even times of a grid.

use grid::{Error, format_time};

use super::reach::slack;

/// Tick k is `start_ms + k * step_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lattice {
    /// The first tick.
    pub start_ms: i64,
    /// The time between ticks, positive.
    pub step_ms: i64,
    /// How many ticks there are.
    pub ticks: usize,
}

/// What the command line says about the lattice; the rest comes from the data.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    /// The time between ticks.
    pub step_ms: Option<i64>,
    /// The first tick.
    pub start_ms: Option<i64>,
    /// No tick is after it.
    pub end_ms: Option<i64>,
}

/// The times of one group of series, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) first_ms: i64,
    pub(crate) last_ms: i64,
    /// The scrape interval, where there are two samples.
    pub(crate) interval_ms: Option<i64>,
    /// How many series have these times.
    pub(crate) series: usize,
    /// True when all times are the first plus a multiple of `interval_ms`.
    pub(crate) even: bool,
}

impl Extent {
    /// `times_ms` is strictly increasing and not empty.
    pub(crate) fn of(times_ms: &[i64], series: usize) -> Option<Extent> {
        let (&first_ms, &last_ms) = (times_ms.first()?, times_ms.last()?);
        let interval_ms = interval(times_ms);
        let even = interval_ms.is_none_or(|step| times_ms.iter().all(|t| (t - first_ms) % step == 0));
        Some(Extent { first_ms, last_ms, interval_ms, series, even })
    }
}

/// The scrape interval: the median time between samples. Within one per cent of whole seconds it
/// is taken for those: scrapes come a few milliseconds early or late.
pub(crate) fn interval(times_ms: &[i64]) -> Option<i64> {
    let mut spacings: Vec<i64> = times_ms.windows(2).map(|t| t[1] - t[0]).collect();
    if spacings.is_empty() {
        return None;
    }
    let middle = (spacings.len() - 1) / 2;
    let median = (*spacings.select_nth_unstable(middle).1).max(1);
    let seconds = (median + 500) / 1000 * 1000;
    Some(if seconds > 0 && (median - seconds).abs() * 100 <= seconds { seconds } else { median })
}

/// With more ticks than this a grid is taken for a mistake in the times.
const TICKS: i64 = 100_000_000;

impl Lattice {
    /// The lattice of the data where nothing else is wished for.
    ///
    /// The step is the scrape interval of most series (the median over series). When all samples
    /// lie on one lattice of that step, it is taken; else ticks are multiples of the step. The first
    /// tick is the first one with a sample at or before it (or late by a [`slack`]), and so for the last.
    pub(crate) fn fit(extents: &[Extent], wish: Wish) -> Result<Option<Lattice>, Error> {
        let step_ms = wish.step_ms.or_else(|| median_interval(extents)).unwrap_or(1000);
        let late_ms = |e: &Extent| e.interval_ms.map_or(0, |interval_ms| slack(interval_ms, step_ms));
        let first = extents.iter().map(|e| e.first_ms - late_ms(e)).min();
        let last = extents.iter().map(|e| e.last_ms - late_ms(e)).max();
        let (Some(first), Some(last)) = (first.or(wish.start_ms), last.or(wish.end_ms)) else {
            return Ok(None);
        };
        let phase = wish.start_ms.unwrap_or_else(|| shared_phase(extents, step_ms));
        let up = |t: i64| t + (phase - t).rem_euclid(step_ms);
        let start_ms = wish.start_ms.unwrap_or_else(|| up(first));
        let end_ms = wish.end_ms.unwrap_or_else(|| up(last).max(start_ms));
        let ticks = (end_ms - start_ms).div_euclid(step_ms) + 1;
        if ticks < 1 {
            let (start, end) = (format_time(start_ms), format_time(end_ms));
            return Err(Error::failed(format!("the end {end} is before the start {start}")));
        }
        if ticks > TICKS {
            let (start, end, step) = (format_time(start_ms), format_time(end_ms), format_time(step_ms));
            let what = format!("the times from {start} to {end} make {ticks} steps of {step} s");
            return Err(Error::failed(format!("{what}: give --start, --end or --step if that is meant")));
        }
        Ok(Some(Lattice { start_ms, step_ms, ticks: ticks as usize }))
    }

    /// The time of a tick.
    pub fn time_ms(&self, tick: usize) -> i64 {
        self.start_ms + tick as i64 * self.step_ms
    }

    /// All times.
    pub fn times_ms(&self) -> Vec<i64> {
        (0..self.ticks).map(|tick| self.time_ms(tick)).collect()
    }
}

/// The middle of the intervals, each counted as often as it has series.
pub(crate) fn median_interval(extents: &[Extent]) -> Option<i64> {
    let mut intervals: Vec<(i64, usize)> = extents.iter().filter_map(|e| Some((e.interval_ms?, e.series))).collect();
    intervals.sort_unstable();
    let all: usize = intervals.iter().map(|(_, series)| series).sum();
    let mut before = 0;
    intervals.into_iter().find_map(|(interval, series)| {
        before += series;
        (2 * before >= all).then_some(interval)
    })
}

/// The phase of all samples modulo the step when they have one, else 0. The result does not depend
/// on the order of the extents.
fn shared_phase(extents: &[Extent], step_ms: i64) -> i64 {
    let mut phases = Vec::with_capacity(extents.len());
    for extent in extents {
        let interval_ms = extent.interval_ms.unwrap_or(step_ms);
        if !extent.even || interval_ms % step_ms != 0 && step_ms % interval_ms != 0 {
            return 0;
        }
        let modulus = interval_ms.min(step_ms);
        phases.push((modulus, extent.first_ms.rem_euclid(modulus)));
    }
    // Series scraped once a step or less often fix the phase; the others must only agree with it.
    let Some(&(_, phase)) = phases.iter().max() else { return 0 };
    let agree = phases.iter().all(|&(modulus, own)| phase.rem_euclid(modulus) == own);
    if agree { phase } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(clocks: &[&[i64]], wish: Wish) -> Lattice {
        let extents: Vec<Extent> = clocks.iter().filter_map(|c| Extent::of(c, 1)).collect();
        Lattice::fit(&extents, wish).unwrap().unwrap()
    }

    #[test]
    fn the_lattice_of_the_data_is_kept() {
        let lattice = fit(&[&[1_500, 2_500, 4_500], &[3_500]], Wish::default());
        assert_eq!(lattice, Lattice { start_ms: 1_500, step_ms: 1_000, ticks: 4 });
    }

    #[test]
    fn samples_of_different_phases_go_to_multiples_of_the_step() {
        let lattice = fit(&[&[1_300, 2_301, 3_300], &[1_700, 2_700, 3_699]], Wish::default());
        assert_eq!(lattice, Lattice { start_ms: 2_000, step_ms: 1_000, ticks: 3 });
        let lattice = fit(&[&[-1_300, -301]], Wish::default());
        assert_eq!(lattice, Lattice { start_ms: -1_000, step_ms: 1_000, ticks: 2 });
    }

    #[test]
    fn the_order_of_series_does_not_matter() {
        let wish = Wish { step_ms: Some(1_000), ..Wish::default() };
        let (single, fast): (&[i64], &[i64]) = (&[16_100], &[20_500, 20_600]);
        assert_eq!(fit(&[single, fast], wish), fit(&[fast, single], wish));
    }

    #[test]
    fn wishes_come_first_and_mistakes_are_refused() {
        let wish = Wish { step_ms: Some(500), start_ms: Some(100), end_ms: Some(1_200) };
        assert_eq!(fit(&[&[0, 9_000]], wish), Lattice { start_ms: 100, step_ms: 500, ticks: 3 });
        let far = Extent::of(&[0, 1_000, 1_700_000_000_000], 1).unwrap();
        let what = Lattice::fit(&[far], Wish::default()).unwrap_err().to_string();
        assert!(what.starts_with("the times from 0 to 1700000000 make 1700000001 steps of 1 s"), "{what}");
    }
}
