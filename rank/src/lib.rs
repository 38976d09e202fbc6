//! Ranks metrics and services by how much they change from a steady state to an overload.
//!
//! Everything here takes slices and returns values. A missing sample is a NaN in a slice;
//! whatever cannot be computed is `None`, never a NaN.
//!
//! * [`change`]: what differs between two states: percentages, floored robust deviation, onset.
//! * [`measure`]: everything that is known of one metric, averaged over runs; [`known`], [`note`]: its parts.
//! * [`score`]: one score per metric from its own strength and what else changed in its service.
//! * [`suspects`]: all metrics of a comparison together: the rules, and the order.
//! * [`calls`]: who waits for whom.
//! * [`verdict`]: whether anything got worse at all.
//! * [`condition`]: conditions on the columns of a row.
//! * [`scale`]: how metrics grow over a sweep of loads.

pub mod calls;
pub mod change;
pub mod condition;
pub mod keyed;
pub mod known;
pub mod measure;
mod measured;
pub mod note;
pub mod scale;
pub mod score;
pub mod suspects;
pub mod verdict;
