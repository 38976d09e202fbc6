//! The one text of a series: two headers that differ in the order of their labels mean the same.

use std::borrow::Cow;

use names::{Name, is_legacy_name};

use super::columns::Names;

/// The canonical text of a header that is a selector; any other text as it is.
pub fn canonical(header: &str) -> Cow<'_, str> {
    if is_canonical(header) {
        return Cow::Borrowed(header);
    }
    let name = Name::parse(header);
    if name.labels.is_empty() { Cow::Borrowed(header) } else { Cow::Owned(name.to_string()) }
}

/// The same of many: they are copied only where one is written otherwise.
pub(crate) fn canonical_names(names: Names) -> Names {
    if names.iter().all(is_canonical) {
        return names;
    }
    let mut all = Names::default();
    names.iter().for_each(|name| all.push(&canonical(name)));
    all
}

/// True for a text without labels, and for one whose labels are in order, with neither escapes nor spaces: nearly all, and seen
/// in one pass.
fn is_canonical(header: &str) -> bool {
    let Some((_, labels)) = header.split_once('{') else { return true };
    let Some(labels) = labels.strip_suffix("\"}").filter(|labels| !labels.contains('\\')) else { return false };
    // Outside quotes stand `a=`, `,b=`, `,c=`.
    let parts = labels.split('"').step_by(2);
    let keys = parts.map(|part| part.strip_prefix(',').unwrap_or(part).strip_suffix('=').unwrap_or_default());
    keys.clone().all(|key| is_legacy_name(key) && key != "__name__") && keys.is_sorted()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_any_order_are_one_series() {
        for (header, text) in [
            (r#"x{b="1",a="2"}"#, r#"x{a="2",b="1"}"#),
            (r#"x{a1="2",a="1"}"#, r#"x{a="1",a1="2"}"#),
            (r#"x{a="2", b="1"}"#, r#"x{a="2",b="1"}"#),
            (r#"{__name__="x",a="2"}"#, r#"x{a="2"}"#),
            (r#"x{b="\"",a="="}"#, r#"x{a="=",b="\""}"#),
            (r#"{"a.b","d"="1",c="2"}"#, r#"{"a.b",c="2",d="1"}"#),
        ] {
            assert_eq!(canonical(header), text);
            assert_eq!(canonical(text), text);
            let names: Names = [header, "y"].into_iter().collect();
            assert!(canonical_names(names).iter().eq([text, "y"]));
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in ["carts_cpu", "a{b", "x{a=~\"1\",a=\"2\"}", "{}x", "x{b=\"1\",b=\"2\"}", "b,a{", r#"x{a=""}"#] {
            assert_eq!(canonical(text), text);
        }
    }
}
