//! How much a counter grows from tick to tick.

use crate::lattice::NONE;

/// The increase of a counter from tick to tick, per second when the step is given in seconds.
///
/// `increase(k) = c(k) - c(j)`, where j is the last tick before k that has a sample; a sample that
/// is lower than the one before it by an eighth or more means that the counter began again at zero. The rate is that
/// divided by `(k - j) * step`. The first tick, ticks without a sample and ticks without a new one
/// since j are gaps. `lead` and `picks` are samples by tick, for the tick before the first and for
/// all others, `u32::MAX` for none. One pass.
pub(crate) fn increase(samples: &[f64], lead: u32, picks: &[u32], step_s: Option<f64>) -> Vec<f64> {
    increases(samples, lead, picks, step_s).collect()
}

pub(crate) fn increases(samples: &[f64], lead: u32, picks: &[u32], step_s: Option<f64>) -> impl Iterator<Item = f64> {
    let mut counter = Counter::new(samples);
    let mut before = counter.follow(lead).then_some((-1, lead));
    let value = move |(tick, &at): (usize, &u32)| {
        let tick = tick as i64;
        match before {
            Some((_, same)) if same == at => f64::NAN,
            _ if !counter.follow(at) => f64::NAN,
            past => {
                let grown = counter.take();
                before = Some((tick, at));
                past.map_or(f64::NAN, |(j, _)| step_s.map_or(grown, |step| grown / ((tick - j) as f64 * step)))
            }
        }
    };
    picks.iter().enumerate().map(value)
}

/// A counter that falls began again at zero, unless it fell by less than an eighth: that is an error of measurement
/// (processor times that a kernel corrects, replicas that differ), and no increase. The rule is that of
/// VictoriaMetrics (`removeCounterResets`, 2022); for Prometheus every fall is a reset, so that a dip of 0.01 at a
/// million counts as a million.
pub(super) fn is_reset(before: f64, now: f64) -> bool {
    (before - now) * 8.0 >= before
}

/// A counter that its target did not show at first, as if it had stood at zero in every scrape until then: the
/// samples and picks with those zeros in front. `scraped` says at which ticks the target was there.
pub(crate) fn from_zero(samples: &[f64], picks: &[u32], scraped: &[bool]) -> (Vec<f64>, Vec<u32>) {
    let first = picks.iter().position(|&at| at != NONE).unwrap_or(picks.len());
    let zeros = scraped[..first].iter().filter(|there| **there).count();
    let mut all = vec![0.0; zeros];
    all.extend_from_slice(samples);
    let mut next = 0;
    let mut shifted = Vec::with_capacity(picks.len());
    for (tick, &at) in picks.iter().enumerate() {
        let zero = tick < first && scraped[tick];
        shifted.push(match at {
            _ if zero => next,
            NONE => NONE,
            at => at + zeros as u32,
        });
        next += u32::from(zero);
    }
    (all, shifted)
}

/// True when the first values of a counter are those of one that began at zero shortly before, not of one that had
/// run for long: the first is less than ten times what it grows by next (or than ten, where it does not grow), as
/// VictoriaMetrics' `increase` has it.
pub(crate) fn began_at_zero(samples: &[f64]) -> bool {
    let mut known = samples.iter().filter(|v| !v.is_nan());
    let Some(&first) = known.next() else { return false };
    let grown = known.next().map_or(0.0, |second| (second - first).abs());
    first >= 0.0 && first < 10.0 * (if grown > 0.0 { grown } else { 10.0 } + 1.0)
}

/// Ticks between two scrapes, for which the earlier sample stands, take the rate from the one to the other, or an
/// equal part of the difference. What stands before a scrape that failed stays missing.
pub(crate) fn hold(values: &mut [f64], samples: &[f64], lead: u32, picks: &[u32], share: bool) {
    let stands = |tick: usize| {
        let (at, before) = (picks[tick], if tick > 0 { picks[tick - 1] } else { lead });
        at != NONE && at == before && !samples[at as usize].is_nan()
    };
    let mut from = 0;
    for tick in 0..values.len() {
        if values[tick].is_nan() {
            from = if stands(tick) { from } else { tick + 1 };
            continue;
        }
        let part = if share { values[tick] / (tick - from + 1) as f64 } else { values[tick] };
        values[from..=tick].fill(part);
        from = tick + 1;
    }
}

/// A counter that is followed sample by sample.
struct Counter<'a> {
    samples: &'a [f64],
    seen: usize,
    /// Its value at the tick before, and what it grew by up to a reset since then.
    base: f64,
    carried: f64,
    last: f64,
}

