//! What a list of metric names, or of the values of another label, leaves out, as matchers.

use std::collections::BTreeMap;

use super::query::{alternatives, pattern, quoted};
use super::split::Part;

/// Parts that together hold every name which is not in `names`, each once; series without a name too.
///
/// One part says "none of these". When that would be longer than `most` bytes, the names are told apart
/// by their first letters: a part for each letter that some begin with, and one for all other letters.
pub(crate) fn rest(names: &[String], most: usize) -> Vec<Part> {
    rest_of("__name__", names, most).into_iter().map(Part::Rest).collect()
}

/// The same for any label, as matchers.
pub(crate) fn rest_of(label: &str, values: &[String], most: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    cut(label, "", &values, most, &mut parts);
    parts
}

/// All that begins with `prefix` and is none of `names`, which begin with it too.
fn cut(label: &str, prefix: &str, names: &[&str], most: usize, parts: &mut Vec<String>) {
    let list = alternatives(names);
    if list.len() <= most || names.len() == 1 {
        parts.push(without(label, prefix, &list));
        return;
    }
    let mut heads = BTreeMap::<char, Vec<&str>>::new();
    for name in names {
        if let Some(head) = name[prefix.len()..].chars().next() {
            heads.entry(head).or_default().push(name);
        }
    }
    let mut elsewhere: Vec<String> = names.iter().filter(|name| **name == prefix).map(|name| pattern(name)).collect();
    for (head, names) in heads {
        let longer = format!("{prefix}{head}");
        cut(label, &longer, &names, most, parts);
        elsewhere.push(format!("{}.*", pattern(&longer)));
    }
    parts.push(without(label, prefix, &elsewhere.join("|")));
}

fn without(label: &str, prefix: &str, list: &str) -> String {
    let inside =
        if prefix.is_empty() { String::new() } else { format!("{label}=~{},", quoted(&(pattern(prefix) + ".*"))) };
    format!("{inside}{label}!~{}", quoted(list))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_told_apart_by_first_letters() {
        let names = ["aa", "ab", "b", "a"].map(String::from);
        let texts = |most| {
            let parts = rest(&names, most).into_iter();
            parts.map(|part| if let Part::Rest(text) = part { text } else { String::new() }).collect::<Vec<_>>()
        };
        assert_eq!(texts(100), ["__name__!~\"aa|ab|b|a\""]);
        assert_eq!(
            texts(8),
            ["__name__=~\"a.*\",__name__!~\"aa|ab|a\"", "__name__=~\"b.*\",__name__!~\"b\"", "__name__!~\"a.*|b.*\""]
        );
    }
}
