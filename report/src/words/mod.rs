//! Numbers and names as a person reads them.

mod escape;
mod number;
mod unit;

pub use escape::{breakable, escape, visible};
pub use number::{change, number, percent};
pub use unit::{is_time_per_second, unit};
