//! What is searched, and for what: the peaks of one series as the command line wants them.

use std::borrow::Cow;

use grid::Error;
use peaks::{Conditions, Peak};
use znorm::Method;

use super::args::Missing;
use super::request::Wanted;

/// A search for peaks, its lengths in points.
pub(crate) struct Search {
    conditions: Conditions,
    valleys: bool,
    znorm: bool,
    smooth: usize,
    missing: Missing,
}

impl Search {
    /// The search for these peaks in a grid of steps of `step_ms`.
    pub(crate) fn new(wanted: &Wanted, step_ms: i64) -> Result<Search, Error> {
        let wlen = wanted.wlen.map(|w| w.count(step_ms).ceil());
        if wlen.is_some_and(|w| w < 2.0) {
            return Err(Error::usage("--wlen: expected more than 1 point"));
        }
        let conditions = Conditions {
            plateau_size: wanted.plateau_size.count(step_ms),
            height: if wanted.valleys { wanted.height.negated() } else { wanted.height },
            threshold: wanted.threshold,
            distance: wanted.distance.map(|d| d.count(step_ms)),
            prominence: wanted.prominence,
            width: wanted.width.count(step_ms),
            wlen: wlen.map(|w| w as usize),
            rel_height: wanted.rel_height,
        };
        let Wanted { valleys, znorm, smooth, missing, .. } = *wanted;
        Ok(Search { conditions, valleys, znorm, smooth, missing })
    }

    /// The peaks of a series with gaps. Those of `--valleys` are peaks of the negated series.
    pub(crate) fn peaks(&self, values: &[f64]) -> Vec<Peak> {
        let mut x = Cow::Borrowed(values);
        if self.znorm {
            znorm::normalise(x.to_mut(), Method::Deviation { ddof: 0 }, 0.0);
        }
        if self.smooth > 1 {
            x = Cow::Owned(peaks::smooth(&x, self.smooth));
        }
        if self.valleys {
            x.to_mut().iter_mut().for_each(|v| *v = 0.0 - *v);
        }
        match self.missing {
            Missing::Bridge => peaks::bridge(&x).map_or_else(Vec::new, |x| peaks::find(&x, &self.conditions)),
            Missing::Split => {
                let found = |run: std::ops::Range<usize>| {
                    let offset = run.start;
                    peaks::find(&x[run], &self.conditions).into_iter().map(move |p| p.shifted(offset))
                };
                peaks::runs(&x).flat_map(found).collect()
            }
        }
    }

    /// The value of the series at a peak.
    pub(crate) fn height(&self, peak: &Peak) -> f64 {
        if self.valleys { 0.0 - peak.height } else { peak.height }
    }
}
