//! Dynamic time warping of one series against many, and classification of faults by it.
//!
//! Conventions are those of dtaidistance and tslearn. With the local cost `c(i, j) = (q_i - x_j)²`
//! the path sum obeys `S(i, j) = c(i, j) + min(S(i-1, j-1), S(i-1, j), S(i, j-1))`, and the
//! distance is `sqrt(S(n-1, m-1))`; a band of `r` points keeps `|i - j| <= r`, so a band of 0
//! between equally long series is the Euclidean distance (Sakoe & Chiba, 1978).

mod align;
mod band;
mod bounds;
mod combine;
mod compare;
mod kernel;
mod lag;
mod lanes;
#[cfg(target_arch = "x86_64")]
mod lanes_x86;
mod library;
mod local;
mod prepare;
mod search;
mod settings;
mod shape;
mod sweep;
mod trace;

pub use align::{Alignment, Problem, align, align_portable, distance};
pub use band::Region;
pub use combine::{Combined, combine};
pub use compare::{Gap, Outcome, Plan, Timed, one_to_many};
pub use lag::{median, median_offset_ms};
pub use library::{ABSENT, Example, Likeness, POINTS, classify, in_steady_units, level, movement, signature};
pub use prepare::Holes;
pub use search::nearest;
pub use settings::{Band, Cost, Ends, Settings, Step};
pub use shape::{derivative, normalise};
