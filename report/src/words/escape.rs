//! Text made safe for HTML, and for the eye.

use std::borrow::Cow;

/// The same text with all that cannot be seen, or turns the direction of writing, escaped as a message on a terminal has it
/// (`\u{202e}`): what comes from outside could else look like another name. Line feeds and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\t']) {
        return grid::printable(text);
    }
    let part = |part: &str| match part.char_indices().next_back() {
        Some((end, blank @ ('\n' | '\t'))) => format!("{}{blank}", grid::printable(&part[..end])),
        _ => grid::printable(part).into_owned(),
    };
    text.split_inclusive(['\n', '\t']).map(part).collect()
}

/// Text made safe for HTML, in elements and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Text made safe for HTML, with places to break it after the joints of names.
pub fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(['_', '/', '.', ',', '=', ':']) {
        out.push_str(&escape(part));
        out.push_str("<wbr>");
    }
    out.truncate(out.len().saturating_sub("<wbr>".len()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(escape("<a b=\"c'&\">"), "&lt;a b=&quot;c&#39;&amp;&quot;&gt;");
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(visible("a\u{202e}b\u{1}"), "a\\u{202e}b\\u{1}");
        assert_eq!(visible("a\n\u{200b}\tc\n"), "a\n\\u{200b}\tc\n");
        assert_eq!(escape("\u{2066}<"), "\\u{2066}&lt;");
        assert_eq!(breakable("a_\u{feff}b"), "a_<wbr>\\u{feff}b");
    }

    #[test]
    fn names_break_at_their_joints() {
        assert_eq!(breakable("a_b<c"), "a_<wbr>b&lt;c");
        assert_eq!(breakable(""), "");
    }
}
