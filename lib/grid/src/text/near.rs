//! Names that a misspelt one may have meant.

use super::list::{NAMES, first_names};
use super::printable::shorten;

/// From this likeness on (Jaro and Winkler's) a name may be another one misspelt.
const LIKE: f64 = 0.8;
/// A name that holds a text of so many letters as a whole is meant by it: `locust_users` by `users`.
const PART: usize = 4;
/// Nobody types a longer name by hand, and comparing takes time.
const LONGEST: usize = 1000;

/// How alike a text and a column's name, or the name of its metric alone, are: the likeness and the one that was meant,
/// where they are alike enough.
pub(crate) fn likeness<'a>(text: &str, header: &'a str) -> Option<(f64, &'a str)> {
    if text.len() >= LONGEST {
        return None;
    }
    let metric = header.split('{').next().unwrap_or_default();
    let alike = [header, metric].map(|name| match text.len() >= PART && name.contains(text) {
        true => (1.0, name),
        false => (strsim::jaro_winkler(text, name), name),
    });
    let best = if alike[1].0 > alike[0].0 { alike[1] } else { alike[0] };
    (best.0 >= LIKE).then_some(best)
}

/// The way out of a misspelt name, to be put behind a message: `, did you mean X?` or nothing.
pub fn did_you_mean<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let alike = names.into_iter().filter_map(|name| likeness(text, name));
    // The first of equals.
    let best = alike.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map_or_else(String::new, |(_, name)| format!(", did you mean {}?", shorten(name)))
}

/// The names that nothing is called, each with the nearest that is: `crats (did you mean carts?), x and 3 more`; `None`
/// where there are none.
pub fn strange_names<'a>(strange: &[&str], names: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    let one = |name: &&str| match did_you_mean(name, names.clone()) {
        near if near.is_empty() => (*name).to_string(),
        near => format!("{name} ({})", near.trim_start_matches(", ")),
    };
    let list: Vec<String> = strange.iter().take(NAMES).map(one).collect();
    (!list.is_empty()).then(|| first_names(&list, strange.len()))
}

/// The same as [`did_you_mean`], of names that are a list.
pub(crate) fn near_name(text: &str, names: &[String]) -> String {
    did_you_mean(text, names.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_told() {
        let names = ["up", "queue_length{job=\"a\"}", "quantile", "queue_length{job=\"b\"}"];
        assert_eq!(did_you_mean("queue_lenght", names), ", did you mean queue_length?");
        assert_eq!(did_you_mean("queue_lenght{job=\"b\"}", names), ", did you mean queue_length{job=\"b\"}?");
        assert_eq!(did_you_mean("users", ["user_cpu", "locust_users"]), ", did you mean locust_users?");
        assert_eq!(did_you_mean("zebra", names), "");
        assert_eq!(did_you_mean(&"q".repeat(1000), names), "");
        let strange = strange_names(&["quantil", "a", "b", "c", "d", "e"], names.into_iter());
        assert_eq!(strange.as_deref(), Some("quantil (did you mean quantile?), a, b, c, d and 1 more"));
        assert_eq!(strange_names(&[], names.into_iter()), None);
    }
}
