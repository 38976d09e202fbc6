//! Which columns of two groups measure the same.

use names::{Catalogue, Name};

/// For each column its group and what it measures when `label` is left out: columns of two groups with the same remainder are
/// counterparts. Labels that name the same thing as the group does are left out too. A column without labels is
/// of the service that its name begins with; nothing for one that has labels, but not that one.
pub(crate) fn counterparts(headers: &[&str], label: &str) -> Vec<Option<(String, String)>> {
    let names: Vec<Name> = headers.iter().map(|header| Name::parse(header)).collect();
    let mut places = match names.iter().any(|name| name.labels.is_empty()) {
        true => Catalogue::default().places(&names),
        false => Vec::new(),
    };
    let mut counterpart = |(k, mut name): (usize, Name)| {
        if name.labels.is_empty() {
            let place = std::mem::take(&mut places[k]);
            return Some((place.service?, place.metric));
        }
        let group = name.label(label)?.to_string();
        name.labels.retain(|(key, _)| key != label && !names_a_service(key));
        Some((group, name.to_string()))
    };
    names.into_iter().enumerate().map(&mut counterpart).collect()
}

/// Whether a label names the same thing as a service's does.
pub(crate) fn names_a_service(label: &str) -> bool {
    ["instance", "pod", "container", "container_name", "job", "service", "name", "id"].contains(&label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counterparts_have_the_same_remainder() {
        let of = |header: &str| counterparts(&[header], "service").remove(0);
        let found = |group: &str, rest: &str| Some((group.to_string(), rest.to_string()));
        let labelled = "cpu{instance=\"a:80\",mode=\"user\",service=\"carts\"}";
        assert_eq!(of(labelled), found("carts", "cpu{mode=\"user\"}"));
        assert_eq!(of("carts_cpu"), found("carts", "cpu"));
        assert_eq!(of("payment_svc|resource_cpu_usage"), found("payment_svc", "resource_cpu_usage"));
        assert_eq!(of("up{job=\"x\"}"), None);
    }
}
