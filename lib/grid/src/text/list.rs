//! Names and counts in a note.

use std::fmt::Display;

/// Names that a note has before "and N more", and characters of them, unless the first has more.
pub(crate) const NAMES: usize = 5;
const WIDTH: usize = 120;

/// The first of some names, as many as a line has room for and five at most: `a, b, c, d, e and 7 more`. `count` is how many
/// there are; only the first five need be given.
pub fn first_names(names: &[impl AsRef<str>], count: usize) -> String {
    let mut list = String::new();
    let mut said = 0;
    for name in names.iter().take(NAMES).map(AsRef::as_ref) {
        if said > 0 && list.len() + name.len() > WIDTH {
            break;
        }
        list.push_str(if said > 0 { ", " } else { "" });
        list.push_str(name);
        said += 1;
    }
    if count > said {
        list.push_str(&format!(" and {} more", count - said));
    }
    list
}

/// How many there are of what `noun` names, `1 column` or `2 columns`.
pub fn counted(count: impl Display + PartialEq + From<u8>, noun: &str) -> String {
    let plural = if count == 1.into() || noun == "series" { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        assert_eq!([counted(1_usize, "call"), counted(0_u64, "call")], ["1 call", "0 calls"]);
        assert_eq!(counted(1_usize, "column") + &counted(2_usize, "series"), "1 column2 series");
    }

    #[test]
    fn long_lists_are_cut_and_long_names_come_alone() {
        assert_eq!(first_names(&["0", "1", "2", "3", "4", "5", "6"], 7), "0, 1, 2, 3, 4 and 2 more");
        assert_eq!(first_names(&["a", "b"], 2), "a, b");
        let (long, longer) = ("x".repeat(80), "y".repeat(200));
        assert_eq!(first_names(&[&long, &long, &long], 3), format!("{long} and 2 more"));
        assert_eq!(first_names(&[&longer], 1), longer);
        assert_eq!(first_names(&[] as &[&str], 0), "");
    }
}
