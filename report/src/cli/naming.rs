//! Headers as the page names them.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use names::{Catalogue, Name, Outcome, phenomenon};

/// What is known of every header of the ranking and of the grid.
#[derive(Default)]
pub(crate) struct Naming {
    told: HashMap<String, Told>,
}

struct Told {
    short: String,
    service: Option<String>,
    phenomenon: String,
    outcome: Option<Outcome>,
}

impl Naming {
    /// Reads all headers together, since they explain each other.
    pub(crate) fn read<'a>(headers: impl Iterator<Item = &'a str>) -> Self {
        let mut seen = HashSet::new();
        let headers: Vec<&str> = headers.filter(|header| seen.insert(*header)).collect();
        let names: Vec<Name> = headers.iter().map(|header| Name::parse(header)).collect();
        let catalogue = Catalogue::default();
        let services: Vec<Option<String>> = catalogue.places(&names).into_iter().map(|place| place.service).collect();
        let telling = telling(&names, &services);
        let told = headers.into_iter().zip(names).zip(services).map(|((header, name), service)| {
            let phenomenon = phenomenon(&name).name;
            let labels = telling.get(&(phenomenon.clone(), service.clone()));
            let short = short(&name, |key| labels.is_some_and(|labels| labels.contains(key)));
            let outcome = catalogue.outcome(&name);
            (header.to_string(), Told { short, service, phenomenon, outcome })
        });
        Naming { told: told.collect() }
    }

    /// Takes a service as the ranking tells it.
    pub(crate) fn charge(&mut self, header: &str, service: String) {
        if let Some(told) = self.told.get_mut(header) {
            told.service = Some(service);
        }
    }

    /// A header without the labels that tell nothing apart: `request_duration_seconds_mean · GET /cart 200`.
    pub(crate) fn short(&self, header: &str) -> String {
        self.told.get(header).map_or_else(|| header.to_string(), |told| told.short.clone())
    }

    /// Its service, where one is known.
    pub(crate) fn service(&self, header: &str) -> Option<&str> {
        self.told.get(header)?.service.as_deref()
    }

    /// The short name with the service in front, where one is known.
    pub(crate) fn long(&self, header: &str) -> String {
        match self.service(header) {
            Some(service) => format!("{service}: {}", self.short(header)),
            None => self.short(header),
        }
    }

    /// What the sum, the count, the mean and the quantiles of one histogram have in common.
    pub(crate) fn phenomenon(&self, header: &str) -> String {
        self.told.get(header).map_or_else(|| header.to_string(), |told| told.phenomenon.clone())
    }

    /// What it is of a load generator, where it is.
    pub(crate) fn outcome(&self, header: &str) -> Option<Outcome> {
        self.told.get(header)?.outcome
    }
}

/// For each phenomenon of a service, the labels that tell its series apart.
fn telling(names: &[Name], services: &[Option<String>]) -> HashMap<(String, Option<String>), HashSet<String>> {
    let catalogue = Catalogue::default();
    let mut groups: HashMap<(String, Option<String>), Vec<&Name>> = HashMap::new();
    for (name, service) in names.iter().zip(services) {
        groups.entry((phenomenon(name).name, service.clone())).or_default().push(name);
    }
    let labels = |names: &[&Name]| -> HashSet<String> {
        let keys: BTreeSet<&str> = names.iter().flat_map(|name| &name.labels).map(|(key, _)| key.as_str()).collect();
        let varies = |key: &&str| names.iter().any(|name| name.label(key) != names[0].label(key));
        let mut keys: Vec<&str> = keys.into_iter().filter(varies).collect();
        drop_doubles(&mut keys, names, &catalogue);
        keys.into_iter().map(str::to_string).collect()
    };
    groups.into_iter().map(|(key, names)| (key, labels(&names))).collect()
}

