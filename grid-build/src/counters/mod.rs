//! Counters: which metrics are some, and by how much they grow.

mod decide;
mod increase;
mod kind;
mod recorded;
mod resets;

pub use decide::{Counters, Decision, Reason};
pub(crate) use decide::{decide, explain, metric_of};
pub(crate) use increase::{began_at_zero, from_zero, hold, increase, increases};
pub use kind::Kind;
pub(crate) use resets::note_on_resets;
