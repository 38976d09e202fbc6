//! The calls between services.

use super::tree::{Cause, Tree};
use crate::{Kind, Noted, Service};

/// One call from a service to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// Who called; `None` when it came from outside, or its span never came.
    pub caller: Option<Service>,
    /// Who was called.
    pub callee: Service,
    /// When it ended: by the clock of the caller where it has a span, else of the callee.
    pub end_ns: u64,
    /// How long the caller waited; where it has no span of its own, or sent a message, how long the callee took.
    pub latency_ns: u64,
    /// What the caller waited beyond the callee's work, the network and the queues: client span − server span.
    ///
    /// A difference of durations, each by one clock, so that clocks that differ leave no trace in it; never below 0.
    /// `None` where one of the two spans is missing, where one client span has several server spans, for messages,
    /// and where the callee's only span is itself a client span.
    pub gap_ns: Option<u64>,
    /// True when either end says that it failed.
    pub failed: bool,
}

/// Finds the calls of a trace.
///
/// Every span with a remote cause is one call, of the service of its cause. A server, a consumer or a span of unknown
/// kind at the root is a call from outside, and so is a server or a consumer whose parent never came. A client or
/// producer span that caused neither these nor another of its kind is a call to a service without spans, named by the
/// span's attributes.
pub(crate) fn find(tree: &Tree, noted: &mut Noted) -> Vec<Call> {
    let mut calls = Vec::new();
    for &at in &tree.order {
        let kind = tree.spans[at].kind;
        match tree.causes[at] {
            Cause::Remote(parent) => calls.push(answered(tree, parent, at, noted)),
            Cause::Root if kind.receives() || kind == Kind::Unknown => calls.push(seen_by_callee(tree, None, at)),
            Cause::Missing if kind.receives() => calls.push(seen_by_callee(tree, None, at)),
            _ => {}
        }
        if kind.sends() && !passes_on(tree, at) {
            let call = unanswered(tree, at);
            noted.nameless += u64::from(call.is_none());
            calls.extend(call);
        }
    }
    calls
}

/// True when a sending span caused the callee's end of its call, or another span that sends in its place.
fn passes_on(tree: &Tree, at: usize) -> bool {
    tree.callees(at).next().is_some() || tree.children(at).iter().any(|&child| tree.spans[child].kind.sends())
}

/// A call of which the callee has a span.
fn answered(tree: &Tree, parent: usize, at: usize, noted: &mut Noted) -> Call {
    let (client, server) = (&tree.spans[parent], &tree.spans[at]);
    let message = client.kind == Kind::Producer || server.kind == Kind::Consumer;
    let mut call = seen_by_callee(tree, Some(client.service), at);
    if message || !tree.waits(parent) {
        return call;
    }
    call.failed |= client.failed;
    noted.skewed += u64::from(server.start_ns < client.start_ns || server.end_ns > client.end_ns);
    if tree.callees(parent).nth(1).is_some() {
        return call;
    }
    (call.end_ns, call.latency_ns) = (client.end_ns, client.duration_ns());
    if !server.kind.sends() {
        noted.longer += u64::from(server.duration_ns() > client.duration_ns());
        call.gap_ns = Some(client.duration_ns().saturating_sub(server.duration_ns()));
    }
    call
}

/// A call as its callee's span has it.
fn seen_by_callee(tree: &Tree, caller: Option<Service>, at: usize) -> Call {
    let span = &tree.spans[at];
    let (callee, end_ns, latency_ns) = (span.service, span.end_ns, span.duration_ns());
    Call { caller, callee, end_ns, latency_ns, gap_ns: None, failed: span.failed }
}

/// A call of which only the caller has a span; `None` when nothing names the callee.
fn unanswered(tree: &Tree, at: usize) -> Option<Call> {
    let span = &tree.spans[at];
    let callee = span.peer?;
    Some(Call { callee, ..seen_by_callee(tree, Some(span.service), at) })
}
