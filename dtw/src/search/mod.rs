//! The nearest series of many, most of which need not be compared in full.

mod bounds;
mod nearest;

pub use nearest::nearest;