/// Of the labels that name a pod, a container or an address, leaves out those that the others imply, the longest first: a pod, its
/// id and its address say one thing.
fn drop_doubles(keys: &mut Vec<&str>, names: &[&Name], catalogue: &Catalogue) {
    let of_a_place = |key: &&str| {
        let lasting = names.iter().find(|name| name.label(key).is_some()).and_then(|name| {
            let lasting = catalogue.lasting(name)?;
            Some(lasting.name.label(key) != name.label(key))
        });
        lasting == Some(true)
    };
    let mut places: Vec<&str> = keys.iter().filter(|key| of_a_place(key)).copied().collect();
    let length = |key: &str| names.iter().filter_map(|name| name.label(key)).map(str::len).max();
    places.sort_by_key(|key| Reverse(length(key)));
    let told = |keys: &[&str]| {
        let values = names.iter().map(|name| keys.iter().map(|key| name.label(key)).collect::<Vec<_>>());
        values.collect::<HashSet<_>>().len()
    };
    let all = if places.len() > 1 { told(keys) } else { 0 };
    for place in places.iter().take(places.len().saturating_sub(1)) {
        let fewer: Vec<&str> = keys.iter().filter(|key| *key != place).copied().collect();
        if told(&fewer) == all {
            *keys = fewer;
        }
    }
}

/// The metric name with the labels that `tells` picks. What speaks for itself (a method, a path, a status) needs no key.
fn short(name: &Name, tells: impl Fn(&str) -> bool) -> String {
    let mut words: Vec<(u8, String)> = name
        .labels
        .iter()
        .filter(|(key, _)| tells(key) || key == "quantile")
        .map(|(key, value)| match value.as_str() {
            v if !v.is_empty() && v.bytes().all(|b| b.is_ascii_uppercase()) => (0, value.clone()),
            v if v.starts_with('/') => (1, value.clone()),
            v if v.len() == 3 && v.bytes().all(|b| b.is_ascii_digit()) => (2, value.clone()),
            _ => (3, format!("{key}={value}")),
        })
        .collect();
    words.sort();
    let words: Vec<String> = words.into_iter().map(|(_, word)| word).collect();
    match (name.name.is_empty(), words.is_empty()) {
        (true, true) => name.to_string(),
        (true, false) => words.join(" "),
        (false, true) => name.name.clone(),
        (false, false) => format!("{} · {}", name.name, words.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_name_has_the_labels_that_tell_apart() {
        let header = |route: &str, more: &str| {
            format!(r#"request_seconds_mean{{instance="a",method="GET",route="{route}",service="a"{more}}}"#)
        };
        let (one, other) = (header("/x", ""), header("/y", r#",status_code="503""#));
        let naming = Naming::read([one.as_str(), other.as_str(), "carts_cpu"].into_iter());
        assert_eq!(naming.short(&one), "request_seconds_mean · /x");
        assert_eq!(naming.long(&other), "a: request_seconds_mean · /y 503");
        assert_eq!(naming.phenomenon(&one), "request_seconds");
        assert_eq!(naming.short("carts_cpu"), "carts_cpu");
        assert_eq!(naming.short("unheard of"), "unheard of");
    }

    #[test]
    fn a_pod_its_id_and_its_address_say_one_thing() {
        let header = |pod: &str, instance: &str, uid: &str, pool: &str| {
            format!(r#"pool_active{{instance="{instance}",job="orders",pod="{pod}",pool="{pool}",uid="{uid}"}}"#)
        };
        let (one, other) = ("0f3c2b1a-5d6e-4f70-8192-a3b4c5d6e7f8", "1f3c2b1a-5d6e-4f70-8192-a3b4c5d6e7f8");
        let one = header("orders-6tcxbqspr-97th8", "10.1.2.3:8080", one, "a");
        let other = header("orders-6tcxbqspr-sxrb8", "10.1.2.44:8080", other, "b");
        let naming = Naming::read([one.as_str(), other.as_str()].into_iter());
        assert_eq!(naming.short(&one), "pool_active · instance=10.1.2.3:8080 pool=a");
    }

    #[test]
    fn outcomes_are_those_of_the_catalogue() {
        let naming = Naming::read(["locust_users", "queue_length"].into_iter());
        assert_eq!(naming.outcome("locust_users"), Some(Outcome::Users));
        assert_eq!(naming.outcome("queue_length"), None);
    }
}
