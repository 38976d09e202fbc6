//! A grid as CSV: one row per timestamp, one column per series.

mod block;
pub(crate) mod header;
pub(crate) mod held;
pub(crate) mod read;
mod row;
pub(crate) mod write;
