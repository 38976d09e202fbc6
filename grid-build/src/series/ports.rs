//! The port of an instance that Prometheus 2 and 3 write differently.

use std::collections::HashMap;

use grid::Name;

use super::Target;
use super::store::Series;

const INSTANCE: &str = "instance";

/// Prometheus 2 adds the port of the scheme to an `instance` without one, Prometheus 3 does not.
const PORTS: [&str; 2] = [":80", ":443"];

/// The host of an instance at a port of a scheme, and that port.
fn split_port(instance: &str) -> Option<(&str, &'static str)> {
    let (host, port) = PORTS.iter().find_map(|port| Some((instance.strip_suffix(port)?, *port)))?;
    let is_host = !host.is_empty() && (!host.contains(':') || host.ends_with(']'));
    is_host.then_some((host, port))
}

/// A name without the port of a scheme at the end of its instance; `None` where there is none.
pub(crate) fn without_port(name: &Name) -> Option<Name> {
    let mut name = name.clone();
    let (_, instance) = name.labels.iter_mut().find(|(label, _)| label == INSTANCE)?;
    let host = split_port(instance)?.0.to_string();
    *instance = host;
    Some(name)
}

/// The new names of series, by their places: without the port of a scheme, unless the job has targets at both ports of the host.
pub(super) fn names_without_ports(series: &[Series]) -> HashMap<usize, Box<str>> {
    let may_have = |name: &str| name.contains(INSTANCE) && PORTS.iter().any(|port| name.contains(port));
    let mut targets: HashMap<Option<Target>, Vec<(usize, &'static str, Name)>> = HashMap::new();
    for (at, one) in series.iter().enumerate().filter(|(_, one)| may_have(&one.name)) {
        let name = Name::parse(&one.name);
        let port = name.label(INSTANCE).and_then(split_port).map(|(_, port)| port);
        if let Some((port, new)) = port.zip(without_port(&name)) {
            targets.entry(Target::of(&new)).or_default().push((at, port, new));
        }
    }
    let of_one_port = |target: &Vec<(usize, &str, Name)>| target.iter().all(|(_, port, _)| *port == target[0].1);
    let targets = targets.into_values().filter(of_one_port).flatten();
    targets.map(|(at, _, new)| (at, new.to_string().into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_of_a_scheme_goes_and_any_other_stays() {
        let new = |instance: &str| {
            let name = Name::new("up", vec![(INSTANCE.to_string(), instance.to_string())]);
            without_port(&name).and_then(|new| new.label(INSTANCE).map(str::to_string))
        };
        assert_eq!(new("carts:80").as_deref(), Some("carts"));
        assert_eq!(new("[::1]:443").as_deref(), Some("[::1]"));
        for kept in ["carts:8080", ":80", "::1:80", "carts"] {
            assert_eq!(new(kept), None, "{kept}");
        }
    }
}
