//! What each request and call took, as OpenTelemetry's spans: a line of OTLP's JSON per span, and W3C's trace context
//! handed on with every call.

use std::fmt;
use std::fs::{File, Permissions};
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::profile::Service;

/// The header that hands a trace on (W3C Trace Context, 2021).
pub(crate) const HEADER: &str = "traceparent";

tokio::task_local! {
    /// The span that the work at hand belongs to.
    static CURRENT: Context;
}

/// A span's place: its trace and its own number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    trace: u128,
    span: u64,
}

/// Which end of a call a span is, by OTLP's number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    Server = 2,
    Client = 3,
}

/// A span that has begun.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) context: Context,
    parent: Option<u64>,
    end: End,
    start_ns: u64,
}

/// Where the spans of one service are written; nowhere unless it was asked for.
pub(crate) struct Traces {
    service: Service,
    file: Option<Mutex<File>>,
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Traces")
    }
}

impl Traces {
    /// Goes on at the end of the file, wherever that is: a service that is started again loses nothing, and whoever reads
    /// the file may empty it.
    pub(crate) fn open(service: Service, path: Option<&Path>) -> Result<Traces, String> {
        let file = path.map(append).transpose()?;
        Ok(Traces { service, file: file.map(Mutex::new) })
    }

    /// The receiving end of a call, of the trace that its header names, or the root of a new one.
    pub(crate) fn receive(&self, header: Option<&str>) -> Begun {
        let caller = header.and_then(Context::parse);
        let trace = caller.map_or_else(|| u128::from(random()) << 64 | u128::from(random()), |caller| caller.trace);
        let context = Context { trace, span: random() };
        Begun { context, parent: caller.map(|caller| caller.span), end: End::Server, start_ns: now_ns() }
    }

    /// The sending end of a call, which the work at hand makes.
    pub(crate) fn send(&self) -> Begun {
        let current = CURRENT.try_with(|context| *context).ok();
        let trace = current.map_or_else(|| self.receive(None).context.trace, |context| context.trace);
        let context = Context { trace, span: random() };
        Begun { context, parent: current.map(|context| context.span), end: End::Client, start_ns: now_ns() }
    }

    /// Writes a span that ends now. What cannot be written is lost: the shop goes on.
    pub(crate) fn end(&self, begun: &Begun, name: &str, failed: bool) {
        let Some(file) = &self.file else { return };
        let Begun { context, parent, end, start_ns } = begun;
        let span = json!({
            "traceId": format!("{:032x}", context.trace),
            "spanId": format!("{:016x}", context.span),
            "parentSpanId": parent.map_or(String::new(), |parent| format!("{parent:016x}")),
            "name": name,
            "kind": *end as u8,
            "startTimeUnixNano": start_ns.to_string(),
            "endTimeUnixNano": now_ns().to_string(),
            "status": if failed { json!({ "code": 2 }) } else { json!({}) },
        });
        let service = json!({ "key": "service.name", "value": { "stringValue": self.service.name() } });
        let scope = json!([{ "scope": { "name": "shop" }, "spans": [span] }]);
        let resource = json!({ "resource": { "attributes": [service] }, "scopeSpans": scope });
        let line = format!("{}\n", json!({ "resourceSpans": [resource] }));
        if let Ok(mut file) = file.lock() {
            let _ = file.write_all(line.as_bytes());
        }
    }
}

/// Opens a file that everybody may empty: in a container the shop is another user than the one who measures it.
fn append(path: &Path) -> Result<File, String> {
    let file = File::options().create(true).append(true).open(path);
    let file = file.map_err(|e| format!("{}: cannot open: {e}", path.display()))?;
    // Who does not own the file cannot, and need not.
    let _ = file.set_permissions(Permissions::from_mode(0o666));
    Ok(file)
}

/// Does work that belongs to a span.
pub(crate) async fn within<T>(begun: &Begun, work: impl Future<Output = T>) -> T {
    CURRENT.scope(begun.context, work).await
}

impl Context {
    /// Reads `00-<trace>-<span>-<flags>`.
    fn parse(header: &str) -> Option<Context> {
        let mut parts = header.trim().split('-');
        let (_version, trace, span) = (parts.next()?, parts.next()?, parts.next()?);
        if (trace.len(), span.len()) != (32, 16) {
            return None;
        }
        let (trace, span) = (u128::from_str_radix(trace, 16).ok()?, u64::from_str_radix(span, 16).ok()?);
        (trace != 0 && span != 0).then_some(Context { trace, span })
    }

    /// The header's text: every trace is sampled.
    pub(crate) fn header(self) -> String {
        format!("00-{:032x}-{:016x}-01", self.trace, self.span)
    }
}

/// A number that is not 0; each hasher of the standard library has new keys.
fn random() -> u64 {
    RandomState::new().hash_one(now_ns()).max(1)
}

fn now_ns() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_handed_on() {
        let traces = Traces::open(Service::Carts, None).unwrap();
        let sent = traces.send();
        let received = traces.receive(Some(&sent.context.header()));
        assert_eq!((received.context.trace, received.parent), (sent.context.trace, Some(sent.context.span)));
        assert_ne!(received.context.span, sent.context.span);
    }

    #[test]
    fn a_header_that_is_none_begins_a_trace() {
        let zeros = format!("00-{:032x}-{:016x}-01", 0, 7);
        for header in ["", "00-1-2-01", "00-zz-zz-01", zeros.as_str()] {
            assert_eq!(Context::parse(header), None, "{header}");
        }
    }
}
