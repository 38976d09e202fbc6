//! The forms of traces: OTLP's JSON and protobuf, Jaeger's and Zipkin's JSON.

mod fault;
mod jaeger;
mod otlp;
mod protobuf;
mod scalars;
mod tags;
mod zipkin;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

pub use fault::Fault;
pub use protobuf::read as read_protobuf;

use crate::{Noted, Services, Span};

/// What OpenTelemetry calls a service without a name.
const UNNAMED: &str = "unknown_service";

/// Arrays within arrays as deep as Zipkin's `/api/v2/traces` has them.
const DEEPEST: usize = 2;

/// Where spans go, whatever form they come in.
pub(crate) struct Sink<'a> {
    pub(crate) services: &'a mut Services,
    pub(crate) noted: &'a mut Noted,
    pub(crate) spans: &'a mut Vec<Span>,
}

impl Sink<'_> {
    /// Adds a span with its times put in order.
    pub(crate) fn add(&mut self, mut span: Span) {
        // OTLP has 0 for what is not known: a span that was written before it ended, for instance.
        if span.start_ns == 0 || span.end_ns == 0 {
            self.noted.untimed += 1;
            return;
        }
        if span.start_ns > span.end_ns {
            self.noted.negative += 1;
            span.start_ns = span.end_ns;
        }
        self.spans.push(span);
    }

    /// The place of a service, `spans` of which are about to come.
    pub(crate) fn service(&mut self, name: Option<&str>, spans: usize) -> crate::Service {
        let name = name.filter(|name| !name.is_empty());
        self.noted.unnamed += if name.is_none() { spans as u64 } else { 0 };
        self.services.place(name.unwrap_or(UNNAMED))
    }
}

/// The parts of an object by which its form is known.
#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow, alias = "resource_spans", alias = "batches", rename = "resourceSpans")]
    otlp: Option<Vec<otlp::Resource<'a>>>,
    /// Jaeger's and Tempo's newer interfaces wrap OTLP.
    #[serde(borrow, alias = "trace")]
    result: Option<Wrapped<'a>>,
    #[serde(rename = "resourceMetrics")]
    metrics: Option<IgnoredAny>,
    #[serde(rename = "resourceLogs")]
    logs: Option<IgnoredAny>,
    #[serde(borrow)]
    data: Option<Vec<jaeger::Trace<'a>>>,
    #[serde(borrow)]
    errors: Option<Vec<jaeger::Refusal<'a>>>,
    #[serde(borrow)]
    spans: Option<Vec<jaeger::Span<'a>>>,
    #[serde(borrow)]
    processes: Option<jaeger::Processes<'a>>,
    #[serde(rename = "traceId")]
    zipkin: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow, rename = "resourceSpans")]
    otlp: Vec<otlp::Resource<'a>>,
}

/// Adds the spans of one JSON document, in whichever form it is, to `spans`.
///
/// | form | document |
/// | --- | --- |
/// | OTLP | an `ExportTraceServiceRequest` (`resourceSpans`), also within `result`, `trace`, or as `batches` |
/// | Jaeger | `{"data":[…]}`, a trace (`{"spans":[…],"processes":{…}}`), or an array of traces |
/// | Zipkin v2 | a span, an array of spans, or an array of such arrays |
///
/// On a fault some spans may have been added. Cost: linear; memory: the spans, and 16 bytes per element of an array.
pub fn read(document: &[u8], services: &mut Services, noted: &mut Noted, spans: &mut Vec<Span>) -> Result<(), Fault> {
    let mut sink = Sink { services, noted, spans };
    if document.trim_ascii_start().first() != Some(&b'[') {
        return object(document, &mut sink).map_err(|fault| fault.within(document, 0));
    }
    elements(document, document, 1, &mut sink)
}

fn elements(document: &[u8], array: &[u8], depth: usize, sink: &mut Sink) -> Result<(), Fault> {
    let start = array.as_ptr() as usize - document.as_ptr() as usize;
    let parsed: Result<Vec<&RawValue>, _> = serde_json::from_slice(array);
    for element in parsed.map_err(|e| Fault::from(e).within(document, start))? {
        let text = element.get().as_bytes();
        let at = text.as_ptr() as usize - document.as_ptr() as usize;
        match text.first() {
            Some(b'[') if depth < DEEPEST => elements(document, text, depth + 1, sink)?,
            Some(b'{') => object(text, sink).map_err(|fault| fault.within(document, at))?,
            _ => return Err(Fault::unknown().within(document, at)),
        }
    }
    Ok(())
}

fn object(text: &[u8], sink: &mut Sink) -> Result<(), Fault> {
    let object: Object = serde_json::from_slice(text)?;
    if let Some(refusal) = object.errors.iter().flatten().next() {
        return Err(Fault::new(format!("the answer is an error: \"{}\"", refusal.message())));
    }
    if let Some(resources) = object.otlp.or(object.result.map(|wrapped| wrapped.otlp)) {
        otlp::add(&resources, sink);
    } else if let Some(traces) = object.data {
        traces.iter().try_for_each(|trace| trace.add(sink))?;
    } else if let Some(spans) = object.spans {
        jaeger::add(&spans, object.processes.as_ref(), sink)?;
    } else if object.zipkin.is_some() {
        serde_json::from_slice::<zipkin::Span>(text)?.add(sink)?;
    } else if object.metrics.is_some() || object.logs.is_some() {
        sink.noted.not_traces += 1;
    } else {
        return Err(Fault::unknown());
    }
    Ok(())
}
