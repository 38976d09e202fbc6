//! OTLP's protobuf (opentelemetry-proto 1.x, `trace/v1/trace.proto`): of each message the fields that count, by their
//! numbers; all others are passed over.

use std::borrow::Cow;

use prost::Message;

use super::scalars::{Text, kind_of};
use super::tags::Tags;
use super::{Fault, Sink};
use crate::{Noted, Services};

/// `ExportTraceServiceRequest`, which is `TracesData`.
#[derive(Message)]
struct Request {
    #[prost(message, repeated, tag = "1")]
    resources: Vec<ResourceSpans>,
}

#[derive(Message)]
struct ResourceSpans {
    #[prost(message, optional, tag = "1")]
    resource: Option<Resource>,
    #[prost(message, repeated, tag = "2")]
    scopes: Vec<ScopeSpans>,
}

#[derive(Message)]
struct Resource {
    #[prost(message, repeated, tag = "1")]
    attributes: Vec<KeyValue>,
}

#[derive(Message)]
struct ScopeSpans {
    #[prost(message, repeated, tag = "2")]
    spans: Vec<Span>,
}

#[derive(Message)]
struct Span {
    #[prost(bytes = "vec", tag = "1")]
    trace: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    id: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    parent: Vec<u8>,
    #[prost(int32, tag = "6")]
    kind: i32,
    #[prost(fixed64, tag = "7")]
    start_ns: u64,
    #[prost(fixed64, tag = "8")]
    end_ns: u64,
    #[prost(message, repeated, tag = "9")]
    attributes: Vec<KeyValue>,
    #[prost(message, optional, tag = "15")]
    status: Option<Status>,
}

#[derive(Message)]
struct Status {
    #[prost(int32, tag = "3")]
    code: i32,
}

#[derive(Message)]
struct KeyValue {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(message, optional, tag = "2")]
    value: Option<AnyValue>,
}

/// A value; of those that are no text nothing is kept.
#[derive(Message)]
struct AnyValue {
    #[prost(string, optional, tag = "1")]
    text: Option<String>,
}

/// `Status.StatusCode.STATUS_CODE_ERROR`.
const ERROR: i32 = 2;

/// Adds the spans of one message of OTLP's protobuf, an `ExportTraceServiceRequest`, to `spans`.
///
/// Cost: linear; memory: the decoded message. On a fault some spans may have been added.
pub fn read(
    message: &[u8],
    services: &mut Services,
    noted: &mut Noted,
    spans: &mut Vec<crate::Span>,
) -> Result<(), Fault> {
    let request = Request::decode(message).map_err(|e| Fault::new(format!("expected traces as OTLP protobuf: {e}")))?;
    let mut sink = Sink { services, noted, spans };
    for ResourceSpans { resource, scopes } in &request.resources {
        let about = tags(resource.iter().flat_map(|resource| &resource.attributes));
        let own = scopes.iter().flat_map(|scope| &scope.spans);
        let service = sink.service(about.service.as_ref().map(|name| name.0.as_ref()), own.clone().count());
        for span in own {
            let peer = tags(&span.attributes).peer().map(|name| sink.services.place(name));
            let span = span.read(service, peer)?;
            sink.add(span);
        }
    }
    Ok(())
}

impl Span {
    fn read(&self, service: crate::Service, peer: Option<crate::Service>) -> Result<crate::Span, Fault> {
        let kind = u64::try_from(self.kind).ok().and_then(kind_of);
        Ok(crate::Span {
            trace: id("trace id", &self.trace, 16)?,
            id: id("span id", &self.id, 8)? as u64,
            parent: if self.parent.is_empty() { 0 } else { id("parent's span id", &self.parent, 8)? as u64 },
            service,
            kind: kind.ok_or_else(|| Fault::new(format!("expected a span kind, 0 to 5: \"{}\"", self.kind)))?,
            peer,
            failed: self.status.as_ref().is_some_and(|status| status.code == ERROR),
            start_ns: self.start_ns,
            end_ns: self.end_ns,
        })
    }
}

fn tags<'a>(pairs: impl IntoIterator<Item = &'a KeyValue>) -> Tags<'a> {
    let mut tags = Tags::default();
    for pair in pairs {
        let text = pair.value.as_ref().and_then(|value| value.text.as_deref()).unwrap_or_default();
        tags.note(&pair.key, Text(Cow::Borrowed(text)));
    }
    tags
}

/// The number in exactly so many bytes, which are not all 0, as OTLP demands.
fn id(what: &str, bytes: &[u8], length: usize) -> Result<u128, Fault> {
    let number = bytes.iter().fold(0, |number, byte| number << 8 | u128::from(*byte));
    if bytes.len() == length && number != 0 {
        return Ok(number);
    }
    Err(Fault::new(format!("expected a {what} of {length} bytes, not all 0: \"{}\"", bytes.escape_ascii())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(key: &str, text: &str) -> KeyValue {
        KeyValue { key: key.into(), value: Some(AnyValue { text: Some(text.into()) }) }
    }

    fn request(span: Span) -> Vec<u8> {
        let resource = Some(Resource { attributes: vec![pair("service.name", "carts")] });
        let scopes = vec![ScopeSpans { spans: vec![span] }];
        Request { resources: vec![ResourceSpans { resource, scopes }] }.encode_to_vec()
    }

    fn span() -> Span {
        let attributes = vec![pair("db.system.name", "mysql")];
        let status = Some(Status { code: ERROR });
        let (trace, id) = (vec![1; 16], vec![2; 8]);
        Span { trace, id, kind: 3, start_ns: 5, end_ns: 9, attributes, status, ..Span::default() }
    }

    fn taken(message: &[u8]) -> Result<Vec<crate::Span>, Fault> {
        let (mut services, mut noted, mut spans) = (Services::default(), Noted::default(), Vec::new());
        read(message, &mut services, &mut noted, &mut spans).map(|()| spans)
    }

    #[test]
    fn what_counts_is_read() {
        let got = taken(&request(span())).unwrap()[0];
        let (trace, id) = (0x0101_0101_0101_0101_0101_0101_0101_0101, 0x0202_0202_0202_0202);
        assert_eq!((got.trace, got.id, got.parent, got.kind), (trace, id, 0, crate::Kind::Client));
        assert_eq!((got.start_ns, got.end_ns, got.failed, got.peer.is_some()), (5, 9, true, true));
    }

    #[test]
    fn what_is_no_span_is_refused() {
        let spoiled = [
            Span { trace: vec![1; 15], ..span() },
            Span { id: vec![0; 8], ..span() },
            Span { parent: vec![1; 9], ..span() },
            Span { kind: 6, ..span() },
            Span { kind: -1, ..span() },
        ];
        assert!(spoiled.into_iter().all(|span| taken(&request(span)).is_err()));
        let whole = request(span());
        assert!(taken(&whole[..whole.len() - 1]).is_err());
    }
}
