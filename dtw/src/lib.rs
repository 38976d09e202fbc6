//! Dynamic time warping of one series against many.
//!
//! Conventions are those of dtaidistance and tslearn. With the local cost `c(i, j) = (q_i - x_j)²`
//! the path sum obeys `S(i, j) = c(i, j) + min(S(i-1, j-1), S(i-1, j), S(i, j-1))`, and the
//! distance is `sqrt(S(n-1, m-1))`; a band of `r` points keeps `|i - j| <= r`, so a band of 0
//! between equally long series is the Euclidean distance (Sakoe & Chiba, 1978).

mod compare;
mod kernel;
mod region;
mod search;
mod settings;
mod shape;

pub use compare::{Combined, Gap, Gaps, Outcome, Plan, Timed, combine, median, one_to_many};
pub use kernel::{Alignment, Problem, align, align_portable, distance};
pub use region::Region;
pub use search::nearest;
pub use settings::{Band, Cost, Ends, Settings, Step};
pub use shape::{derivative, normalise};
