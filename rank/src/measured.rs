//! What is known of one metric, and its numbers in a row.

use crate::known::Known;
use crate::note::Note;

/// A metric's change from steady state to overload, and what its deviation is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measure {
    /// What was found.
    pub found: Found,
    /// Steady median, level of the overload and denominator of the deviation, of the first run.
    pub made_of: [Known; 3],
}

/// What is kept of each of millions of metrics: means over the overload runs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Found {
    /// Mean of all steady samples.
    pub steady: Known,
    /// Mean over runs of the overload means.
    pub overload: Known,
    /// See [`crate::change::Change::pct_change`].
    pub pct_change: Known,
    /// See [`crate::change::Change::pct_diff`].
    pub pct_diff: Known,
    /// See [`crate::change::Change::z`].
    pub z: Known,
    /// Area under the ROC curve, all overload samples against all steady ones.
    pub effect: Known,
    /// Mann–Whitney's p with effective sample sizes.
    pub p: Known,
    /// The p of samples that do not overlap, for these sizes.
    pub least_p: Known,
    /// Seconds from a run's first row to its change point.
    pub onset: Known,
    /// Share of steady rows without a value.
    pub missing_steady: Known,
    /// Share of overload rows without a value.
    pub missing_overload: Known,
    /// Share of overload rows after its last sample, beyond the longest gap that it had before: see [`crate::change::silence`].
    pub silent: Known,
    /// The same of the steady runs, the least of them.
    pub silent_before: Known,
    /// Share of steady rows at which it stands still at the end, the least of the runs: see [`crate::change::standstill`].
    pub still_before: Known,
    /// Probability of so many bursts beyond all that the steady state showed, the largest of the runs: see
    /// [`crate::change::tail::bursts`]; of what the users felt, of so many rows: [`crate::change::tail::excess`].
    pub bursts_p: Known,
    /// Chance of so many rows beyond all that the steady state showed, whether or not they follow each other: see
    /// [`crate::change::tail::excess`].
    pub excess_p: Known,
    /// Share of overload rows in a stretch at the end beyond all that the steady state showed, the least of the runs; 0 by chance: see
    /// [`crate::change::tail::stretch`].
    pub stretch: Known,
    /// Standard deviation of `pct_change` over runs (n − 1); not known for fewer than two.
    pub pct_spread: Known,
    /// Standard deviation of `z` over runs (n − 1).
    pub z_spread: Known,
    /// Harmful deviation: `exp(mean of ln(1 + harm)) − 1` over runs, so no single run decides.
    pub harm: f64,
    /// Mean relative size of the harmful change.
    pub size: f64,
    /// Mean harmful change in the metric's unit.
    pub bad: f64,
    /// Overload runs that hold the metric.
    pub runs: u32,
    /// Why something is not known, or what to beware of.
    pub note: Note,
    /// True for errors and waits that only the overload has, measured as if there had been none in steady state.
    pub born: bool,
    /// True where a part of some overload run says more than a shift of all of it: harm that fills only a part (see
    /// [`crate::change::tail`]), or a level beyond what chance leaves of the steady one.
    pub part: bool,
}

impl Found {
    /// Makes it the measure of what is there no more: a flag of presence that went from 1 to 0.
    pub fn lose(&mut self) {
        self.harm = 1.0 / stats::FLOOR;
        (self.z, self.size, self.bad) = (Known::from(-self.harm), f64::INFINITY, 1.0);
        self.note = Note::Gone;
    }

    /// What is found of the same overload without any steady grid.
    #[must_use]
    pub fn without_steady(&self) -> Self {
        let Found { overload, missing_overload, silent, runs, born, .. } = *self;
        Found { overload, missing_overload, silent, runs, born, note: Note::NotInSteady, ..Found::default() }
    }
}

/// A number of a measure, as it is kept: what is not known of an `f64` is 0.
trait Number {
    fn kept(number: Known) -> Self;
}

impl Number for Known {
    fn kept(number: Known) -> Self {
        number
    }
}

impl Number for f64 {
    fn kept(number: Known) -> Self {
        number.get().unwrap_or(0.0)
    }
}

/// The numbers of a measure, each as its name and its place: to name, to give and to take them all.
macro_rules! numbers {
    ($count:literal: $($name:literal $($place:ident).+ $([$at:literal])?),+ $(,)?) => {
        impl Measure {
            /// The names of its numbers, in the order of [`Measure::numbers`].
            pub const NUMBERS: [&'static str; $count] = [$($name),+];

            /// Its numbers; with [`Found::runs`], [`Found::note`], [`Found::born`] and [`Found::part`] they are all there is of it.
            pub fn numbers(&self) -> [Known; $count] {
                [$(Known::from(self.$($place).+ $([$at])?)),+]
            }

            /// The measure that has these [`Measure::numbers`].
            pub fn of(numbers: [Known; $count], runs: u32, note: Note, [born, part]: [bool; 2]) -> Self {
                let mut measure = Self { found: Found { runs, note, born, part, ..Found::default() }, ..Self::default() };
                let mut numbers = numbers.into_iter();
                $(measure.$($place).+ $([$at])? = Number::kept(numbers.next().unwrap_or_default());)+
                measure
            }
        }
    };
}

numbers! { 25:
    "steady" found.steady,
    "overload" found.overload,
    "pct_change" found.pct_change,
    "pct_diff" found.pct_diff,
    "z" found.z,
    "effect" found.effect,
    "p" found.p,
    "least_p" found.least_p,
    "onset" found.onset,
    "missing_steady" found.missing_steady,
    "missing_overload" found.missing_overload,
    "silent" found.silent,
    "silent_before" found.silent_before,
    "still_before" found.still_before,
    "bursts_p" found.bursts_p,
    "excess_p" found.excess_p,
    "stretch" found.stretch,
    "pct_spread" found.pct_spread,
    "z_spread" found.z_spread,
    "harmful" found.harm,
    "size" found.size,
    "bad" found.bad,
    "centre" made_of[0],
    "level" made_of[1],
    "scale" made_of[2],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_to_their_places() {
        let numbers: [Known; 25] = std::array::from_fn(|at| Known::from(at as f64 + 0.5));
        let measure = Measure::of(numbers, 3, Note::Gone, [true, false]);
        let Found { runs, note, born, part, steady, harm, .. } = measure.found;
        assert_eq!((measure.numbers(), runs, note, born, part), (numbers, 3, Note::Gone, true, false));
        assert_eq!((steady.get(), harm, measure.made_of[2].get()), (Some(0.5), 19.5, Some(24.5)));
        assert_eq!((Measure::NUMBERS[0], Measure::NUMBERS[19], Measure::NUMBERS[24]), ("steady", "harmful", "scale"));
        assert_eq!(Measure::of([Known::default(); 25], 0, Note::default(), [false; 2]), Measure::default());
    }
}
