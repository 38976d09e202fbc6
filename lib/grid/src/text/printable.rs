//! Text that came from outside, made fit for one line of a message on a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// The longest text that a message quotes, in characters.
const LONGEST: usize = 200;

/// The same text on one line and without what a terminal obeys: control characters (C0, C1), line and paragraph separators,
/// and what turns the direction of writing are escaped as in Rust (`\n`, `\u{1b}`). Escaping twice changes nothing.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unfit) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    text.chars().for_each(|letter| push(&mut out, letter));
    Cow::Owned(out)
}

/// What was found, as a message quotes it: printable, and at most 200 characters.
pub fn quote(text: &str) -> String {
    format!("\"{}\"", shorten(text))
}

/// A message as it leaves: printable, what stands in quotes at most 200 characters, and the whole at most 4,000.
pub(crate) fn message(text: &str) -> String {
    let part = |(at, part)| if at % 2 == 1 { shorten(part) } else { printable(part) };
    let parts: Vec<Cow<str>> = text.split('"').enumerate().map(part).collect();
    let whole = parts.join("\"");
    match whole.char_indices().nth(20 * LONGEST) {
        Some((end, _)) => format!("{}…", &whole[..end]),
        None => whole,
    }
}

/// Printable, and at most 200 characters.
pub(super) fn shorten(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        let fit = printable(text);
        if fit.len() <= LONGEST {
            return fit;
        }
    }
    let (mut out, mut count) = (String::new(), 0);
    for letter in text.chars() {
        let before = out.len();
        push(&mut out, letter);
        count += out[before..].chars().count();
        if count > LONGEST {
            out.truncate(before);
            out.push('…');
            break;
        }
    }
    Cow::Owned(out)
}

fn push(out: &mut String, letter: char) {
    if is_unfit(letter) {
        // Writing to a string cannot fail.
        let _ = write!(out, "{}", letter.escape_default());
    } else {
        out.push(letter);
    }
}

fn is_unfit(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        assert_eq!(printable("\u{1b}[31mred\u{7}\na\tb"), "\\u{1b}[31mred\\u{7}\\na\\tb");
        assert_eq!(
            printable("\u{9b}31m \u{2028}\u{202e}\u{2066}\u{feff}"),
            "\\u{9b}31m \\u{2028}\\u{202e}\\u{2066}\\u{feff}"
        );
        assert_eq!(printable("größer, 日本 \"x\" \\n"), "größer, 日本 \"x\" \\n");
    }

    #[test]
    fn a_quote_has_at_most_200_characters() {
        assert_eq!(quote("short"), "\"short\"");
        assert_eq!(quote(&"é".repeat(5000)).chars().count(), 203);
        assert!(quote(&"\u{1b}".repeat(5000)).chars().count() <= 203);
        assert_eq!(quote(&"x".repeat(200)), format!("\"{}\"", "x".repeat(200)));
    }

    #[test]
    fn a_message_keeps_its_way_out() {
        let long = format!("a.csv: line 3: not a number: \"{}\", expected a decimal number", "9".repeat(5000));
        let found = message(&long);
        assert!(found.starts_with("a.csv: line 3") && found.ends_with("…\", expected a decimal number"), "{found}");
        assert!(message(&"\"a\",".repeat(9999)).chars().count() <= 4001);
    }
}
