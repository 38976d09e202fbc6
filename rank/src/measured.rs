//! What is known of one metric, and its numbers in a row.

use crate::known::Known;
use crate::note::Note;

/// A metric's change from steady state to overload: means over the overload runs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measure {
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
    /// Steady median, level of the overload and denominator of the deviation, of the first run.
    pub made_of: [Known; 3],
    /// Overload runs that hold the metric.
    pub runs: u32,
    /// Why something is not known, or what to beware of.
    pub note: Note,
}

impl Measure {
    /// Makes it the measure of what is there no more: a flag of presence that went from 1 to 0.
    pub fn lose(&mut self) {
        self.harm = 1.0 / stats::FLOOR;
        (self.z, self.size, self.bad) = (Known::from(-self.harm), f64::INFINITY, 1.0);
        self.note = Note::Gone;
    }

    /// The measure of the same overload without any steady grid.
    #[must_use]
    pub fn without_steady(&self) -> Self {
        let Measure { overload, missing_overload, runs, .. } = *self;
        Measure { overload, missing_overload, runs, note: Note::NotInSteady, ..Measure::default() }
    }

    /// The names of its numbers, in the order of [`Measure::numbers`].
    pub const NUMBERS: [&'static str; 19] = [
        "steady",
        "overload",
        "pct_change",
        "pct_diff",
        "z",
        "effect",
        "p",
        "least_p",
        "onset",
        "missing_steady",
        "missing_overload",
        "pct_spread",
        "z_spread",
        "harmful",
        "size",
        "bad",
        "centre",
        "level",
        "scale",
    ];

    /// Its numbers; with [`Measure::runs`] and [`Measure::note`] they are all there is of it.
    pub fn numbers(&self) -> [Known; 19] {
        let [centre, level, scale] = self.made_of;
        let [harm, size, bad] = [self.harm, self.size, self.bad].map(Known::from);
        let Measure { steady, overload, pct_change, pct_diff, z, effect, p, least_p, onset, .. } = *self;
        let Measure { missing_steady, missing_overload, pct_spread, z_spread, .. } = *self;
        [
            steady,
            overload,
            pct_change,
            pct_diff,
            z,
            effect,
            p,
            least_p,
            onset,
            missing_steady,
            missing_overload,
            pct_spread,
            z_spread,
            harm,
            size,
            bad,
            centre,
            level,
            scale,
        ]
    }

    /// The measure that has these [`Measure::numbers`].
    pub fn of(numbers: [Known; 19], runs: u32, note: Note) -> Self {
        let [
            steady,
            overload,
            pct_change,
            pct_diff,
            z,
            effect,
            p,
            least_p,
            onset,
            missing_steady,
            missing_overload,
            pct_spread,
            z_spread,
            harm,
            size,
            bad,
            made_of @ ..,
        ] = numbers;
        let [harm, size, bad] = [harm, size, bad].map(|number| number.get().unwrap_or(0.0));
        Self {
            steady,
            overload,
            pct_change,
            pct_diff,
            z,
            effect,
            p,
            least_p,
            onset,
            missing_steady,
            missing_overload,
            pct_spread,
            z_spread,
            harm,
            size,
            bad,
            made_of,
            runs,
            note,
        }
    }
}
