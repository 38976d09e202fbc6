//! What a service spends itself on a piece of work.

use super::tree::{Cause, Tree};
use crate::{Kind, Service, Span};

/// The own time of one piece of work in one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SelfTime {
    /// Which service.
    pub service: Service,
    /// When the work ended.
    pub end_ns: u64,
    /// How much of it was not spent in waiting for others.
    pub time_ns: u64,
}

/// A stretch of time in which the work of the span at `entry` waited.
type Wait = (usize, u64, u64);

/// Measures the own time of each piece of work: the span by which a service came to it (a root, or the callee's end of
/// a call), less the times in which any of its spans there waited for another service.
///
/// ```text
/// self = |entry \ ⋃ waits|
/// ```
///
/// with the union taken, so that calls made side by side count once, and the waits cut to the entry. A wait is a client
/// or producer span as a whole, the network included: it is not the service's own. Where the caller has no span of its
/// own it is the callee's span, moved by no more than what makes it fit into its parent where clocks differ. Messages
/// are not waited for. Pieces that begin with a client span have no own time, nor those of which the beginning is
/// missing. 0 ≤ self ≤ duration of the entry.
pub(crate) fn measure(tree: &Tree) -> Vec<SelfTime> {
    let entries = entries(tree);
    let mut waits: Vec<Wait> = tree.order.iter().filter_map(|&at| wait(tree, &entries, at)).collect();
    waits.sort_unstable();
    let mut places: Vec<usize> = tree.order.iter().copied().filter(|&at| begins_work(tree, at)).collect();
    places.sort_unstable();
    let (mut times, mut waits) = (Vec::with_capacity(places.len()), waits.as_slice());
    for at in places {
        let before = waits.partition_point(|w| w.0 < at);
        let own = waits.partition_point(|w| w.0 <= at);
        let Span { service, start_ns, end_ns, .. } = tree.spans[at];
        let waited = covered(&waits[before..own], start_ns, end_ns);
        times.push(SelfTime { service, end_ns, time_ns: end_ns - start_ns - waited });
        waits = &waits[own..];
    }
    times
}

/// For each span the one by which its service came to the work.
fn entries(tree: &Tree) -> Vec<usize> {
    let mut entries: Vec<usize> = (0..tree.spans.len()).collect();
    for &at in &tree.order {
        if let Cause::Local(parent) = tree.causes[at] {
            entries[at] = entries[parent];
        }
    }
    entries
}

fn begins_work(tree: &Tree, at: usize) -> bool {
    let kind = tree.spans[at].kind;
    match tree.causes[at] {
        Cause::Root | Cause::Remote(_) => !kind.sends(),
        Cause::Missing => kind.receives(),
        Cause::Local(_) => false,
    }
}

/// The time in which the span at `at` made the one that began the work in its caller's service wait.
fn wait(tree: &Tree, entries: &[usize], at: usize) -> Option<Wait> {
    let span = &tree.spans[at];
    match tree.causes[at] {
        Cause::Local(_) if tree.waits(at) => Some((entries[at], span.start_ns, span.end_ns)),
        Cause::Remote(parent) if !tree.waits(parent) && span.kind != Kind::Consumer => {
            let (start_ns, end_ns) = fit(span, &tree.spans[parent]);
            Some((entries[parent], start_ns, end_ns))
        }
        _ => None,
    }
}

/// The times of a child, moved by as little as makes them lie within its parent where they can.
fn fit(child: &Span, parent: &Span) -> (u64, u64) {
    let last_start = parent.end_ns.saturating_sub(child.duration_ns()).max(parent.start_ns);
    let start_ns = child.start_ns.clamp(parent.start_ns, last_start);
    (start_ns, start_ns.saturating_add(child.duration_ns()))
}

/// How much of `[start, end]` the waits cover; they are sorted by their start. Linear.
fn covered(waits: &[Wait], start_ns: u64, end_ns: u64) -> u64 {
    let (mut until, mut total) = (start_ns, 0);
    for &(_, from, to) in waits {
        let (from, to) = (from.clamp(until, end_ns), to.min(end_ns));
        total += to.saturating_sub(from);
        until = until.max(to);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_side_by_side_count_once() {
        assert_eq!(covered(&[(0, 10, 20), (0, 12, 18), (0, 15, 30), (0, 50, 60)], 0, 55), 25);
        assert_eq!(covered(&[(0, 0, 5), (0, 90, 200)], 10, 100), 10);
        assert_eq!(covered(&[], 3, 9), 0);
    }
}
