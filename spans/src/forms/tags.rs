//! The few attributes of a span or a resource that say something of the services.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::scalars::{Scalar, Text};

/// Attributes by which the sender names the other end, most telling first: the semantic conventions of OpenTelemetry
/// 1.27 and before (`peer`, `db`, `server`, `messaging`), of which OpenTracing's and Zipkin's `peer.service` is the
/// oldest. A database's kind goes before its address, which often is one of many behind one name.
const PEERS: [&str; 7] = [
    "peer.service",
    "db.system.name",
    "db.system",
    "server.address",
    "net.peer.name",
    "peer.hostname",
    "messaging.system",
];

/// What the attributes say.
#[derive(Debug, Default)]
pub(crate) struct Tags<'a> {
    /// `service.name`.
    pub(crate) service: Option<Text<'a>>,
    /// `span.kind`, where attributes hold it.
    pub(crate) kind: Option<Text<'a>>,
    /// `error`, where attributes hold it.
    pub(crate) error: Option<Text<'a>>,
    /// True when `otel.status_code` is that of an error.
    pub(crate) failed: bool,
    peer: Option<(usize, Text<'a>)>,
}

impl<'a> Tags<'a> {
    /// How the other end is named.
    pub(crate) fn peer(&self) -> Option<&str> {
        self.peer.as_ref().map(|(_, name)| name.0.as_ref())
    }

    /// Takes note of an attribute, if it is one that counts.
    pub(crate) fn note(&mut self, key: &str, value: Text<'a>) {
        match key {
            "service.name" => self.service = Some(value),
            "span.kind" => self.kind = Some(value),
            "error" => self.error = Some(value),
            "otel.status_code" => self.failed = value.0 == "ERROR",
            _ if value.0.is_empty() => {}
            _ => {
                let place = PEERS.iter().position(|peer| *peer == key);
                let better = place.filter(|place| self.peer.as_ref().is_none_or(|(own, _)| place < own));
                self.peer = better.map(|place| (place, value)).or(self.peer.take());
            }
        }
    }
}

/// A key and its value in a list.
pub(crate) trait Pair<'a> {
    fn parts(self) -> (Text<'a>, Text<'a>);
}

/// OTLP's pair.
#[derive(Deserialize)]
pub(crate) struct OtlpPair<'a> {
    #[serde(borrow, default)]
    key: Text<'a>,
    #[serde(borrow)]
    value: Option<OtlpValue<'a>>,
}

#[derive(Deserialize)]
struct OtlpValue<'a> {
    #[serde(borrow, rename = "stringValue", alias = "string_value")]
    text: Option<Text<'a>>,
}

impl<'a> Pair<'a> for OtlpPair<'a> {
    fn parts(self) -> (Text<'a>, Text<'a>) {
        (self.key, self.value.and_then(|value| value.text).unwrap_or_default())
    }
}

/// Jaeger's pair.
#[derive(Deserialize)]
pub(crate) struct JaegerPair<'a> {
    #[serde(borrow)]
    key: Text<'a>,
    #[serde(borrow, default)]
    value: Scalar<'a>,
}

impl<'a> Pair<'a> for JaegerPair<'a> {
    fn parts(self) -> (Text<'a>, Text<'a>) {
        (self.key, self.value.0)
    }
}

/// Attributes as a list of pairs.
#[derive(Debug)]
pub(crate) struct Listed<'a, P>(pub(crate) Tags<'a>, PhantomData<P>);

impl<P> Default for Listed<'_, P> {
    fn default() -> Self {
        Listed(Tags::default(), PhantomData)
    }
}

impl<'de: 'a, 'a, P: Pair<'a> + Deserialize<'de>> Deserialize<'de> for Listed<'a, P> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ListVisitor(PhantomData::<(&'a (), P)>)).map(|tags| Listed(tags, PhantomData))
    }
}

struct ListVisitor<'a, P>(PhantomData<(&'a (), P)>);

impl<'de: 'a, 'a, P: Pair<'a> + Deserialize<'de>> Visitor<'de> for ListVisitor<'a, P> {
    type Value = Tags<'a>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an array of keys and values")
    }

    fn visit_unit<E>(self) -> Result<Tags<'a>, E> {
        Ok(Tags::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pairs: A) -> Result<Tags<'a>, A::Error> {
        let mut tags = Tags::default();
        while let Some(pair) = pairs.next_element::<P>()? {
            let (key, value) = pair.parts();
            tags.note(&key.0, value);
        }
        Ok(tags)
    }
}

/// Attributes as an object of texts.
#[derive(Debug, Default)]
pub(crate) struct Mapped<'a>(pub(crate) Tags<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Mapped<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(MapVisitor).map(Mapped)
    }
}

struct MapVisitor;

impl<'de> Visitor<'de> for MapVisitor {
    type Value = Tags<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object of keys and values")
    }

    fn visit_unit<E>(self) -> Result<Tags<'de>, E> {
        Ok(Tags::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Tags<'de>, A::Error> {
        let mut tags = Tags::default();
        while let Some((key, value)) = pairs.next_entry::<Text, Scalar>()? {
            tags.note(&key.0, value.0);
        }
        Ok(tags)
    }
}
