//! One whole trace: the tree of its spans, the calls between services, and each service's own time.

mod calls;
mod self_time;
mod tree;

pub use calls::Call;
pub use self_time::SelfTime;

use crate::{Noted, Span};

/// What a trace says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The calls, in no particular order.
    pub calls: Vec<Call>,
    /// The own time of each piece of work that a service did.
    pub self_times: Vec<SelfTime>,
}

/// Reads the spans of one trace, in any order; they are sorted and left without repeats.
///
/// Cost: O(n log n) time and O(n) memory for n spans; no recursion, so depth does not matter.
pub fn examine(spans: &mut Vec<Span>, noted: &mut Noted) -> Findings {
    let tree = tree::Tree::of(spans, noted);
    Findings { calls: calls::find(&tree, noted), self_times: self_time::measure(&tree) }
}
