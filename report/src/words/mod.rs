//! Numbers and names as a person reads them.

mod escape;
mod number;

pub use escape::{breakable, escape};
pub use number::{change, number, percent, unit};
