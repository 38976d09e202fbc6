//! A grid as JSON lines: series lines that share their timestamps; one object per row is read as well.

pub(crate) mod objects;
pub(crate) mod read;
mod rows;
pub(crate) mod write;
