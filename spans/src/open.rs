//! The traces that may still grow.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::{Noted, Span};

/// How many times the wait the numbers of closed traces are remembered at least, so that late spans are seen as such.
const REMEMBERED: u64 = 10;

/// Gathers spans to traces. A trace is closed when none of its spans has come for `wait`, by the clock of the spans
/// themselves: [`OpenTraces::advance`] sets it.
///
/// Memory: the spans of the open traces, and 16 bytes for each trace closed in the last twenty waits.
#[derive(Debug, Default)]
pub struct OpenTraces {
    wait_ns: u64,
    now_ns: u64,
    open: HashMap<u128, Open>,
    /// When each open trace was last looked at, in that order.
    queue: VecDeque<(u64, u128)>,
    closed: HashSet<u128>,
    closed_before: HashSet<u128>,
    turned_ns: u64,
}

#[derive(Debug, Default)]
struct Open {
    spans: Vec<Span>,
    /// When its last span came or, if that is later, ended.
    seen_ns: u64,
}

impl OpenTraces {
    /// No trace yet.
    pub fn new(wait_ns: u64) -> Self {
        OpenTraces { wait_ns, ..OpenTraces::default() }
    }

    /// Adds a span to its trace; one of a closed trace is counted and dropped.
    pub fn add(&mut self, span: Span, noted: &mut Noted) {
        let seen_ns = self.now_ns.max(span.end_ns);
        if let Some(open) = self.open.get_mut(&span.trace) {
            open.seen_ns = open.seen_ns.max(seen_ns);
            open.spans.push(span);
            return;
        }
        if self.closed.contains(&span.trace) || self.closed_before.contains(&span.trace) {
            noted.late += 1;
            return;
        }
        self.queue.push_back((self.now_ns, span.trace));
        self.open.insert(span.trace, Open { spans: vec![span], seen_ns });
    }

    /// Sets the clock, which never goes back, and takes a trace that is closed by it; call it until there is none.
    ///
    /// A trace is looked at once a wait, so it stays open for at least one wait after its last span and at most two.
    pub fn advance(&mut self, now_ns: u64) -> Option<Vec<Span>> {
        self.now_ns = self.now_ns.max(now_ns);
        self.forget();
        while let Some(&(looked_ns, trace)) = self.queue.front() {
            if self.now_ns - looked_ns <= self.wait_ns {
                return None;
            }
            let seen_ns = self.open.get(&trace).map_or(0, |open| open.seen_ns);
            if self.now_ns.saturating_sub(seen_ns) > self.wait_ns {
                return self.close();
            }
            self.queue.pop_front();
            self.queue.push_back((self.now_ns, trace));
        }
        None
    }

    /// Takes any open trace: at the end of the input.
    pub fn close(&mut self) -> Option<Vec<Span>> {
        let (_, trace) = self.queue.pop_front()?;
        self.closed.insert(trace);
        self.open.remove(&trace).map(|open| open.spans)
    }

    fn forget(&mut self) {
        if self.now_ns - self.turned_ns > REMEMBERED.saturating_mul(self.wait_ns) {
            self.turned_ns = self.now_ns;
            self.closed_before = std::mem::take(&mut self.closed);
        }
    }
}
