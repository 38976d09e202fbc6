//! Names of cgroups, and ids of containers.

use super::form::Owner;

/// Whose a cgroup is: a container's by 12 digits of its id, a container of LXC by its name, a unit's of systemd; the root, slices,
/// and what holds several containers are the machine's. So is an id alone, whole or of 12 digits. What is no path of a cgroup
/// says nothing.
pub(crate) fn cgroup(path: &str) -> Owner {
    let last = path.rsplit('/').next().unwrap_or_default();
    let (unit, id) = (last.trim_end_matches(".scope"), id(last));
    let is_told = id.len() >= 32 || id.len() >= 12 && path.starts_with('/') || is_id(path);
    if is_told && is_hex(id) && has_digit(id) {
        return Owner::Service(id[..12].to_string());
    }
    if !path.starts_with('/') {
        return Owner::Nobody;
    }
    // An engine may have a cgroup of its own within the container's: Podman's `libpod-<id>.scope/container`.
    let whole = path.rsplit('/').map(self::id).find(|id| id.len() == 64 && is_hex(id));
    if let Some(id) = whole {
        return Owner::Service(id[..12].to_string());
    }
    if let Some(name) = of_lxc(path) {
        return Owner::Container(name.to_string());
    }
    match last.strip_suffix(".service") {
        Some(service) if !service.is_empty() => Owner::Service(service.to_string()),
        _ if path.matches('/').count() > 1
            && !last.contains(".slice")
            && !last.starts_with("pod")
            && !unit.is_empty()
            && !["burstable", "besteffort", "guaranteed", "init"].contains(&unit) =>
        {
            Owner::Container(unit.to_string())
        }
        _ => Owner::Machine,
    }
}

/// What may be an id in a part of a path: `docker-<id>.scope`, or containerd's `<slice>:cri-containerd:<id>` where systemd does not
/// drive its cgroups.
fn id(part: &str) -> &str {
    part.trim_end_matches(".scope").rsplit(['-', ':']).next().unwrap_or(part)
}

/// True for a container's id, whole or its first 12 digits.
pub(super) fn is_id(text: &str) -> bool {
    [12, 64].contains(&text.len()) && is_hex(text) && has_digit(text)
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

pub(super) fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The container whose cgroup holds this one: `/lxc.payload.<name>` since LXC 4, `/lxc/<name>` before.
fn of_lxc(path: &str) -> Option<&str> {
    let mut parts = path.split('/').skip(1);
    let name = match parts.next()? {
        "lxc" => parts.next(),
        part => part.strip_prefix("lxc.payload."),
    };
    name.filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cgroup_is_a_container_a_unit_or_the_machine() {
        let id = "7c906d4fe920249f459b56875a349e4d52b02ba0c866ebd5d44a9e81a4e5af1e";
        let service = |text: &str| Owner::Service(text.to_string());
        for path in [
            format!("/docker/{id}"),
            format!("/system.slice/docker-{id}.scope"),
            format!("/kubepods.slice/kubepods-burstable.slice/cri-containerd-{id}.scope"),
            format!("/kubepods/burstable/pod1/{id}"),
            format!("/machine.slice/libpod-{id}.scope/container"),
            format!("/system.slice/containerd.service/kubepods-burstable-pod2b.slice:cri-containerd:{id}"),
            format!("/lxc.payload.ci/docker/{id}"),
            id.to_string(),
            "/docker/7c906d4fe920".to_string(),
            "7c906d4fe920".to_string(),
        ] {
            assert_eq!(cgroup(&path), service("7c906d4fe920"), "{path}");
        }
        assert_eq!(cgroup("/system.slice/nginx.service"), service("nginx"));
        for path in
            ["/shop/carts", "/lxc/carts", "/lxc/carts/ns", "/lxc.payload.carts", "/lxc.payload.carts/init.scope"]
        {
            assert_eq!(cgroup(path), Owner::Container("carts".to_string()), "{path}");
        }
        for path in [
            "/",
            "/docker",
            "/lxc",
            "/lxc.monitor.carts",
            "/system.slice",
            "/kubepods/burstable",
            "/kubepods/burstable/pod12-34",
            "/init.scope",
        ] {
            assert_eq!(cgroup(path), Owner::Machine, "{path}");
        }
        for other in ["G1 Eden Space", "7c906d4fe92", "shop-7c906d4fe920", "feedfeedfeed"] {
            assert_eq!(cgroup(other), Owner::Nobody, "{other}");
        }
    }
}
