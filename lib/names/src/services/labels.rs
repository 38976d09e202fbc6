//! Labels that name a service, and labels that name the one waited for.

use std::collections::{HashMap, HashSet};

use super::container::{base_of_pod, cgroup, service_of_swarm};
use crate::Name;
use crate::text::rules::Rules;
use crate::text::table::rows;
use crate::text::tokens::Vocabulary;

/// How a label's value names a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Provider,
    Container,
    Swarm,
    Pod,
    Cgroup,
    Job,
    Host,
}

/// Whose a series is by one of its labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A service.
    Service(String),
    /// A container, whose service its name tells together with those of others.
    Container(String),
    /// All containers together: the machine.
    Machine,
    /// Not said.
    Nobody,
}

impl Owner {
    /// The container's name, where the service is still to be found.
    pub(crate) fn container(&self) -> Option<&str> {
        match self {
            Owner::Container(name) => Some(name),
            _ => None,
        }
    }
}

/// A row of the table: a label, its form, and the metrics it counts for.
#[derive(Debug)]
struct Row {
    label: String,
    form: Form,
    of: Option<Rules<()>>,
}

/// A table of labels, most telling first.
#[derive(Debug)]
pub(crate) struct Labels {
    rows: Vec<Row>,
    /// Form (or `any`) and value that name no service.
    none: HashSet<(String, String)>,
}

/// What the labels of a whole grid say about each other.
#[derive(Debug, Default)]
pub(crate) struct Telling {
    /// Rows of the table whose labels tell series apart.
    rows: HashSet<usize>,
    /// Whether instances differ by no more than their ports.
    ports: bool,
}

impl Telling {
    /// Finds the labels that tell series apart (more than one value, an absent one counted), and
    /// whether instances differ by more than their ports.
    pub(crate) fn of(labels: &Labels, names: &[Name], tokens: &[Vec<u32>]) -> Self {
        let mut values: HashMap<usize, HashSet<&str>> = HashMap::new();
        for (name, tokens) in names.iter().zip(tokens).filter(|(name, _)| !name.labels.is_empty()) {
            for (at, row) in labels.rows.iter().enumerate() {
                values.entry(at).or_default().insert(labels.value(row, name, tokens).unwrap_or_default());
            }
        }
        let all = names.iter().filter_map(|name| name.label("instance")).filter(|i| !i.is_empty());
        let instances: HashSet<&str> = all.collect();
        let hosts: HashSet<&str> = instances.iter().map(|instance| host(instance)).collect();
        let rows = values.iter().filter(|(_, values)| values.len() > 1).map(|(at, _)| *at).collect();
        Self { rows, ports: hosts.len() < instances.len() }
    }
}

impl Labels {
    /// The table of the labels that name a service.
    pub(crate) fn services(vocabulary: &mut Vocabulary) -> Self {
        Self::read(include_str!("../../tables/services.csv"), vocabulary)
    }

    /// The table of the labels that name the one waited for.
    pub(crate) fn peers(vocabulary: &mut Vocabulary) -> Self {
        Self::read(include_str!("../../tables/peers.csv"), vocabulary)
    }

    fn read(text: &str, vocabulary: &mut Vocabulary) -> Self {
        let mut row = |[label, form, of]: [String; 3]| {
            let form = match form.as_str() {
                "plain" => Form::Plain,
                "provider" => Form::Provider,
                "container" => Form::Container,
                "swarm" => Form::Swarm,
                "pod" => Form::Pod,
                "cgroup" => Form::Cgroup,
                "job" => Form::Job,
                "host" => Form::Host,
                _ => return None,
            };
            let of = (!of.is_empty()).then(|| Rules::new(vec![(of, String::new(), ())], vocabulary));
            Some(Row { label, form, of })
        };
        let none = rows(include_str!("../../tables/no_services.csv"), ["form", "value"]);
        Self {
            rows: rows(text, ["label", "form", "of"]).into_iter().filter_map(&mut row).collect(),
            none: none.into_iter().map(|[form, value]| (form, value)).collect(),
        }
    }

    /// True for a label of the table.
    pub(crate) fn has(&self, label: &str) -> bool {
        self.rows.iter().any(|row| row.label == label)
    }

    /// How many rows there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The value of a row's label, where it counts for the metric and names a service.
    fn value<'a>(&self, row: &Row, name: &'a Name, tokens: &[u32]) -> Option<&'a str> {
        let value = name.label(&row.label).filter(|value| !value.is_empty())?;
        let counts = row.of.as_ref().is_none_or(|of| of.find(tokens, name).is_some());
        let none = |form: &str| self.none.contains(&(form.to_string(), value.to_string()));
        let words = value.contains(' ') && row.label == "name";
        let nobody = none("any") || row.form == Form::Container && none("container");
        (counts && !words && !nobody).then_some(value)
    }

    /// The label that decides whose a series is, and whose: the first that is there and tells series apart, else
    /// the first that is there. A cgroup that holds several containers is the machine's.
    pub(crate) fn owner(&self, name: &Name, tokens: &[u32], telling: &Telling) -> (&str, Owner) {
        let mut first = None;
        for (at, row) in self.rows.iter().enumerate() {
            let Some(value) = self.value(row, name, tokens) else { continue };
            let owner = owner_of(row.form, value, telling.ports);
            match owner {
                Owner::Nobody => continue,
                Owner::Machine => return ("machine", Owner::Machine),
                _ if telling.rows.contains(&at) => return (&row.label, owner),
                _ => first = first.or(Some((row.label.as_str(), owner))),
            }
        }
        first.unwrap_or(("", Owner::Nobody))
    }

    /// The one that is waited for: the first label that is there.
    pub(crate) fn peer(&self, name: &Name, tokens: &[u32]) -> Option<String> {
        let found = self.rows.iter().find_map(|row| Some((row.form, self.value(row, name, tokens)?)));
        found.and_then(|(form, value)| match owner_of(form, value, false) {
            Owner::Service(peer) | Owner::Container(peer) => Some(peer),
            _ => None,
        })
    }
}

/// A label's value as a service: an instance without its port (unless ports tell instances apart),
/// a pod without its hashes, a container of an engine as it is called.
fn owner_of(form: Form, value: &str, ports: bool) -> Owner {
    let service = |text: &str| Owner::Service(text.to_string());
    match form {
        Form::Plain => service(value),
        Form::Provider => service(value.split('@').next().unwrap_or(value)),
        Form::Container => Owner::Container(value.trim_start_matches('/').to_string()),
        Form::Swarm => service(service_of_swarm(value)),
        Form::Pod => service(&base_of_pod(value)),
        Form::Cgroup => cgroup(value),
        Form::Job => service(value.rsplit('/').find(|part| !part.is_empty()).unwrap_or(value)),
        Form::Host if ports => service(value),
        Form::Host => service(host(value)),
    }
}

/// The host of `host:port` or of a URL.
fn host(instance: &str) -> &str {
    let rest = instance.split_once("://").map_or(instance, |(_, rest)| rest);
    let rest = rest.split('/').next().unwrap_or(rest);
    let host = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
    if host.is_empty() { instance } else { host }
}
