//! The JSON of Jaeger's query service, which its page downloads, too: times in microseconds, kinds and failures in
//! tags, the parent among the references.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use super::scalars::{ParentId, SpanId, Text, TraceId, Whole};
use super::tags::{JaegerPair, Listed};
use super::{Fault, Sink};
use crate::Kind;

/// One trace.
#[derive(Deserialize)]
pub(crate) struct Trace<'a> {
    #[serde(borrow)]
    spans: Vec<Span<'a>>,
    #[serde(borrow)]
    processes: Option<Processes<'a>>,
}

/// The processes by the number that spans give them.
pub(crate) type Processes<'a> = HashMap<Cow<'a, str>, Process<'a>>;

/// Where spans ran.
#[derive(Deserialize)]
pub(crate) struct Process<'a> {
    #[serde(borrow, rename = "serviceName", default)]
    service: Text<'a>,
}

/// One span.
#[derive(Deserialize)]
pub(crate) struct Span<'a> {
    #[serde(rename = "traceID")]
    trace: TraceId,
    #[serde(rename = "spanID")]
    id: SpanId,
    #[serde(rename = "parentSpanID")]
    parent: Option<ParentId>,
    references: Option<Vec<Reference>>,
    #[serde(rename = "startTime")]
    start: Whole,
    duration: Whole,
    #[serde(borrow, default)]
    tags: Listed<'a, JaegerPair<'a>>,
    #[serde(borrow, rename = "processID")]
    process_id: Option<Text<'a>>,
    /// In Elasticsearch each span has its own.
    #[serde(borrow)]
    process: Option<Process<'a>>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(rename = "refType")]
    kind: ReferenceKind,
    #[serde(rename = "traceID")]
    trace: TraceId,
    #[serde(rename = "spanID")]
    span: SpanId,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
enum ReferenceKind {
    #[serde(rename = "CHILD_OF")]
    ChildOf,
    #[serde(rename = "FOLLOWS_FROM")]
    FollowsFrom,
}

/// Why the query service has no traces.
#[derive(Deserialize)]
pub(crate) struct Refusal<'a> {
    #[serde(borrow, default)]
    msg: Text<'a>,
}

impl Refusal<'_> {
    pub(crate) fn message(&self) -> &str {
        &self.msg.0
    }
}

impl Trace<'_> {
    pub(crate) fn add(&self, sink: &mut Sink) -> Result<(), Fault> {
        add(&self.spans, self.processes.as_ref(), sink)
    }
}

/// Adds the spans of one trace.
pub(crate) fn add(spans: &[Span], processes: Option<&Processes>, sink: &mut Sink) -> Result<(), Fault> {
    for span in spans {
        let name = service(span, processes)?;
        let service = sink.service(Some(name), 1);
        let tags = &span.tags.0;
        let peer = tags.peer().map(|name| sink.services.place(name));
        let start_ns = span.start.0.saturating_mul(1000);
        sink.add(crate::Span {
            trace: span.trace.0,
            id: span.id.0,
            parent: span.parent(),
            service,
            kind: tags.kind.as_ref().and_then(|kind| Kind::parse(&kind.0)).unwrap_or_default(),
            peer,
            failed: tags.failed || tags.error.as_ref().is_some_and(|error| error.0 == "true"),
            start_ns,
            end_ns: start_ns.saturating_add(span.duration.0.saturating_mul(1000)),
        });
    }
    Ok(())
}

fn service<'a>(span: &'a Span, processes: Option<&'a Processes>) -> Result<&'a str, Fault> {
    if let Some(process) = &span.process {
        return Ok(&process.service.0);
    }
    let id = span.process_id.as_ref().map_or("", |id| id.0.as_ref());
    let process = processes.and_then(|processes| processes.get(id));
    process.map(|process| process.service.0.as_ref()).ok_or_else(|| {
        Fault::new(format!("expected a processID that is one of the trace's processes: \"{}\"", id.escape_debug()))
    })
}

impl Span<'_> {
    /// The parent: the span of this trace that it is the child of, or else follows from.
    fn parent(&self) -> u64 {
        let own = self.references.iter().flatten().filter(|reference| reference.trace.0 == self.trace.0);
        let nearest = own.min_by_key(|reference| reference.kind).map(|reference| reference.span.0);
        nearest.or(self.parent.map(|parent| parent.0)).unwrap_or(0)
    }
}
