//! The single values of the forms: texts, whole numbers, numbers of traces and spans.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::Kind;

/// A text, borrowed where it has no escapes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

/// A text or a truth value as a text; whatever else stands there is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scalar<'a>(pub(crate) Text<'a>);

/// A whole number, also one written as a text, as JSON of protobuf does with those of 64 bits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Whole(pub(crate) u64);

/// The number of a trace: up to 128 bits in hexadecimal digits, or in base64.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TraceId(pub(crate) u128);

/// The number of a span: up to 64 bits in hexadecimal digits, or in base64.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpanId(pub(crate) u64);

/// The number of a parent: as that of a span, 0 where there is none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ParentId(pub(crate) u64);

/// OTLP's kinds, as a number or a name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OtlpKind(pub(crate) Kind);

/// OTLP's status codes, as a number or a name: whether it is that of an error.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OtlpCode(pub(crate) bool);

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_string())))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(TextVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar(Text(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar(Text(Cow::Owned(text.to_string()))))
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar(Text(Cow::Borrowed(if yes { "true" } else { "false" }))))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::default())
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar<'de>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Scalar<'de>, A::Error> {
        while items.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::default())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ScalarVisitor)
    }
}

/// Reads a value that is a whole number or a text by two functions.
struct Either<N, T> {
    expected: &'static str,
    number: N,
    text: T,
}

impl<V, N: Fn(u64) -> Option<V>, T: Fn(&str) -> Option<V>> Visitor<'_> for Either<N, T> {
    type Value = V;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<V, E> {
        (self.number)(number).ok_or_else(|| E::custom(format!("expected {}", self.expected)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V, E> {
        (self.text)(text).ok_or_else(|| E::custom(format!("expected {}", self.expected)))
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let expected = "a whole number that is not negative";
        let whole = Either { expected, number: Some, text: |text: &str| text.parse().ok() };
        from.deserialize_any(whole).map(Whole)
    }
}

/// OTLP's kind of a number.
pub(crate) fn kind_of(number: u64) -> Option<Kind> {
    let kinds = [Kind::Unknown, Kind::Internal, Kind::Server, Kind::Client, Kind::Producer, Kind::Consumer];
    kinds.get(usize::try_from(number).ok()?).copied()
}

impl<'de> Deserialize<'de> for OtlpKind {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let expected = "a span kind, 0 to 5 or SPAN_KIND_SERVER and the like";
        from.deserialize_any(Either { expected, number: kind_of, text: Kind::parse }).map(OtlpKind)
    }
}

impl<'de> Deserialize<'de> for OtlpCode {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let expected = "a status code, 0 to 2 or STATUS_CODE_ERROR and the like";
        let number = |number| (number <= 2).then_some(number == 2);
        let text = |text: &str| Some(text == "STATUS_CODE_ERROR");
        from.deserialize_any(Either { expected, number, text }).map(OtlpCode)
    }
}

impl<'de> Deserialize<'de> for TraceId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let expected = "a trace id, 1 to 32 hexadecimal digits or base64, not all 0";
        let text = |text: &str| number_of(text, 16).filter(|id| *id != 0);
        from.deserialize_str(Either { expected, number: |_| None, text }).map(TraceId)
    }
}

impl<'de> Deserialize<'de> for SpanId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let expected = "a span id, 1 to 16 hexadecimal digits or base64, not all 0";
        let text = |text: &str| number_of(text, 8).filter(|id| *id != 0);
        from.deserialize_str(Either { expected, number: |_| None, text }).map(|id| SpanId(id as u64))
    }
}

impl<'de> Deserialize<'de> for ParentId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let expected = "a parent's span id, up to 16 hexadecimal digits or base64";
        let text = |text: &str| if text.is_empty() { Some(0) } else { number_of(text, 8) };
        from.deserialize_str(Either { expected, number: |_| None, text }).map(|id| ParentId(id as u64))
    }
}

/// A number of up to `bytes` bytes in hexadecimal digits; with padding at its end it is base64 of exactly so many.
fn number_of(text: &str, bytes: usize) -> Option<u128> {
    if text.ends_with('=') {
        let decoded = STANDARD.decode(text).ok().filter(|decoded| decoded.len() == bytes)?;
        return Some(decoded.iter().fold(0, |number, byte| number << 8 | u128::from(*byte)));
    }
    if text.is_empty() || text.len() > 2 * bytes {
        return None;
    }
    text.bytes().try_fold(0, |number, digit| Some(number << 4 | u128::from((digit as char).to_digit(16)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_either_alphabet() {
        assert_eq!(number_of("5b8efff798038103d269b633813fc60c", 16), Some(0x5b8e_fff7_9803_8103_d269_b633_813f_c60c));
        assert_eq!(number_of("W47/95gDgQPSabYzgT/GDA==", 16), Some(0x5b8e_fff7_9803_8103_d269_b633_813f_c60c));
        assert_eq!(number_of("7uGbfsPB/+k=", 8), Some(0xeee1_9b7e_c3c1_ffe9));
        assert_eq!(number_of("EEE19B7EC3C1FFE9", 8), Some(0xeee1_9b7e_c3c1_ffe9));
        assert_eq!(number_of("1f", 8), Some(0x1f));
        for text in ["", "xyz", "7uGbfsPB/+k", "0000000000000000a", "=", "7uGbfsPB/+==", "ééé="] {
            assert_eq!(number_of(text, 8), None, "{text}");
        }
    }
}
