//! Names that engines give to containers, pods and cgroups, and the services behind them.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::cgroup::is_hex;
use super::pod::{self, base_of_pod};
use super::project;

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

/// The services of containers by their names. The project is taken off as [`project::services`] finds it, and the number of a
/// replica where an engine composed the name.
pub(crate) fn services(names: &[&str], known: &HashSet<String>) -> HashMap<String, String> {
    let distinct: HashSet<&str> = names.iter().copied().collect();
    let mut projects: HashMap<(char, &str), BTreeSet<&str>> = HashMap::new();
    let parts = distinct.into_iter().map(|name| (name, taken_apart(name)));
    let parts: Vec<(&str, (Maker, &str))> = parts.collect();
    for (_, (maker, stem)) in &parts {
        let Some(sign) = sign(*maker) else { continue };
        projects.entry((sign, first_word(stem, sign))).or_default().insert(stem);
    }
    let found = projects.into_iter().map(|(of, stems)| (of, project::services(&stems, of.0, known)));
    let found: HashMap<(char, &str), HashMap<&str, &str>> = found.collect();
    let service = |(name, (maker, stem)): (&str, (Maker, &str))| {
        let Some(sign) = sign(maker) else { return (name.to_string(), of_platform(name, known)) };
        let service = found.get(&(sign, first_word(stem, sign))).and_then(|services| services.get(stem));
        (name.to_string(), service.copied().unwrap_or(stem).to_string())
    };
    parts.into_iter().map(service).collect()
}

fn first_word(stem: &str, sign: char) -> &str {
    stem.split(sign).next().unwrap_or(stem)
}

fn sign(maker: Maker) -> Option<char> {
    match maker {
        Maker::Compose1 | Maker::Swarm => Some('_'),
        Maker::Compose2 => Some('-'),
        Maker::Unknown => None,
    }
}

fn is_number(text: &str) -> bool {
    text.len() <= 4 && pod::is_number(text)
}

fn is_letters(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic())
}

/// The maker of a name, and the name without the number of its replica.
fn taken_apart(name: &str) -> (Maker, &str) {
    if name.starts_with("k8s_") {
        return (Maker::Unknown, name);
    }
    if let Some((rest, task)) = name.rsplit_once('.') {
        let task_id = task.len() >= 20 && task.bytes().all(|b| b.is_ascii_alphanumeric());
        return match rest.rsplit_once('.') {
            // CapRover 1 puts `srv-captain--` before the names of its apps' services.
            Some((stem, slot)) if task_id && (is_number(slot) || slot.len() >= 20) => {
                (Maker::Swarm, stem.strip_prefix("srv-captain--").unwrap_or(stem))
            }
            _ => (Maker::Unknown, name),
        };
    }
    let composed = [('_', Maker::Compose1), ('-', Maker::Compose2)];
    let composed = composed.into_iter().find_map(|(sign, maker)| Some((maker, of_compose(name, sign)?)));
    composed.unwrap_or((Maker::Unknown, name))
}

/// `<project>_<service>` of the names that Compose makes: `…_1`, in Compose 1.23 `…_1_<id>`; and of what its command `run` made:
/// `…_run_<id>`, before 1.23 `…_run_1`. In Compose 2 the sign between them is `-`.
fn of_compose(name: &str, sign: char) -> Option<&str> {
    let is_id = |text: &str| text.len() == 12 && is_hex(text);
    let (rest, last) = name.rsplit_once(sign)?;
    let (stem, number) = if is_id(last) { rest.rsplit_once(sign)? } else { (rest, last) };
    let run = || stem.strip_suffix("_run").filter(|stem| stem.contains('_'));
    let stem = match number {
        "run" => stem,
        number if is_number(number) && sign == '_' => run().unwrap_or(stem),
        number if is_number(number) && !is_id(last) => stem,
        _ => return None,
    };
    stem.contains(sign).then_some(stem)
}

