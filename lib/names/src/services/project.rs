//! The projects of containers, and what their names leave of the service.

use std::collections::{BTreeSet, HashMap, HashSet};

/// By stem, `project-service` without the number of its replica, the service. All stems begin with one word and are put together
/// with one sign; they may be of several projects. A stem that is a known service is that. Else a stem that ends with one says that
/// its project is what stands before; of several that end with the same, the one with the fewest words before it. Of the projects
/// that a stem begins with, the one said by most is meant, of those the shortest: so `shop-user-db` is `user-db` where `shop-db` is
/// `db`. Where none is said, by the stem itself, by two, or by so many that all stems have one, the words that the others
/// begin with in common are the project; the first word where there is one stem.
pub(super) fn services<'a>(
    stems: &BTreeSet<&'a str>,
    sign: char,
    known: &HashSet<String>,
) -> HashMap<&'a str, &'a str> {
    let said = projects(stems, sign, known);
    let mut votes: HashMap<&str, usize> = HashMap::new();
    said.values().for_each(|project| *votes.entry(project).or_default() += 1);
    let best = |stem: &'a str| {
        let begun = cuts(stem, sign).filter_map(|(project, service)| Some((*votes.get(project)?, project, service)));
        begun.max_by_key(|(votes, project, _)| (*votes, usize::MAX - project.len()))
    };
    let all_have_one = stems.iter().all(|stem| best(stem).is_some());
    let found = |stem: &'a str| match best(stem) {
        _ if known.contains(stem) => Some(stem),
        Some((votes, project, service)) => {
            (votes > 1 || all_have_one || said.get(stem) == Some(&project)).then_some(service)
        }
        None => None,
    };
    let mut services: HashMap<&str, &str> = stems.iter().filter_map(|stem| Some((*stem, found(stem)?))).collect();
    let others: Vec<&str> = stems.iter().copied().filter(|stem| !services.contains_key(stem)).collect();
    let shared = shared_words(&others, sign);
    services.extend(others.iter().map(|stem| (*stem, stem.splitn(shared + 1, sign).nth(shared).unwrap_or(stem))));
    services
}

/// What a stem may be made of: project and service, the shortest project first.
fn cuts(stem: &str, sign: char) -> impl Iterator<Item = (&str, &str)> {
    stem.match_indices(sign).map(|(at, sign)| (&stem[..at], &stem[at + sign.len()..]))
}

/// By stem the project, where what follows it is a known service, and no other stem has as few words before that.
fn projects<'a>(stems: &BTreeSet<&'a str>, sign: char, known: &HashSet<String>) -> HashMap<&'a str, &'a str> {
    let mut of_service: HashMap<&str, Vec<(usize, &str, &str)>> = HashMap::new();
    for stem in stems {
        let mut cuts = cuts(stem, sign).enumerate();
        if let Some((words, (project, service))) = cuts.find(|(_, (_, service))| known.contains(*service)) {
            of_service.entry(service).or_default().push((words, stem, project));
        }
    }
    let first = |mut all: Vec<(usize, &'a str, &'a str)>| {
        all.sort_unstable();
        let is_alone = all.get(1).is_none_or(|next| next.0 > all[0].0);
        is_alone.then(|| (all[0].1, all[0].2))
    };
    of_service.into_values().filter_map(first).collect()
}

/// How many words all stems begin with, one at least; each keeps one.
fn shared_words(stems: &[&str], sign: char) -> usize {
    let split: Vec<Vec<&str>> = stems.iter().map(|stem| stem.split(sign).collect()).collect();
    if split.len() < 2 {
        return 1;
    }
    let most = split.iter().map(|words| words.len() - 1).min().unwrap_or(0);
    (0..most).take_while(|&at| split.iter().all(|words| words[at] == split[0][at])).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_last_word_does_not_swallow_a_longer_name() {
        let of = |stems: &[&str], known: &[&str]| {
            let known = known.iter().map(|known| known.to_string()).collect();
            let found = services(&stems.iter().copied().collect(), '-', &known);
            stems.iter().map(|stem| found[stem].to_string()).collect::<Vec<_>>()
        };
        let both = ["sock-shop-carts", "sock-monitoring-grafana"];
        for (stems, known, expected) in [
            (&["shop-user-db", "shop-carts-db", "shop-db"][..], &["db", "api"][..], &["user-db", "carts-db", "db"][..]),
            (&["shop-user-db", "shop-carts-db", "shop-web"], &["db"], &["user-db", "carts-db", "web"]),
            (&["shop-admin-api", "shop-api"], &["api"], &["admin-api", "api"]),
            (
                &["shop-carts", "shop-orders", "shop-carts-db"],
                &["carts", "orders", "db"],
                &["carts", "orders", "carts-db"],
            ),
            (&["shop-carts-db"], &["carts-db", "db"], &["carts-db"]),
            (&["shop-user-db", "shop-web"], &["db"], &["db", "web"]),
            (&["front-end", "front-proxy"], &["front-end"], &["front-end", "proxy"]),
            (&both, &["carts", "grafana"], &["carts", "grafana"]),
            (&both, &[], &["shop-carts", "monitoring-grafana"]),
            (
                &[both[0], "sock-shop-user", both[1], "sock-monitoring-loki"],
                &["carts", "user"],
                &["carts", "user", "grafana", "loki"],
            ),
            (&["sock-shop-carts", "sock-shop-user"], &["carts"], &["carts", "user"]),
            (&["sock-shop-carts", "sock-shop-user"], &[], &["carts", "user"]),
        ] {
            assert_eq!(of(stems, known), expected, "{stems:?} {known:?}");
        }
    }
}
