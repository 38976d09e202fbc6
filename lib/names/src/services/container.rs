//! Names that engines give to containers, pods and cgroups, and the services behind them.

use std::collections::{HashMap, HashSet};

use super::pod::base_of_pod;

/// How an engine composed a container's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maker {
    /// Compose before 2: `project_service_1`.
    Compose1,
    /// Compose 2: `project-service-1`.
    Compose2,
    /// Swarm: `stack_service.1.<task>`.
    Swarm,
    /// Anything else.
    Unknown,
}

/// The services of containers by their names. The project is taken off: where a service of that name is known
/// from other series, by that; else by the words that all names of the project begin with; a name alone loses its
/// first word. The number of a replica is taken off where an engine composed the name.
pub(crate) fn services(names: &[&str], known: &HashSet<String>) -> HashMap<String, String> {
    let distinct: HashSet<&str> = names.iter().copied().collect();
    let mut projects: HashMap<(char, &str), Vec<&str>> = HashMap::new();
    for name in &distinct {
        let (maker, stem) = taken_apart(name);
        let Some(sign) = sign(maker) else { continue };
        projects.entry((sign, stem.split(sign).next().unwrap_or(stem))).or_default().push(stem);
    }
    let service = |name: &&str| {
        let (maker, stem) = taken_apart(name);
        let Some(sign) = sign(maker) else { return (name.to_string(), of_orchestrator(name)) };
        let suffix = |known: &&String| stem.strip_suffix(known.as_str()).is_some_and(|rest| rest.ends_with(sign));
        let first = stem.split(sign).next().unwrap_or(stem);
        let fallback = || {
            let stems = projects.get(&(sign, first)).map_or(&[][..], Vec::as_slice);
            let shared = if stems.len() < 2 { 1 } else { shared_words(stems, sign) };
            stem.splitn(shared + 1, sign).nth(shared).unwrap_or(stem).to_string()
        };
        let found = known.iter().filter(suffix).max_by_key(|known| (known.len(), known.as_str())).cloned();
        (name.to_string(), found.unwrap_or_else(fallback))
    };
    distinct.iter().map(service).collect()
}

fn sign(maker: Maker) -> Option<char> {
    match maker {
        Maker::Compose1 | Maker::Swarm => Some('_'),
        Maker::Compose2 => Some('-'),
        Maker::Unknown => None,
    }
}

/// The maker of a name, and the name without the number of its replica.
fn taken_apart(name: &str) -> (Maker, &str) {
    let number = |text: &str| !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    if name.starts_with("k8s_") {
        return (Maker::Unknown, name);
    }
    if let Some((rest, task)) = name.rsplit_once('.') {
        let task_id = task.len() >= 20 && task.bytes().all(|b| b.is_ascii_alphanumeric());
        return match rest.rsplit_once('.') {
            Some((stem, slot)) if task_id && (number(slot) || slot.len() >= 20) => (Maker::Swarm, stem),
            _ => (Maker::Unknown, name),
        };
    }
    // `project-service-run-<id>` is a container that `compose run` made.
    let id = |text: &str| text.len() == 12 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    for (sign, maker) in [('_', Maker::Compose1), ('-', Maker::Compose2)] {
        let Some((stem, last)) = name.rsplit_once(sign) else { continue };
        let stem =
            if id(last) { stem.strip_suffix("run").and_then(|stem| stem.strip_suffix(sign)) } else { Some(stem) };
        if let Some(stem) = stem.filter(|stem| stem.contains(sign) && (number(last) || id(last))) {
            return (maker, stem);
        }
    }
    (Maker::Unknown, name)
}

/// How many words all stems begin with; each keeps one.
fn shared_words(stems: &[&str], sign: char) -> usize {
    let split: Vec<Vec<&str>> = stems.iter().map(|stem| stem.split(sign).collect()).collect();
    let most = split.iter().map(|words| words.len() - 1).min().unwrap_or(0);
    (0..most).take_while(|&at| split.iter().all(|words| words[at] == split[0][at])).count().max(1)
}

/// `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>` of dockershim is the container, or the pod of a pause
/// container; so is `ecs-<family>-<revision>-<container>-<hex>` of Amazon ECS, and `<task>-<uuid of the allocation>` of Nomad
/// the task; any other name is as it is.
fn of_orchestrator(name: &str) -> String {
    let hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let words: Vec<&str> = name.split('-').collect();
    if let ["ecs", of_task @ .., id] = words.as_slice()
        && id.len() >= 18
        && hex(id)
    {
        let number = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        // A container's own name may end with a number.
        let revision = of_task[..of_task.len().saturating_sub(1)].iter().rposition(number);
        return revision.map_or(name.to_string(), |at| of_task[at + 1..].join("-"));
    }
    if let [task @ .., a, b, c, d, e] = words.as_slice()
        && !task.is_empty()
        && [a, b, c, d, e].map(|part| part.len()) == [8, 4, 4, 4, 12]
        && [a, b, c, d, e].iter().all(|part| hex(part))
    {
        return task.join("-");
    }
    let parts: Vec<&str> = name.split('_').collect();
    match parts.as_slice() {
        ["k8s", "POD", pod, _, _, _] => base_of_pod(pod),
        ["k8s", container, _, _, _, _] => (*container).to_string(),
        _ => name.to_string(),
    }
}

