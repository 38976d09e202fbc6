//! The name of a series: a metric name and labels, or any other text.

use std::fmt;

use crate::selector::{Operator, parse_matchers};

/// The name of a series, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The metric name (`__name__`), or the whole text when it is no selector.
    pub name: String,
    /// The other labels, sorted.
    pub labels: Vec<(String, String)>,
}

impl Name {
    /// Takes a header apart. Text that is not a selector of equalities, such as `carts_cpu` or
    /// `front-end:8079/cpu`, is a name without labels.
    pub fn parse(text: &str) -> Self {
        let plain = || Name { name: text.to_string(), labels: Vec::new() };
        let Some(matchers) = parse_matchers(text) else {
            return plain();
        };
        let mut name = Name::default();
        for matcher in matchers {
            if matcher.operator != Operator::Equal {
                return plain();
            }
            match matcher.label.as_str() {
                "__name__" if name.name.is_empty() => name.name = matcher.value,
                "__name__" => return plain(),
                _ => name.labels.push((matcher.label, matcher.value)),
            }
        }
        name.labels.sort();
        let repeated = name.labels.windows(2).any(|l| l[0].0 == l[1].0);
        if repeated { plain() } else { name }
    }

    /// A name from a metric name and labels in any order.
    pub fn new(name: impl Into<String>, mut labels: Vec<(String, String)>) -> Self {
        labels.sort();
        Name { name: name.into(), labels }
    }

    /// The value of a label; `__name__` is the metric name.
    pub fn label(&self, label: &str) -> Option<&str> {
        if label == "__name__" {
            return (!self.name.is_empty()).then_some(&self.name);
        }
        self.labels.iter().find(|(key, _)| key == label).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Name {
    /// The canonical text: labels sorted, values escaped as Prometheus does, names that are not
    /// made of `[a-zA-Z0-9_:]` quoted as Prometheus 3 does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = is_legacy_name(&self.name) || self.name.is_empty();
        if self.labels.is_empty() && !self.name.is_empty() {
            let unmistakable = bare || Name::parse(&self.name) == *self;
            return match unmistakable {
                true => f.write_str(&self.name),
                false => write!(f, "{{\"{}\"}}", escape_label(&self.name)),
            };
        }
        if bare {
            write!(f, "{}{{", self.name)?;
        } else {
            write!(f, "{{\"{}\",", escape_label(&self.name))?;
        }
        for (i, (label, value)) in self.labels.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            if is_legacy_name(label) {
                write!(f, "{comma}{label}=\"{}\"", escape_label(value))?;
            } else {
                write!(f, "{comma}\"{}\"=\"{}\"", escape_label(label), escape_label(value))?;
            }
        }
        f.write_str("}")
    }
}

/// True for names that need no quotes: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
pub fn is_legacy_name(text: &str) -> bool {
    let legacy = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b':';
    !text.is_empty() && text.bytes().all(legacy) && !text.as_bytes()[0].is_ascii_digit()
}

/// Escapes a label value: backslash, quote and line feed.
pub fn escape_label(text: &str) -> String {
    if !text.contains(['\\', '"', '\n']) {
        return text.to_string();
    }
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_sorted_and_escaped() {
        let name = Name::parse(r#"up{job="a\"b", instance="x\\y"}"#);
        assert_eq!(name.label("job"), Some("a\"b"));
        assert_eq!(name.label("__name__"), Some("up"));
        assert_eq!(name.to_string(), r#"up{instance="x\\y",job="a\"b"}"#);
    }

    #[test]
    fn other_text_is_simply_a_name() {
        for text in ["carts_cpu", "front-end:8079/cpu", "PetSite:|latency|avg", "a{b", "a{b=~\"x\"}", "{}x"] {
            let name = Name::parse(text);
            assert_eq!((name.name.as_str(), name.labels.len()), (text, 0));
            assert_eq!(name.to_string(), text);
        }
    }

    #[test]
    fn utf8_names_are_quoted_where_they_must_be() {
        let text = r#"{"http.requests","service.name"="carts"}"#;
        assert_eq!(Name::parse(text).name, "http.requests");
        assert_eq!(Name::parse(text).to_string(), text);
        assert_eq!(Name::parse(r#"{"odd{a=\"1\"}"}"#).to_string(), r#"{"odd{a=\"1\"}"}"#);
        assert_eq!(Name::parse("{job=\"a\"}").to_string(), "{job=\"a\"}");
    }

    proptest::proptest! {
        #[test]
        fn the_canonical_text_reads_back(
            name in "[a-z{}\",. é]{0,6}",
            labels in proptest::collection::btree_map("[a-z.]{1,3}", "[a-z\"\\\\\n]{0,4}", 0..3)
        ) {
            let name = Name::new(name, labels.into_iter().collect());
            if !name.name.is_empty() || !name.labels.is_empty() {
                proptest::prop_assert_eq!(Name::parse(&name.to_string()), name);
            }
        }
    }
}
