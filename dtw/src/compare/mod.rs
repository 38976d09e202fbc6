//! One query against many series: missing points, times and windows, around the kernel.

mod lag;
mod missing;
mod one_to_many;
mod windows;

pub use lag::median;
pub use missing::Gaps;
pub(crate) use missing::Ready;
pub use one_to_many::{Gap, Outcome, Plan, Timed, one_to_many};
pub(crate) use one_to_many::{alike, region_of};
pub use windows::{Combined, combine};
