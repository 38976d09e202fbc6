//! Text made safe for HTML.

/// Text made safe for HTML, in elements and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // not allowed in HTML, even as a reference
            c if c.is_control() && c != '\n' && c != '\t' => out.push('\u{fffd}'),
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
        assert_eq!(escape("<a b=\"c'&\u{1}\">"), "&lt;a b=&quot;c&#39;&amp;\u{fffd}&quot;&gt;");
    }

    #[test]
    fn names_break_at_their_joints() {
        assert_eq!(breakable("a_b<c"), "a_<wbr>b&lt;c");
        assert_eq!(breakable(""), "");
    }
}
