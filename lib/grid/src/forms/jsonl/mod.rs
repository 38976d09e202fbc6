//! A grid as JSON lines: series lines that share their timestamps.

pub(crate) mod read;
pub(crate) mod write;
