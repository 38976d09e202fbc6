//! Which columns of two groups measure the same.

use grid::Name;

/// What a column measures when `label` is left out: columns of two groups with the same remainder
/// are counterparts. Labels that name the same thing as the group does are left out too.
pub(crate) fn counterpart(header: &str, label: &str) -> Option<(String, String)> {
    const SAME: [&str; 8] = ["instance", "pod", "container", "container_name", "job", "service", "name", "id"];
    let mut name = Name::parse(header);
    if let Some(group) = name.label(label).map(str::to_string) {
        name.labels.retain(|(key, _)| key != label && !SAME.contains(&&key[..]));
        return Some((group, name.to_string()));
    }
    if !name.labels.is_empty() {
        return None;
    }
    split(&name.name)
}

/// `carts_cpu` is the cpu of carts; `front_carts|p50_latency`, between two services, is the callee's.
fn split(name: &str) -> Option<(String, String)> {
    if let Some((service, rest)) = name.split_once('|') {
        let between = rest.contains("source") || rest.contains("latency");
        let service = if between { service.rsplit('_').next().unwrap_or(service) } else { service };
        return Some((service.to_string(), rest.to_string()));
    }
    let (service, rest) = name.split_once('_')?;
    (!service.is_empty()).then(|| (service.to_string(), rest.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counterparts_have_the_same_remainder() {
        let (group, rest) = counterpart("cpu{instance=\"a:80\",mode=\"user\",service=\"carts\"}", "service").unwrap();
        assert_eq!((&group[..], &rest[..]), ("carts", "cpu{mode=\"user\"}"));
        assert_eq!(counterpart("carts_cpu", "service"), Some(("carts".into(), "cpu".into())));
        assert_eq!(counterpart("up{job=\"x\"}", "service"), None);
    }
}
