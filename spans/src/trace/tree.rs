//! Who caused whom within a trace.

use crate::{Kind, Noted, Span};

/// How a span came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Nothing: it states no parent.
    Root,
    /// A span that is not in the trace.
    Missing,
    /// The span at this place, in the same service.
    Local(usize),
    /// The span at this place, at the other end of a call.
    Remote(usize),
}

/// The spans of a trace and their causes.
///
/// A span has a **remote** cause when its parent lies in another service, or when it receives what its parent, of the
/// same service, sends: kinds that are absent or wrong change nothing between services.
pub(crate) struct Tree<'a> {
    pub(crate) spans: &'a [Span],
    pub(crate) causes: Vec<Cause>,
    /// The places of all spans that are no part of a cycle, causes before effects.
    pub(crate) order: Vec<usize>,
    first_child: Vec<usize>,
    children: Vec<usize>,
}

impl<'a> Tree<'a> {
    pub(crate) fn of(spans: &'a mut Vec<Span>, noted: &mut Noted) -> Tree<'a> {
        unite(spans, noted);
        let causes: Vec<Cause> = (0..spans.len()).map(|at| cause(spans, at)).collect();
        let (first_child, children) = invert(&causes);
        let mut tree = Tree { spans, causes, order: Vec::new(), first_child, children };
        tree.order = tree.causes_first();
        noted.cyclic += (tree.spans.len() - tree.order.len()) as u64;
        noted.orphans += tree.causes.iter().filter(|c| **c == Cause::Missing).count() as u64;
        tree
    }

    /// The places of the spans that the one at `at` caused.
    pub(crate) fn children(&self, at: usize) -> &[usize] {
        &self.children[self.first_child[at]..self.first_child[at + 1]]
    }

    /// The places of the spans that the one at `at` caused in other services.
    pub(crate) fn callees(&self, at: usize) -> impl Iterator<Item = usize> {
        self.children(at).iter().copied().filter(|&child| matches!(self.causes[child], Cause::Remote(_)))
    }

    /// True when the span is the caller's end of a call, spent in waiting: its kind says so, or, where kinds are
    /// not stated, it is not itself a callee's end and did nothing but make one call.
    pub(crate) fn waits(&self, at: usize) -> bool {
        match self.spans[at].kind {
            Kind::Client | Kind::Producer => true,
            Kind::Server | Kind::Consumer => false,
            Kind::Unknown | Kind::Internal => {
                let inside = matches!(self.causes[at], Cause::Local(_));
                inside && self.children(at).len() == 1 && self.callees(at).count() == 1
            }
        }
    }

    /// Breadth first from the spans that nothing in the trace caused; members of a cycle are never reached.
    fn causes_first(&self) -> Vec<usize> {
        let top = |at: &usize| matches!(self.causes[*at], Cause::Root | Cause::Missing);
        let mut order: Vec<usize> = (0..self.spans.len()).filter(top).collect();
        let mut next = 0;
        while let Some(&at) = order.get(next) {
            order.extend_from_slice(self.children(at));
            next += 1;
        }
        order
    }
}

/// Sorts the spans and leaves one of each. Two may share a number: the two ends of a call, as Zipkin's B3 writes them.
fn unite(spans: &mut Vec<Span>, noted: &mut Noted) {
    let before = spans.len();
    let times = |s: &Span| (s.end_ns, s.start_ns, s.parent, s.failed);
    spans.sort_unstable_by_key(|s| (s.id, !s.kind.sends(), !s.kind.receives(), times(s), s.kind, s.service, s.peer));
    spans.dedup_by(|later, first| later.id == first.id && !(first.kind.sends() && later.kind.receives()));
    noted.repeated += (before - spans.len()) as u64;
}

/// The cause of the span at `at`; `spans` are sorted by number, the sending end of a shared number first.
fn cause(spans: &[Span], at: usize) -> Cause {
    let span = &spans[at];
    if at > 0 && spans[at - 1].id == span.id {
        return Cause::Remote(at - 1);
    }
    if span.parent == 0 {
        return Cause::Root;
    }
    // The last of that number: below a shared one stands what the receiving end did.
    let after = spans.partition_point(|s| s.id <= span.parent);
    let Some(parent) = after.checked_sub(1).filter(|&p| spans[p].id == span.parent) else {
        return Cause::Missing;
    };
    let answers = span.kind.receives() && spans[parent].kind.sends();
    if answers || spans[parent].service != span.service { Cause::Remote(parent) } else { Cause::Local(parent) }
}

/// For each place where its effects begin, and all effects, by cause.
fn invert(causes: &[Cause]) -> (Vec<usize>, Vec<usize>) {
    let parent = |cause: &Cause| match *cause {
        Cause::Local(at) | Cause::Remote(at) => Some(at),
        Cause::Root | Cause::Missing => None,
    };
    let mut first = vec![0; causes.len() + 1];
    causes.iter().filter_map(parent).for_each(|at| first[at + 1] += 1);
    for at in 1..first.len() {
        first[at] += first[at - 1];
    }
    let (mut next, mut children) = (first.clone(), vec![0; first[causes.len()]]);
    for (child, cause) in causes.iter().enumerate() {
        if let Some(at) = parent(cause) {
            children[next[at]] = child;
            next[at] += 1;
        }
    }
    (first, children)
}
