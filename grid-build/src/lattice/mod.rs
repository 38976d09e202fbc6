//! The even times of a grid, and samples laid on them.

mod birth;
mod even;
mod fill;
mod lay;
mod reach;

pub(crate) use even::{Extent, median_interval};
pub use even::{Lattice, Wish};
pub(crate) use fill::fill_all;
pub use fill::{Fill, fill};
pub(crate) use lay::{Laid, Laying, lay_all};
pub(crate) use reach::{NONE, Reach, pick};
