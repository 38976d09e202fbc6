//! The ends by which names of workloads say which release or part of a service they are.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::table::rows;

/// A name without such an end, and whether that says so by itself: else the rest must be known.
pub(super) fn without_release(name: &str) -> Option<(&str, bool)> {
    static ENDS: LazyLock<[Option<Regex>; 2]> = LazyLock::new(|| {
        let table = rows(include_str!("../../tables/releases.csv"), ["end", "alone"]);
        ["yes", ""].map(|alone| {
            let ends: Vec<&str> = table.iter().filter(|row| row[1] == alone).map(|row| row[0].as_str()).collect();
            Regex::new(&format!("-(?:{})$", ends.join("|"))).ok()
        })
    });
    let found = |alone: usize| {
        let end = ENDS[alone].as_ref()?.find(name)?;
        Some((&name[..end.start()], alone == 0)).filter(|(stem, _)| !stem.is_empty())
    };
    found(0).or_else(|| found(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_that_says_which_release_it_is_goes() {
        for (name, rest) in [
            ("reviews-v2", Some(("reviews", true))),
            ("thumbnailer-00003-deployment", Some(("thumbnailer", true))),
            ("web-canary", Some(("web", false))),
            ("redis-replicas", Some(("redis", false))),
            ("web", None),
            ("v2", None),
            ("-v2", None),
            ("web-v2api", None),
            ("canary", None),
        ] {
            assert_eq!(without_release(name), rest, "{name}");
        }
    }
}
