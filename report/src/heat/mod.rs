//! Heat maps: services over time, and metric names over instances.

mod changes;
mod strength;

pub use changes::{Change, Changes};
pub(crate) use strength::strengths;
pub use strength::{Strength, level};
