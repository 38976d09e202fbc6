//! Selectors of series, as Prometheus has them.

use regex::Regex;

use crate::name::{Name, is_legacy_name};

/// How a matcher compares a label with its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Like,
    NotLike,
}

/// One condition of a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Matcher {
    pub(crate) label: String,
    pub(crate) operator: Operator,
    pub(crate) value: String,
}

/// Picks columns: by the exact text of the header, by metric name, or by label matchers
/// (`{job="carts",__name__=~"request.*"}`, with `=`, `!=`, `=~`, `!~`; regular expressions match the whole value).
#[derive(Clone, Debug)]
pub struct Selector {
    text: String,
    matchers: Vec<(Matcher, Option<Regex>)>,
}

impl Selector {
    /// Reads a selector, or says what is wrong with it. A text without braces is a column's exact name or a metric name.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut selector = Selector { text: text.to_string(), matchers: Vec::new() };
        let matchers = match parse_matchers(text) {
            Some(matchers) => matchers,
            None if !text.trim_start().starts_with('{') => return Ok(selector),
            None => return Err("not of the form {label=\"value\",...}"),
        };
        for matcher in matchers {
            let regex = match matcher.operator {
                Operator::Like | Operator::NotLike => {
                    let whole = format!("^(?s:{})$", matcher.value);
                    Some(Regex::new(&whole).map_err(|_| "not a regular expression")?)
                }
                _ => None,
            };
            selector.matchers.push((matcher, regex));
        }
        Ok(selector)
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True when the column with this header is picked.
    pub fn matches(&self, header: &str) -> bool {
        header == self.text || self.picks(&Name::parse(header))
    }

    /// True when the series of this name is picked.
    pub fn picks(&self, name: &Name) -> bool {
        if self.matchers.is_empty() {
            return name.name == self.text;
        }
        self.matchers.iter().all(|(matcher, regex)| {
            let value = name.label(&matcher.label).unwrap_or_default();
            match (matcher.operator, regex) {
                (Operator::Equal, _) => value == matcher.value,
                (Operator::NotEqual, _) => value != matcher.value,
                (Operator::Like, regex) => regex.as_ref().is_some_and(|r| r.is_match(value)),
                (Operator::NotLike, regex) => !regex.as_ref().is_some_and(|r| r.is_match(value)),
            }
        })
    }
}

/// The matchers of `name{label="value",…}`; `None` when the text is not of that form.
pub(crate) fn parse_matchers(text: &str) -> Option<Vec<Matcher>> {
    let text = text.trim();
    let open = text.find('{')?;
    let (name, mut rest) = (&text[..open], text[open + 1..].trim_start());
    let mut matchers = Vec::new();
    if !name.is_empty() {
        let named = Matcher { label: "__name__".into(), operator: Operator::Equal, value: name.into() };
        matchers.push(is_legacy_name(name).then_some(named)?);
    }
    while rest != "}" {
        let (label, quoted, after) = parse_label(rest)?;
        rest = after.trim_start();
        if quoted && (rest.starts_with(',') || rest.starts_with('}')) {
            matchers.push(Matcher { label: "__name__".into(), operator: Operator::Equal, value: label });
        } else {
            let (operator, after) = parse_operator(rest)?;
            let (value, after) = parse_quoted(after.trim_start())?;
            matchers.push(Matcher { label, operator, value });
            rest = after.trim_start();
        }
        rest = match rest.strip_prefix(',') {
            Some(after) => after.trim_start(),
            None if rest == "}" => rest,
            None => return None,
        };
    }
    (!matchers.is_empty()).then_some(matchers)
}

fn parse_label(text: &str) -> Option<(String, bool, &str)> {
    if text.starts_with('"') {
        let (label, rest) = parse_quoted(text)?;
        return Some((label, true, rest));
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':')?;
    is_legacy_name(&text[..end]).then(|| (text[..end].to_string(), false, &text[end..]))
}

fn parse_operator(text: &str) -> Option<(Operator, &str)> {
    const OPERATORS: [(&str, Operator); 4] =
        [("=~", Operator::Like), ("!~", Operator::NotLike), ("!=", Operator::NotEqual), ("=", Operator::Equal)];
    OPERATORS.iter().find_map(|(sign, operator)| Some((*operator, text.strip_prefix(sign)?)))
}

/// The text between quotes with its escapes undone, and what follows it.
fn parse_quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (mut value, mut rest) = (String::new(), &text[1..]);
    loop {
        let end = rest.find([quote, '\\'])?;
        let (plain, after) = rest.split_at(end);
        value.push_str(plain);
        let Some(escaped) = after.strip_prefix('\\') else { return Some((value, &after[1..])) };
        let letter = escaped.chars().next()?;
        value.push(match letter {
            'n' => '\n',
            't' => '\t',
            other => other,
        });
        rest = &escaped[letter.len_utf8()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picks(selector: &str, header: &str) -> bool {
        Selector::parse(selector).unwrap().matches(header)
    }

    #[test]
    fn a_plain_name_is_the_header_or_the_metric_name() {
        assert!(picks("up", "up"));
        assert!(picks("up", "up{job=\"a\"}"));
        assert!(!picks("up", "upper"));
        assert!(picks("carts|cpu: %", "carts|cpu: %"));
    }

    #[test]
    fn matchers_compare_labels() {
        let header = "request_count{job=\"carts\",le=\"1\"}";
        assert!(picks("{job=\"carts\"}", header));
        assert!(picks("{__name__=~\"request.*\", le!=\"2\",}", header));
        assert!(picks("request_count{zone=\"\"}", header));
        assert!(!picks("{job!~\"cart.\"}", header));
        assert!(!picks("{job=~\"cart\"}", header));
        assert!(picks("{\"request_count\"}", header));
    }

    #[test]
    fn a_malformed_selector_is_a_usage_error() {
        for text in ["{job=\"a\"", "{job=~\"(\"}", "{}", "{job}"] {
            assert!(Selector::parse(text).is_err(), "{text}");
        }
    }
}
