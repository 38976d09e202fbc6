//! Text to values and back.

pub(crate) mod digest;
pub(crate) mod list;
pub(crate) mod near;
pub(crate) mod number;
pub(crate) mod printable;
pub(crate) mod time;
