//! Stretches of a series: what is cut around a peak, and what lies between gaps.

pub(crate) mod cut;
pub(crate) mod gaps;
