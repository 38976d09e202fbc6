//! Ranks metrics and services by how much they change from a steady state to an overload.
//!
//! Everything here takes slices and returns values. A missing sample is a NaN in a slice;
//! whatever cannot be computed is `None`, never a NaN.
//!
//! * [`change`]: what differs between two states: percentages, floored robust deviation, onset.
//! * [`measure`]: all that is told of one metric, averaged over runs.
//! * [`score`]: one fused score per metric from deviation, size, support and place.
//! * [`verdict`]: conditions on a row.

pub mod change;
pub mod growth;
pub mod line;
pub mod measure;
pub mod score;
pub mod usl;
pub mod verdict;
