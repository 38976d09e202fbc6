//! The JSON of Zipkin, version 2: times in microseconds, no kind for work inside a service, and, with `shared`, one
//! number for both ends of a call.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::scalars::{ParentId, SpanId, Text, TraceId, Whole};
use super::tags::Mapped;
use super::{Fault, Sink};
use crate::Kind;

/// One span.
#[derive(Deserialize)]
pub(crate) struct Span<'a> {
    #[serde(rename = "traceId")]
    trace: TraceId,
    id: SpanId,
    #[serde(rename = "parentId")]
    parent: Option<ParentId>,
    kind: Option<ZipkinKind>,
    timestamp: Option<Whole>,
    duration: Option<Whole>,
    #[serde(borrow, rename = "localEndpoint")]
    local: Option<Endpoint<'a>>,
    #[serde(borrow, rename = "remoteEndpoint")]
    remote: Option<Endpoint<'a>>,
    #[serde(borrow, default)]
    tags: Mapped<'a>,
    /// Version 1 alone has these, and endpoints in the other annotations, but none of its own.
    #[serde(rename = "binaryAnnotations")]
    binary_annotations: Option<IgnoredAny>,
    annotations: Option<Vec<Annotation>>,
}

#[derive(Deserialize)]
struct Annotation {
    endpoint: Option<IgnoredAny>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum ZipkinKind {
    Client,
    Server,
    Producer,
    Consumer,
}

#[derive(Deserialize)]
struct Endpoint<'a> {
    #[serde(borrow, rename = "serviceName")]
    service: Option<Text<'a>>,
}

impl Span<'_> {
    /// Adds the span, unless it has no times. One of version 1 is refused: its service and kind stand in its annotations.
    pub(crate) fn add(&self, sink: &mut Sink) -> Result<(), Fault> {
        let is_first = self.annotations.iter().flatten().any(|annotation| annotation.endpoint.is_some());
        if is_first || self.binary_annotations.is_some() {
            return Err(Fault::new("a span of Zipkin v1, expected v2 (/api/v2/traces)"));
        }
        let (Some(start), Some(duration)) = (self.timestamp, self.duration) else {
            sink.noted.untimed += 1;
            return Ok(());
        };
        let start_ns = start.0.saturating_mul(1000);
        let service = sink.service(name(&self.local), 1);
        let peer = name(&self.remote).or(self.tags.0.peer()).map(|name| sink.services.place(name));
        sink.add(crate::Span {
            trace: self.trace.0,
            id: self.id.0,
            parent: self.parent.map_or(0, |parent| parent.0),
            service,
            kind: self.kind(),
            peer,
            failed: self.tags.0.error.is_some(),
            start_ns,
            end_ns: start_ns.saturating_add(duration.0.saturating_mul(1000)),
        });
        Ok(())
    }

    fn kind(&self) -> Kind {
        match self.kind {
            None => Kind::Internal,
            Some(ZipkinKind::Client) => Kind::Client,
            Some(ZipkinKind::Server) => Kind::Server,
            Some(ZipkinKind::Producer) => Kind::Producer,
            Some(ZipkinKind::Consumer) => Kind::Consumer,
        }
    }
}

fn name<'a>(endpoint: &'a Option<Endpoint>) -> Option<&'a str> {
    let name = endpoint.as_ref()?.service.as_ref()?;
    Some(name.0.as_ref()).filter(|name| !name.is_empty())
}
