//! The recurrence, eight series at a time: see the page `README.md` in this folder.

mod align;
pub(crate) mod lanes;
mod local;
mod problem;
mod recurrence;
mod rows;
mod sweep;
mod trace;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use align::{Alignment, align, align_portable, distance};
pub(crate) use lanes::LANES;
pub use problem::Problem;
pub(crate) use problem::SAFE;