/// The service of a container that no project's name stands before: of Dokku's `<app>.web.<number>` the app, of its other processes
/// `<app>.<process>`; of `<deployment>-pod-<container>`, as Podman's `play kube` has it, a container whose name is known; else what
/// an orchestrator's name has.
fn of_platform(name: &str, known: &HashSet<String>) -> String {
    match name.split('.').collect::<Vec<_>>().as_slice() {
        [app, "web", number] if is_number(number) => return (*app).to_string(),
        [app, process, number] if is_letters(process) && is_number(number) => return [app, ".", process].concat(),
        _ => {}
    }
    let container = name.split_once("-pod-").map(|(_, container)| container);
    container.filter(|container| known.contains(*container)).map_or_else(|| of_orchestrator(name), str::to_string)
}

/// `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>` of dockershim is the container, or the pod of a pause
/// container; so is `ecs-<family>-<revision>-<container>-<hex>` of Amazon ECS, and `<task>-<uuid of the allocation>` of Nomad
/// the task; any other name is as it is.
fn of_orchestrator(name: &str) -> String {
    let words: Vec<&str> = name.split('-').collect();
    if let ["ecs", of_task @ .., id] = words.as_slice()
        && id.len() >= 18
        && is_hex(id)
    {
        // A container's own name may end with a number.
        let revision = of_task[..of_task.len().saturating_sub(1)].iter().rposition(|word| pod::is_number(word));
        return revision.map_or(name.to_string(), |at| of_task[at + 1..].join("-"));
    }
    if let [task @ .., a, b, c, d, e] = words.as_slice()
        && !task.is_empty()
        && [a, b, c, d, e].map(|part| part.len()) == [8, 4, 4, 4, 12]
        && [a, b, c, d, e].iter().all(|part| is_hex(part))
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
    let found = known.iter().filter_map(|service| Some((service, stands(route, service)?)));
    let best = found.max_by_key(|(service, at)| (service.len(), *at));
    best.map_or(route, |(service, _)| service).to_string()
}

/// Where words stand whole in a text for the last time.
pub(super) fn stands(text: &str, words: &str) -> Option<usize> {
    let is_word = |c: char| c.is_alphanumeric();
    let alone = |at: usize| !text[..at].ends_with(is_word) && !text[at + words.len()..].starts_with(is_word);
    text.match_indices(words).map(|(at, _)| at).filter(|at| !words.is_empty() && alone(*at)).last()
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
        assert_eq!(
            of(&["sock-shop-front-end-1", "sock-shop-front-end-db-1"], &["front-end"]),
            ["front-end", "front-end-db"]
        );
        assert_eq!(of(&["strain-carts-1"], &[]), ["carts"]);
        assert_eq!(of(&["shop-carts-run-0f1e2d3c4b5a", "shop-front-end-1"], &[]), ["carts", "front-end"]);
        assert_eq!(
            of(&["shop_carts_run_0f1e2d3c4b5a", "dry-run-0f1e2d3c4b5a"], &[]),
            ["carts", "dry-run-0f1e2d3c4b5a"]
        );
        let slug = ["dockercompose_carts_1_7c906d4fe920", "dockercompose_front-end_1_04f8996da763"];
        assert_eq!(of(&slug, &[]), ["carts", "front-end"]);
        let one_off = ["shop_front-end_run_1", "shop_front-end_run_1_7c906d4fe920", "shop_run_1", "shop_front-end_1"];
        assert_eq!(of(&one_off, &[]), ["front-end", "front-end", "run", "front-end"]);
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
    fn a_platform_puts_its_own_before_or_behind_the_service() {
        let caprover = "srv-captain--front-end.1.k2j4h5g6f7d8s9a0q1w2e3r4t";
        assert_eq!(
            of(&[caprover, "front-end.web.1", "front-end.worker.2"], &[]),
            ["front-end", "front-end", "front-end.worker"]
        );
        let podman = ["shop-pod-front-end", "shop-pod-server"];
        assert_eq!(of(&podman, &["front-end"]), ["front-end", "shop-pod-server"]);
        assert_eq!(of(&["a.b.c", "redis.7.2"], &[]), ["a.b.c", "redis.7.2"]);
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