impl<'a> Counter<'a> {
    fn new(samples: &'a [f64]) -> Self {
        Counter { samples, seen: 0, base: f64::NAN, carried: 0.0, last: f64::NAN }
    }

    /// Goes on to a sample; false when there is none.
    #[inline]
    fn follow(&mut self, at: u32) -> bool {
        if at == NONE || self.samples[at as usize].is_nan() {
            return false;
        }
        let first = self.seen == 0;
        for &value in &self.samples[self.seen..=at as usize] {
            if value < self.last {
                if is_reset(self.last, value) {
                    self.carried += self.last - self.base;
                    self.base = 0.0;
                } else {
                    self.base -= self.last - value;
                }
            }
            self.last = if value.is_nan() { self.last } else { value };
        }
        self.seen = at as usize + 1;
        if first {
            (self.base, self.carried) = (self.last, 0.0);
        }
        true
    }

    /// The increase since it was last taken.
    #[inline]
    fn take(&mut self) -> f64 {
        let grown = self.carried + (self.last - self.base);
        (self.base, self.carried) = (self.last, 0.0);
        grown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().map(|v| (!v.is_nan()).then_some(*v)).collect()
    }

    #[test]
    fn a_rate_is_the_difference_over_the_time() {
        let rate = increase(&[10.0, 12.0, 18.0], NONE, &[0, 1, NONE, 2], Some(2.0));
        assert_eq!(shown(&rate), [None, Some(1.0), None, Some(1.5)]);
    }

    #[test]
    fn a_reset_counts_from_zero_also_within_a_step() {
        let delta = increase(&[100.0, 105.0, 2.0, 4.0, 1.0], NONE, &[0, 3, 4], None);
        assert_eq!(shown(&delta), [None, Some(9.0), Some(1.0)]);
        let gap = increase(&[5.0, f64::NAN, 7.0], NONE, &[0, 1, 2], None);
        assert_eq!(shown(&gap), [None, None, Some(2.0)]);
    }

    #[test]
    fn no_new_sample_is_no_rate() {
        let rate = increase(&[1.0, 4.0], NONE, &[0, 0, 0, 1], Some(1.0));
        assert_eq!(shown(&rate), [None, None, None, Some(1.0)]);
    }

    #[test]
    fn samples_before_the_lattice_are_only_followed_for_resets() {
        // The first tick takes the third sample; the reset before it does not matter.
        let delta = increase(&[50.0, 1.0, 3.0, 9.0], NONE, &[2, 3], None);
        assert_eq!(shown(&delta), [None, Some(6.0)]);
        let delta = increase(&[50.0, 1.0, 3.0, 9.0], 0, &[2, 3], None);
        assert_eq!(shown(&delta), [Some(3.0), Some(6.0)]);
    }

    #[test]
    fn a_small_dip_is_no_reset() {
        let delta = increase(&[1000.0, 1010.0, 1009.5, 1020.0], NONE, &[0, 1, 2, 3], None);
        assert_eq!(shown(&delta), [None, Some(10.0), Some(0.0), Some(10.5)]);
        assert!(is_reset(8.0, 7.0) && !is_reset(8.0, 7.5));
    }

    #[test]
    fn a_counter_that_its_target_did_not_show_stood_at_zero() {
        let (samples, picks) = from_zero(&[3.0, 5.0], &[NONE, NONE, NONE, 0, 1], &[true, false, true, true, true]);
        let delta = increase(&samples, NONE, &picks, None);
        assert_eq!(shown(&delta), [None, None, Some(0.0), Some(3.0), Some(2.0)]);
        assert!(began_at_zero(&[3.0, 5.0]) && began_at_zero(&[40.0]) && !began_at_zero(&[1e6, 1e6 + 3.0]));
        assert!(!began_at_zero(&[f64::NAN]) && began_at_zero(&[f64::NAN, 1.0, 1.0]));
    }

    #[test]
    fn rates_hold_between_scrapes_but_not_over_a_failed_one() {
        let samples = [0.0, 10.0, 30.0];
        let picks = [0, 0, 1, 1, NONE, NONE, 2, 2];
        let mut rate = increase(&samples, NONE, &picks, Some(1.0));
        hold(&mut rate, &samples, NONE, &picks, false);
        assert_eq!(shown(&rate), [None, Some(5.0), Some(5.0), None, None, None, Some(5.0), None]);
        let mut delta = increase(&samples, NONE, &picks, None);
        hold(&mut delta, &samples, NONE, &picks, true);
        assert_eq!(shown(&delta), [None, Some(5.0), Some(5.0), None, None, None, Some(20.0), None]);
    }
}
