//! Headers as the page names them.

use std::collections::{HashMap, HashSet};

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
    let mut groups: HashMap<(String, Option<String>), Vec<&Name>> = HashMap::new();
    for (name, service) in names.iter().zip(services) {
        groups.entry((phenomenon(name).name, service.clone())).or_default().push(name);
    }
    let labels = |names: &[&Name]| -> HashSet<String> {
        let keys: HashSet<&str> = names.iter().flat_map(|name| &name.labels).map(|(key, _)| key.as_str()).collect();
        let varies = |key: &&str| names.iter().any(|name| name.label(key) != names[0].label(key));
        keys.into_iter().filter(varies).map(str::to_string).collect()
    };
    groups.into_iter().map(|(key, names)| (key, labels(&names))).collect()
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
    fn outcomes_are_those_of_the_catalogue() {
        let naming = Naming::read(["locust_users", "queue_length"].into_iter());
        assert_eq!(naming.outcome("locust_users"), Some(Outcome::Users));
        assert_eq!(naming.outcome("queue_length"), None);
    }
}
