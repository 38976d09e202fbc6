//! What is asked for: PromQL text, and the little of it that must be understood.

use super::split::Part;

/// A PromQL expression as the user wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The text, trimmed.
    pub text: String,
    matchers: Option<Matchers>,
    /// A matcher that every request has besides.
    besides: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Matchers {
    named: bool,
    inside: String,
}

impl Query {
    /// Takes the text as it is; the server judges it.
    pub fn new(text: &str) -> Query {
        let text = text.trim().to_string();
        let matchers = matchers(&text);
        Query { text, matchers, besides: None }
    }

    /// True for a bare selector (`up`, `{job="a"}`): its series are the recorded ones, so the types
    /// in the server's metadata are theirs.
    pub fn is_selector(&self) -> bool {
        self.matchers.is_some()
    }

    /// True when it can be narrowed to some metric names: a selector that names no metric itself.
    pub fn is_open(&self) -> bool {
        self.matchers.as_ref().is_some_and(|m| !m.named)
    }

    /// The same, with a matcher that only what is fetched must meet; the text stays as it is.
    pub fn with(self, matcher: String) -> Query {
        Query { besides: Some(matcher), ..self }
    }

    /// The query, narrowed to a part of its metric names.
    pub fn narrowed(&self, part: &Part) -> String {
        let matchers = match part {
            Part::All if self.besides.is_none() => return self.text.clone(),
            Part::All => String::new(),
            Part::Named(names) if names.len() == 1 => format!("__name__={}", quoted(&names[0])),
            Part::Named(names) => format!("__name__=~{}", quoted(&alternatives(names))),
            Part::Rest(matchers) => matchers.clone(),
        };
        let inside = self.matchers.as_ref().map_or("", |m| m.inside.as_str());
        let all = [inside, &matchers, self.besides.as_deref().unwrap_or("")];
        format!("{{{}}}", all.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(","))
    }
}

/// A regular expression that matches these texts alone.
pub(crate) fn alternatives<T: AsRef<str>>(texts: &[T]) -> String {
    texts.iter().map(|text| pattern(text.as_ref())).collect::<Vec<_>>().join("|")
}

/// A regular expression that matches this text alone.
pub(crate) fn pattern(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

pub(crate) fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{text}\"")
}

/// The matchers of a bare selector; `None` for any other expression.
fn matchers(text: &str) -> Option<Matchers> {
    let name = text.find(|c: char| !is_name_character(c)).unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let rest = text[name..].trim_start();
    if rest.is_empty() {
        return (name > 0).then(|| Matchers { named: true, inside: String::new() });
    }
    let inside = rest.strip_prefix('{')?;
    let end = closing_brace(inside)?;
    if end + 1 != inside.len() {
        return None;
    }
    let inside = inside[..end].trim().trim_end_matches(',').trim_end();
    // Prometheus 3 also takes the name as a quoted text between the braces.
    // MetricsQL joins lists of matchers by `or`: a matcher put behind them would narrow the last alone.
    let named = name > 0 || inside.starts_with(['"', '\'', '`']) || has_or(inside);
    Some(Matchers { named, inside: inside.to_string() })
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == ':'
}

/// Where the first `}` outside quotes is.
fn closing_brace(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match quote {
            _ if escaped => escaped = false,
            Some('"' | '\'') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '}' => return Some(at),
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None => {}
        }
    }
    None
}

/// True when the word `or` stands outside quotes.
fn has_or(text: &str) -> bool {
    let bare = text.char_indices().scan(None, |quote, (at, c)| {
        match *quote {
            Some(open) if c == open => *quote = None,
            None if matches!(c, '"' | '\'' | '`') => *quote = Some(c),
            _ => {}
        }
        Some((at, quote.is_none()))
    });
    bare.filter(|(_, outside)| *outside).any(|(at, _)| text[at..].to_lowercase().starts_with(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_told_from_other_expressions() {
        for text in ["up", "a:b_c", "{job=\"x}\"}", " up { a = 'b' } ", "{a=`\\`}", "{\"x.y\"}"] {
            assert!(Query::new(text).is_selector(), "{text}");
        }
        for text in ["rate(up[1m])", "1", "up + 1", "up[5m]", "{a=\"b\"} offset 5m", "{a=\"", "", "up{a=\"b\"}[1m]"] {
            assert!(!Query::new(text).is_selector(), "{text}");
        }
    }

    #[test]
    fn only_a_selector_without_a_name_is_open() {
        assert!(Query::new("{job=\"x\"}").is_open());
        assert!(Query::new("{job=\"this or that\"}").is_open());
        for text in ["up", "up{job=\"x\"}", "{\"x.y\"}", "sum(up)", "{a=\"b\" or c=\"d\"}"] {
            assert!(!Query::new(text).is_open(), "{text}");
        }
    }

    #[test]
    fn names_are_put_beside_the_matchers() {
        let names = |list: &[&str]| Part::Named(list.iter().map(ToString::to_string).collect());
        let query = Query::new("{job=~\".+\", }");
        assert_eq!(query.narrowed(&names(&["up"])), "{job=~\".+\",__name__=\"up\"}");
        assert_eq!(query.narrowed(&names(&["a.b", "c"])), "{job=~\".+\",__name__=~\"a\\\\.b|c\"}");
        assert_eq!(Query::new("{}").narrowed(&names(&["a\"b"])), "{__name__=\"a\\\"b\"}");
        let rest = Part::Rest(String::from("__name__!~\"a|b\""));
        assert_eq!(query.narrowed(&rest), "{job=~\".+\",__name__!~\"a|b\"}");
        assert_eq!(query.narrowed(&Part::All), "{job=~\".+\", }");
        let query = query.with(String::from("s=\"1\""));
        assert_eq!(query.narrowed(&Part::All), "{job=~\".+\",s=\"1\"}");
        assert_eq!(query.narrowed(&names(&["up"])), "{job=~\".+\",__name__=\"up\",s=\"1\"}");
    }
}
