//! Samples onto the lattice: values as they are, and counters as their increase.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::kind::{Counters, Decision, metric_of};
use crate::lattice::{Lattice, NONE, Reach, pick};
use crate::samples::{give_back, room, scratch};
use crate::store::{Clock, Series};

/// A series on the lattice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Laid {
    pub(crate) name: String,
    /// True for rates and differences of counters: they are added up, whereas gauges are averaged.
    pub(crate) adds: bool,
    /// A value a tick; NaN where there is none.
    pub(crate) values: Vec<f64>,
}

/// How samples become values of ticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Laying {
    pub(crate) lattice: Lattice,
    pub(crate) reach: Reach,
    pub(crate) counters: Counters,
}

/// Series with one clock, and where they stand among all.
type Group = (Clock, Vec<(usize, Series)>);

/// Lays all series; their order stays. The samples of a series are freed when it is laid.
pub(crate) fn lay_all(series: Vec<Series>, decisions: &BTreeMap<String, Decision>, laying: &Laying) -> Vec<Laid> {
    let mut groups: HashMap<*const i64, Group> = HashMap::new();
    for (at, one) in series.into_iter().enumerate() {
        let clock = one.run.clock.clone();
        groups.entry(clock.as_ptr()).or_insert_with(|| (clock, Vec::new())).1.push((at, one));
    }
    let groups: Vec<Group> = groups.into_values().collect();
    let laid: Vec<Vec<(usize, Laid)>> = groups
        .into_par_iter()
        .map(|(clock, group)| {
            let (lead, picks) = pick_with_lead(&clock, laying);
            let one = |(at, series): (usize, Series)| {
                let decision = decisions.get(&metric_of(&series.name));
                let (counter, adds) = decision.map_or((false, false), |d| (d.counter, d.adds));
                let values = lay(series.run.values, lead, &picks, counter, laying);
                (at, Laid { name: series.name.to_string(), adds, values })
            };
            group.into_par_iter().map(one).collect()
        })
        .collect();
    let mut laid: Vec<(usize, Laid)> = laid.into_iter().flatten().collect();
    laid.sort_unstable_by_key(|(at, _)| *at);
    laid.into_iter().map(|(_, laid)| laid).collect()
}

/// The sample of the tick before the first, and those of the ticks: with a start in the middle of
/// the data the first tick has an increase too.
fn pick_with_lead(times_ms: &[i64], laying: &Laying) -> (u32, Vec<u32>) {
    let Lattice { start_ms, step_ms, .. } = laying.lattice;
    let before = Lattice { start_ms: start_ms - step_ms, step_ms, ticks: 1 };
    let lead = match times_ms.first() {
        Some(&first) if first < start_ms => pick(times_ms, &before, laying.reach)[0],
        _ => NONE,
    };
    (lead, pick(times_ms, &laying.lattice, laying.reach))
}

/// The values of the ticks, in the memory of the samples: new memory would be wanted by one thread
/// while another gives some back.
fn lay(mut samples: Vec<f64>, lead: u32, picks: &[u32], counter: bool, laying: &Laying) -> Vec<f64> {
    let (times_ms, mut copy) = scratch();
    copy.extend_from_slice(&samples);
    samples.clear();
    if samples.capacity() < picks.len() || samples.capacity() > 2 * picks.len() + 64 {
        samples = room(picks.len());
    }
    if counter {
        let per_second = laying.counters != Counters::Delta;
        let step_s = per_second.then_some(laying.lattice.step_ms as f64 / 1e3);
        samples.extend(increases(&copy, lead, picks, step_s));
    } else {
        samples.extend(picks.iter().map(|&at| if at == NONE { f64::NAN } else { copy[at as usize] }));
    }
    give_back(times_ms, copy);
    samples
}

/// The increase of a counter from tick to tick, per second when the step is given in seconds.
///
/// `increase(k) = c(k) - c(j)`, where j is the last tick before k that has a sample; a sample that
/// is lower than the one before it means that the counter began again at zero. The rate is that
/// divided by `(k - j) * step`. The first tick, ticks without a sample and ticks without a new one
/// since j are holes. `lead` and `picks` are samples by tick, for the tick before the first and for
/// all others, `u32::MAX` for none. One pass.
pub(crate) fn increase(samples: &[f64], lead: u32, picks: &[u32], step_s: Option<f64>) -> Vec<f64> {
    increases(samples, lead, picks, step_s).collect()
}

fn increases(samples: &[f64], lead: u32, picks: &[u32], step_s: Option<f64>) -> impl Iterator<Item = f64> {
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
                self.carried += self.last - self.base;
                self.base = 0.0;
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
        let hole = increase(&[5.0, f64::NAN, 7.0], NONE, &[0, 1, 2], None);
        assert_eq!(shown(&hole), [None, None, Some(2.0)]);
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
}
