//! Quantiles, spreads and tests of samples, for every filter.
//!
//! Everything here takes slices and returns values. A value that is not finite is a missing sample; what cannot be
//! computed is `None`, never a NaN.
//!
//! | what | definition | source |
//! | --- | --- | --- |
//! | [`quantile`] | linear between neighbours, numpy's default | Hyndman and Fan 1996, type 7 |
//! | [`deviation`] | mean and standard deviation, denominator n − ddof | Chan, Golub and LeVeque 1983 |
//! | [`spread`] | the one robust spread of strain | see there |
//! | [`Sample::effective_size`] | independent samples that dependent ones are worth | Bayley and Hammersley 1946 |
//! | [`rows_held`] | rows that each sample stands for | see there |
//! | [`mann_whitney`], [`shift`] | is one sample shifted against another | Mann and Whitney 1947 |
//! | [`false_discovery`] | adjusted p-values of many tests | Benjamini and Hochberg 1995 |
//! | [`student975`], [`erfc`] | distribution functions | Abramowitz and Stegun 1964 |

mod discovery;
mod erfc;
mod held;
mod mann_whitney;
mod matter;
mod moments;
mod quantile;
mod sample;
mod spread;
mod student;

pub use discovery::{CLEAR, adjust, false_discovery};
pub use erfc::erfc;
pub use held::rows_held;
pub use mann_whitney::{Shift, mann_whitney, shift};
pub use matter::{GROWN, SMALL};
pub use moments::{Moments, deviation};
pub use quantile::{quantile, sorted};
pub use sample::Sample;
pub use spread::{FLOOR, Spread, spread};
pub use student::student975;
