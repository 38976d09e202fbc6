//! A measure as it is kept of each of millions of metrics.

use rank::known::Known;
use rank::measure::Measure;
use rank::note::Note;

/// A [`Measure`] without what its deviation is made of, which is asked for of one metric at most.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) steady: Known,
    pub(crate) overload: Known,
    pub(crate) pct_change: Known,
    pub(crate) pct_diff: Known,
    pub(crate) z: Known,
    pub(crate) effect: Known,
    pub(crate) p: Known,
    pub(crate) least_p: Known,
    pub(crate) onset: Known,
    pub(crate) missing_steady: Known,
    pub(crate) missing_overload: Known,
    pub(crate) pct_spread: Known,
    pub(crate) z_spread: Known,
    pub(crate) harm: f64,
    pub(crate) size: f64,
    pub(crate) bad: f64,
    pub(crate) runs: u32,
    pub(crate) note: Note,
    /// True for errors that only the overload has, measured as if there had been none in steady state.
    pub(crate) born: bool,
}

impl Found {
    /// What was measured.
    #[rustfmt::skip]
    pub(crate) fn new(measure: &Measure, born: bool) -> Self {
        let Measure { steady, overload, pct_change, pct_diff, z, effect, p, least_p, onset, .. } = *measure;
        let Measure { missing_steady, missing_overload, pct_spread, z_spread, harm, size, bad, runs, note, .. } = *measure;
        Found {
            steady, overload, pct_change, pct_diff, z, effect, p, least_p, onset, missing_steady, missing_overload, pct_spread,
            z_spread, harm, size, bad, runs, note, born,
        }
    }

    /// The measure after a change.
    #[rustfmt::skip]
    pub(crate) fn changed(&self, change: impl FnOnce(Measure) -> Measure) -> Self {
        let Found { steady, overload, pct_change, pct_diff, z, effect, p, least_p, onset, .. } = *self;
        let Found { missing_steady, missing_overload, pct_spread, z_spread, harm, size, bad, runs, note, born, .. } = *self;
        let measure = Measure {
            steady, overload, pct_change, pct_diff, z, effect, p, least_p, onset, missing_steady, missing_overload, pct_spread,
            z_spread, harm, size, bad, runs, note, made_of: Default::default(),
        };
        Found::new(&change(measure), born)
    }
}
