//! Which sample stands for which time of the grid.

use super::even::{Lattice, interval};

/// No sample stands for the tick.
pub(crate) const NONE: u32 = u32::MAX;

/// How far a sample reaches.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reach {
    /// Exactly so long, where it was asked for.
    pub(crate) lookback_ms: Option<i64>,
    /// The scrape interval of most series.
    pub(crate) typical_ms: Option<i64>,
}

impl Reach {
    /// The scrape interval of a series: its own median with three samples or more. Two samples may
    /// be far apart because it was away in between: it is not longer than that of most series.
    pub(super) fn interval(self, times_ms: &[i64], lattice: &Lattice) -> i64 {
        match interval(times_ms) {
            Some(own) if times_ms.len() > 2 => own,
            Some(own) => self.typical_ms.map_or(own, |typical| typical.min(own)),
            None => self.typical_ms.unwrap_or(lattice.step_ms),
        }
    }
}

/// Which sample stands for each tick: the last one at or before it that is not too old.
///
/// Scrapes come a few milliseconds early or late: one that is late by less than a hundredth of the interval (or of the step, if
/// that is shorter) stands for the tick that it missed. So much Prometheus 3 itself takes for none (`scrape.go`, aligned
/// timestamps).
///
/// With a lookback L a sample at s stands for ticks t with `s <= t < s + L`, until the next sample.
/// Without one L is two scrape intervals. Where ticks are closer than that, it is only one when the
/// next sample is more than one and a half intervals away or there is none: the scrape in between
/// has failed, and is a gap; with wider steps it was not the only one of its step.
/// Linear.
pub(crate) fn pick(times_ms: &[i64], lattice: &Lattice, reach: Reach) -> Vec<u32> {
    let scrape = reach.interval(times_ms, lattice);
    let mut picks = vec![NONE; lattice.ticks];
    let tick_from = |t: i64| {
        let (past, step) = (t - lattice.start_ms, lattice.step_ms);
        (past + step - 1).div_euclid(step).clamp(0, lattice.ticks as i64) as usize
    };
    let stands_from = |t: i64| tick_from(t - slack(scrape, lattice.step_ms));
    for (at, &time) in times_ms.iter().enumerate() {
        let next = times_ms.get(at + 1).copied();
        let lives = reach.lookback_ms.unwrap_or(match next {
            Some(next) if (next - time) * 2 <= scrape * 3 => 2 * scrape,
            _ if lattice.step_ms >= 2 * scrape => 2 * scrape,
            _ => scrape,
        });
        let until = match next {
            Some(next) if next <= time + lives => stands_from(next),
            _ => tick_from(time + lives),
        };
        for pick in &mut picks[stands_from(time)..until] {
            *pick = at as u32;
        }
    }
    picks
}

/// By how much a scrape may be late.
pub(super) fn slack(interval_ms: i64, step_ms: i64) -> i64 {
    interval_ms.min(step_ms) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrape_a_few_milliseconds_late_is_that_of_its_tick() {
        let lattice = Lattice { start_ms: 0, step_ms: 5_000, ticks: 6 };
        let late = [-3, 5_003, 9_997, 15_006, 20_000, 25_049];
        assert_eq!(pick(&late, &lattice, Reach::default()), [0, 1, 2, 3, 4, 5]);
        assert_eq!(pick(&[0, 5_051, 10_051, 15_051], &lattice, Reach::default()), [0, 0, 1, 2, 3, NONE]);
    }

    #[test]
    fn a_failed_scrape_is_a_gap_and_a_late_one_is_not() {
        let lattice = Lattice { start_ms: 0, step_ms: 10, ticks: 8 };
        assert_eq!(pick(&[0, 10, 20, 40, 52, 60], &lattice, Reach::default()), [0, 1, 2, NONE, 3, 3, 5, NONE]);
        assert_eq!(
            pick(&[0, 10, 20, 40, 52, 60], &lattice, Reach { lookback_ms: Some(25), typical_ms: None }),
            [0, 1, 2, 2, 3, 3, 5, 5]
        );
    }

    #[test]
    fn with_wide_steps_one_failed_scrape_is_no_gap() {
        let lattice = Lattice { start_ms: 0, step_ms: 30, ticks: 4 };
        assert_eq!(pick(&[0, 10, 20, 40, 50, 60, 70], &lattice, Reach::default()), [0, 2, 5, NONE]);
    }

    #[test]
    fn slow_series_stand_until_their_next_scrape() {
        let lattice = Lattice { start_ms: 0, step_ms: 5, ticks: 8 };
        assert_eq!(pick(&[2, 17, 32], &lattice, Reach::default()), [NONE, 0, 0, 0, 1, 1, 1, 2]);
        assert_eq!(pick(&[-12, 3], &lattice, Reach::default()), [0, 1, 1, 1, NONE, NONE, NONE, NONE]);
        let reach = Reach { lookback_ms: None, typical_ms: Some(5) };
        assert_eq!(pick(&[2, 32], &lattice, reach), [NONE, 0, NONE, NONE, NONE, NONE, NONE, 1]);
        assert_eq!(pick(&[7], &lattice, Reach::default()), [NONE, NONE, 0, NONE, NONE, NONE, NONE, NONE]);
    }
}