/// The service in the name of a route: the longest that is known and stands in it in whole words, the last of those; else the name
/// as it is.
pub(crate) fn of_route(route: &str, known: &HashSet<String>) -> String {
    let stands = |service: &str| {
        let word = |c: char| c.is_alphanumeric();
        let alone = |at: usize| !route[..at].ends_with(word) && !route[at + service.len()..].starts_with(word);
        route.match_indices(service).map(|(at, _)| at).filter(|at| alone(*at)).last()
    };
    let found =
        known.iter().filter(|service| !service.is_empty()).filter_map(|service| Some((service, stands(service)?)));
    let best = found.max_by_key(|(service, at)| (service.len(), *at));
    best.map_or(route, |(service, _)| service).to_string()
}

/// `stack_service` of Swarm: the service.
pub(crate) fn service_of_swarm(value: &str) -> &str {
    value.split_once('_').map_or(value, |(_, service)| service)
}

/// A container's name without what its engine added for one of its runs: the task of Swarm, or all but the service that an
/// orchestrator's name has.
pub(crate) fn of_engine(name: &str) -> String {
    match taken_apart(name) {
        (Maker::Swarm, _) => name.rsplit_once('.').map_or(name, |(slot, _)| slot).to_string(),
        (Maker::Unknown, _) => of_orchestrator(name),
        _ => name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str], known: &[&str]) -> Vec<String> {
        let found = services(names, &known.iter().map(|k| k.to_string()).collect());
        names.iter().map(|name| found[*name].clone()).collect()
    }

    #[test]
    fn the_project_and_the_replica_are_taken_off() {
        assert_eq!(of(&["dockercompose_carts_1", "dockercompose_front-end_1"], &[]), ["carts", "front-end"]);
        assert_eq!(of(&["sock-shop-carts-1", "sock-shop-front-end-1"], &[]), ["carts", "front-end"]);
        assert_eq!(of(&["sock-shop-front-end-1", "sock-shop-front-end-db-1"], &["front-end"]), ["front-end", "end-db"]);
        assert_eq!(of(&["strain-carts-1"], &[]), ["carts"]);
        assert_eq!(of(&["shop-carts-run-0f1e2d3c4b5a", "shop-front-end-1"], &[]), ["carts", "front-end"]);
        assert_eq!(
            of(&["shop_carts_run_0f1e2d3c4b5a", "dry-run-0f1e2d3c4b5a"], &[]),
            ["carts", "dry-run-0f1e2d3c4b5a"]
        );
        assert_eq!(of(&["shop_carts.1.k2j4h5g6f7d8s9a0q1w2e3r4t"], &[]), ["carts"]);
        assert_eq!(of(&["app-1", "carts", "redis"], &[]), ["app-1", "carts", "redis"]);
        assert_eq!(of(&["sock_shop_carts_1", "sock_shop_orders_1"], &[]), ["carts", "orders"]);
        let task = "k2j4h5g6f7d8s9a0q1w2e3r4t";
        let swarm = ["carts", "orders"].map(|service| format!("sock_shop_{service}.1.{task}"));
        assert_eq!(of(&swarm.each_ref().map(String::as_str), &[]), ["carts", "orders"]);
        assert_eq!(of(&["ecs-shop-carts-7-carts-b8f7a6d5c4e3f2a1b0c9"], &[]), ["carts"]);
        assert_eq!(of(&["carts-6fa459ea-ee8a-3ca4-894e-db77e160355e"], &[]), ["carts"]);
        let old = "k8s_carts_carts-5f6d9c7b8-x2k9p_shop_0b1c_0";
        assert_eq!(of(&[old, "k8s_POD_carts-5f6d9c7b8-x2k9p_shop_0b1c_0"], &[]), ["carts", "carts"]);
    }

    #[test]
    fn a_route_is_a_service_that_is_known() {
        let known: HashSet<String> = ["carts", "carts-db", "shop", "a"].map(str::to_string).into();
        for (route, service) in [
            ("shop-carts-80", "carts"),
            ("shop_svc_carts-db_http", "carts-db"),
            ("carts-shop", "carts"),
            ("shop-orders-80", "shop"),
            ("cartsy-80", "cartsy-80"),
            ("a", "a"),
            ("", ""),
        ] {
            assert_eq!(of_route(route, &known), service, "{route}");
        }
    }
}
