//! How a note counts and names things.

/// `1 column`, `2 columns`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 || noun == "series" { "" } else { "s" })
}

/// The first few names.
pub(crate) fn list(names: &[impl AsRef<str>]) -> String {
    grid::first_names(names, names.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_follow_their_number() {
        assert_eq!(count(1, "column") + &count(2, "series"), "1 column2 series");
    }
}
