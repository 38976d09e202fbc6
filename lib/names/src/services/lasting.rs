//! What of a series' name outlasts a restart.

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::container::of_engine;
use super::form::Form;
use super::pod::{base_of_pod, is_ordinal};
use crate::text::table::rows;
use crate::{Catalogue, Name};

/// Stands for what changes.
const ANY: &str = "*";

/// A name without what a new container, pod or address changes in it: see [`Catalogue::lasting`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lasting {
    /// The name, in which `*` stands for ids and addresses.
    pub name: Name,
    /// True where a label says which pod or container it was, by more than an id: series that share the name are of its replicas.
    pub is_replica: bool,
}

/// The labels of `revisions.csv`.
pub(crate) fn revisions() -> HashSet<String> {
    rows(include_str!("../../tables/revisions.csv"), ["label"]).into_iter().map(|[label]| label).collect()
}

impl Catalogue {
    /// What of a name outlasts a restart; `None` where all of it does. A pod loses the hashes of its ReplicaSet and its own, a
    /// container what its engine added to its name; ids, the addresses of hosts and what says which release it was become `*`.
    pub fn lasting(&self, name: &Name) -> Option<Lasting> {
        let mut lasting = Lasting { name: name.clone(), is_replica: false };
        for (label, value) in &mut lasting.name.labels {
            if self.built_in().revisions.contains(label) {
                *value = ANY.to_string();
                continue;
            }
            let kept = match self.built_in().services.form(label) {
                Some(Form::Pod) if !is_ordinal(value) => base_of_pod(value),
                Some(Form::Container) => of_engine(value),
                _ => value.clone(),
            };
            lasting.is_replica |= kept != *value;
            *value = without_ids(&kept);
        }
        (lasting.name != *name).then_some(lasting)
    }
}

/// A value with `*` for its ids: UUIDs, and twelve or more hexadecimal digits; of an address the port stays.
fn without_ids(value: &str) -> String {
    static IDS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new("[0-9a-f]{8}([-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|\\b[0-9a-f]{12,}\\b").ok());
    if let Ok(address) = value.parse::<SocketAddr>() {
        return format!("{ANY}:{}", address.port());
    }
    if value.parse::<IpAddr>().is_ok() {
        return ANY.to_string();
    }
    let is_id = |text: &str| text.contains(|c: char| c.is_ascii_digit()) && text.contains(|c: char| c.is_alphabetic());
    let masked = |found: &Captures| if is_id(&found[0]) { ANY.to_string() } else { found[0].to_string() };
    IDS.as_ref().map_or(value.into(), |ids| ids.replace_all(value, masked)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lasting(header: &str) -> Option<(String, bool)> {
        let found = Catalogue::default().lasting(&Name::parse(header));
        found.map(|lasting| (lasting.name.to_string(), lasting.is_replica))
    }

    #[test]
    fn ids_and_addresses_go_and_what_names_a_service_stays() {
        let id = "7c906d4fe920249f459b56875a349e4d52b02ba0c866ebd5d44a9e81a4e5af1e";
        for (header, name, is_replica) in [
            (format!("m{{id=\"/docker/{id}\"}}"), "m{id=\"/docker/*\"}", false),
            (format!("m{{id=\"/system.slice/docker-{id}.scope\"}}"), "m{id=\"/system.slice/docker-*.scope\"}", false),
            (
                "m{id=\"/kubepods/pod6fa459ea-ee8a-3ca4-894e-db77e160355e\"}".to_string(),
                "m{id=\"/kubepods/pod*\"}",
                false,
            ),
            ("m{instance=\"10.1.2.3:8080\",job=\"carts\"}".to_string(), "m{instance=\"*:8080\",job=\"carts\"}", false),
            ("m{pod=\"carts-5f6d9c7b8-x2k9p\"}".to_string(), "m{pod=\"carts\"}", true),
            (
                "m{instance=\"10.1.2.3:8080\",pod=\"carts-5f6d9c7b8-x2k9p\"}".to_string(),
                "m{instance=\"*:8080\",pod=\"carts\"}",
                true,
            ),
            (
                "container_m{name=\"shop_carts.1.k2j4h5g6f7d8s9a0q1w2e3r4t\"}".to_string(),
                "container_m{name=\"shop_carts.1\"}",
                true,
            ),
            (
                "m{job=\"carts\",pod_template_hash=\"5f6d9c7b8\"}".to_string(),
                "m{job=\"carts\",pod_template_hash=\"*\"}",
                false,
            ),
        ] {
            assert_eq!(lasting(&header), Some((name.to_string(), is_replica)), "{header}");
        }
    }

    #[test]
    fn what_outlasts_a_restart_is_as_it_was() {
        for header in [
            "m{instance=\"carts:80\",job=\"shop\"}",
            "m{pod=\"carts-db-0\"}",
            "container_m{name=\"shop-carts-1\"}",
            "m{customer=\"123456789012\",word=\"deadbeefcafe\"}",
            "m{route=\"/carts/10.0/x\"}",
            "m",
        ] {
            assert_eq!(lasting(header), None, "{header}");
        }
    }
}
