//! The JSON of OTLP (OpenTelemetry protocol 1.x), as the Collector's file exporter writes it: kinds and status codes
//! as numbers or names, numbers of 64 bits as texts or numbers, ids in hexadecimal digits or, as plain protobuf JSON
//! has them, in base64.

use serde::Deserialize;

use super::Sink;
use super::scalars::{OtlpCode, OtlpKind, ParentId, SpanId, TraceId, Whole};
use super::tags::{Listed, OtlpPair};

/// The spans of one resource.
#[derive(Deserialize)]
pub(crate) struct Resource<'a> {
    #[serde(borrow)]
    resource: Option<About<'a>>,
    #[serde(borrow, rename = "scopeSpans", alias = "scope_spans", alias = "instrumentationLibrarySpans")]
    scopes: Option<Vec<Scope<'a>>>,
}

#[derive(Deserialize)]
struct About<'a> {
    #[serde(borrow, default)]
    attributes: Listed<'a, OtlpPair<'a>>,
}

#[derive(Deserialize)]
struct Scope<'a> {
    #[serde(borrow)]
    spans: Option<Vec<Span<'a>>>,
}

#[derive(Deserialize)]
struct Span<'a> {
    #[serde(rename = "traceId", alias = "trace_id")]
    trace: TraceId,
    #[serde(rename = "spanId", alias = "span_id")]
    id: SpanId,
    #[serde(rename = "parentSpanId", alias = "parent_span_id")]
    parent: Option<ParentId>,
    kind: Option<OtlpKind>,
    #[serde(rename = "startTimeUnixNano", alias = "start_time_unix_nano")]
    start: Whole,
    #[serde(rename = "endTimeUnixNano", alias = "end_time_unix_nano")]
    end: Whole,
    status: Option<Status>,
    #[serde(borrow, default)]
    attributes: Listed<'a, OtlpPair<'a>>,
}

#[derive(Deserialize)]
struct Status {
    code: Option<OtlpCode>,
}

/// Adds the spans of all resources.
pub(crate) fn add(resources: &[Resource], sink: &mut Sink) {
    for resource in resources {
        let name = resource.resource.as_ref().and_then(|about| about.attributes.0.service.as_ref());
        let spans = || resource.scopes.iter().flatten().filter_map(|scope| scope.spans.as_ref()).flatten();
        let service = sink.service(name.map(|name| name.0.as_ref()), spans().count());
        for span in spans() {
            let peer = span.attributes.0.peer().map(|name| sink.services.place(name));
            sink.add(crate::Span {
                trace: span.trace.0,
                id: span.id.0,
                parent: span.parent.unwrap_or_default().0,
                service,
                kind: span.kind.unwrap_or_default().0,
                peer,
                failed: span.status.as_ref().and_then(|status| status.code).unwrap_or_default().0,
                start_ns: span.start.0,
                end_ns: span.end.0,
            });
        }
    }
}
