//! What each request and call took, as OpenTelemetry's spans: a line of OTLP's JSON per span, as its Collector's file
//! exporter writes them, and W3C's trace context handed on with every call.

use std::fs::{File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use axum::http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{SpanKind, Status, TraceContextExt as _, Tracer as _, TracerProvider as _};
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, SpanData, SpanExporter};

use crate::profile::Service;

/// Makes the spans of one service, which are written nowhere unless a file was asked for.
#[derive(Debug)]
pub(crate) struct Traces {
    tracer: SdkTracer,
}

impl Traces {
    pub(crate) fn open(service: Service, path: Option<&Path>) -> Result<Traces, String> {
        let resource = Resource::builder_empty().with_service_name(service.name()).build();
        let mut provider = SdkTracerProvider::builder().with_resource(resource);
        if let Some(path) = path {
            // A span is written as it ends: one that is killed loses none.
            provider = provider.with_simple_exporter(SpanFile::append(path)?);
        }
        Ok(Traces { tracer: provider.build().tracer("shop") })
    }

    /// Begins the receiving end of a call, of the trace that its headers name, or the root of a new one.
    pub(crate) fn receive(&self, name: String, headers: &HeaderMap) -> Context {
        let caller = TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers));
        self.begin(name, SpanKind::Server, &caller)
    }

    /// Begins the sending end of a call, which the work at hand makes, and names it in the call's headers.
    pub(crate) fn send(&self, name: String, headers: &mut HeaderMap) -> Context {
        let call = self.begin(name, SpanKind::Client, &Context::current());
        TraceContextPropagator::new().inject_context(&call, &mut HeaderInjector(headers));
        call
    }

    fn begin(&self, name: String, kind: SpanKind, parent: &Context) -> Context {
        let span = self.tracer.span_builder(name).with_kind(kind).start_with_context(&self.tracer, parent);
        parent.with_span(span)
    }
}

/// Ends a span now.
pub(crate) fn end(context: &Context, failed: bool) {
    if failed {
        context.span().set_status(Status::error(""));
    }
    context.span().end();
}

/// A file of OTLP's JSON lines.
#[derive(Debug)]
struct SpanFile {
    file: File,
    resource: ResourceAttributesWithSchema,
}

impl SpanFile {
    /// Goes on at the end of the file, wherever that is: a service that is started again loses nothing, and whoever reads
    /// the file may empty it. Everybody may: in a container the shop is another user than the one who measures it.
    fn append(path: &Path) -> Result<SpanFile, String> {
        let file = File::options().create(true).append(true).open(path);
        let file = file.map_err(|e| format!("{}: cannot open: {e}", path.display()))?;
        // Who does not own the file cannot, and need not.
        let _ = file.set_permissions(Permissions::from_mode(0o666));
        Ok(SpanFile { file, resource: ResourceAttributesWithSchema::default() })
    }
}

impl SpanExporter for SpanFile {
    /// What cannot be written is lost: the shop goes on.
    async fn export(&self, spans: Vec<SpanData>) -> OTelSdkResult {
        let request =
            ExportTraceServiceRequest { resource_spans: group_spans_by_resource_and_scope(spans, &self.resource) };
        let failure = |e: &dyn ToString| OTelSdkError::InternalFailure(e.to_string());
        let mut line = serde_json::to_vec(&request).map_err(|e| failure(&e))?;
        line.push(b'\n');
        (&self.file).write_all(&line).map_err(|e| failure(&e))
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_handed_on() {
        let traces = Traces::open(Service::Carts, None).unwrap();
        let mut headers = HeaderMap::new();
        let sent = traces.send("GET".to_owned(), &mut headers).span().span_context().clone();
        let received = traces.receive("GET /carts".to_owned(), &headers).span().span_context().clone();
        assert_eq!(received.trace_id(), sent.trace_id());
        assert_ne!(received.span_id(), sent.span_id());
    }

    #[test]
    fn a_header_that_is_none_begins_a_trace() {
        let traces = Traces::open(Service::Carts, None).unwrap();
        let zeros = format!("00-{:032x}-{:016x}-01", 0, 7);
        for header in ["", "00-1-2-01", "00-zz-zz-01", zeros.as_str()] {
            let headers = HeaderMap::from_iter([("traceparent".parse().unwrap(), header.parse().unwrap())]);
            let begun = traces.receive("GET /carts".to_owned(), &headers);
            assert!(begun.span().span_context().is_valid(), "{header}");
        }
    }
}
