//! How a note counts and names things.

/// `1 column`, `2 columns`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 || noun == "series" { "" } else { "s" })
}

/// The first few names.
pub(crate) fn list(names: &[impl AsRef<str>]) -> String {
    let first: Vec<&str> = names.iter().take(5).map(AsRef::as_ref).collect();
    let more = names.len() - first.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..7).map(|i| i.to_string()).collect();
        assert_eq!(list(&names), "0, 1, 2, 3, 4 and 2 more");
        assert_eq!(count(1, "column") + &count(2, "series"), "1 column2 series");
    }
}
