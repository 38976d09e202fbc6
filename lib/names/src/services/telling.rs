//! What the labels of a whole grid say about each other.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::called::Workloads;
use super::form::{Owner, is_loopback, owner_of};
use super::hosts::Instances;
use super::labels::Labels;
use super::workload::Pods;
use crate::Name;

/// What the labels of a whole grid say about each other.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Telling {
    /// Rows of the table whose labels tell series apart.
    pub(super) rows: FxHashSet<usize>,
    /// By job, the rows whose labels name only the one that exposes, and the later ones that tell its series apart.
    exposing: HashMap<String, FxHashMap<usize, FxHashSet<usize>>>,
    /// Whether instances differ by no more than their ports.
    pub(super) ports: bool,
    /// Jobs with several instances at the address that every machine has for itself.
    local: HashSet<String>,
    /// Jobs whose hosts are services.
    gathering: HashSet<String>,
    /// Jobs that say of several machines how each is.
    machines: HashSet<String>,
    /// The workloads that pods are of.
    pub(super) workloads: Workloads,
}

impl Telling {
    /// True for a job that gathers several services: there the host tells whose a series is.
    pub(super) fn gathers(&self, job: &str) -> bool {
        self.gathering.contains(job)
    }

    /// True for a job that says of several machines how each is: a series of it is its host's.
    pub(super) fn is_of_machines(&self, job: &str) -> bool {
        self.machines.contains(job)
    }

    /// True where a row names one for all series of a job, and one of these rows more than one.
    pub(super) fn yields(&self, job: &str, at: usize, to: &[(usize, &str)]) -> bool {
        let later = self.exposing.get(job).and_then(|rows| rows.get(&at));
        later.is_some_and(|later| to.iter().any(|(at, _)| later.contains(at)))
    }

    /// True where the port alone tells the instances of a job apart, or nothing but the instance says whose a series is.
    pub(super) fn is_told_by_port(&self, job: &str) -> bool {
        job.is_empty() || self.local.contains(job)
    }
}

/// The labels seen so far, which tell series apart when they have more than one value, an absent one counted; and
/// the instances, which may differ by more than their ports.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    labelled: usize,
    values: FxHashMap<usize, Values>,
    exposing: HashMap<String, FxHashMap<usize, Exposing>>,
    instances: Instances,
    pods: Pods,
    /// By job, the first instance at the address that every machine has for itself, and whether there are others.
    local: HashMap<String, (String, bool)>,
}

#[derive(Debug)]
struct Values {
    first: String,
    differ: bool,
    count: usize,
}

/// The one that a label names for the series of a job, while it is one, and those that the labels after it name: the first,
/// and whether there are others.
#[derive(Debug)]
struct Exposing {
    one: Owner,
    differ: bool,
    later: FxHashMap<usize, (Owner, bool)>,
}

/// Adds what is said of each row of the table to what was said of it.
pub(super) fn merge<V>(own: &mut FxHashMap<usize, V>, others: FxHashMap<usize, V>, join: impl Fn(&mut V, V)) {
    for (at, other) in others {
        match own.entry(at) {
            Entry::Occupied(mut known) => join(known.get_mut(), other),
            Entry::Vacant(none) => _ = none.insert(other),
        }
    }
}

/// Adds a value to what was seen under a key: the first value, and whether there are others.
fn add_one(seen: &mut HashMap<String, (String, bool)>, key: &str, value: &str, differ: bool) {
    match seen.get_mut(key) {
        Some((first, others)) => *others |= differ || first != value,
        None => _ = seen.insert(key.to_string(), (value.to_string(), differ)),
    }
}

/// The keys with several values.
fn several(seen: &HashMap<String, (String, bool)>) -> HashSet<String> {
    seen.iter().filter(|(_, (_, differ))| *differ).map(|(key, _)| key.clone()).collect()
}

impl Values {
    fn join(&mut self, other: Self) {
        self.differ |= other.differ || self.first != other.first;
        self.count += other.count;
    }
}

impl Exposing {
    fn join(&mut self, other: Self) {
        self.differ |= other.differ || self.one != other.one;
        if self.differ {
            self.later.clear();
            return;
        }
        for (at, (owner, differs)) in other.later {
            let (first, differ) = self.later.entry(at).or_insert_with(|| (owner.clone(), false));
            *differ |= differs || *first != owner;
        }
    }
}

impl Seen {
    /// Looks at the labels of so many more series.
    pub(crate) fn add(&mut self, labels: &Labels, name: &Name, tokens: &[u32], times: usize) {
        if name.labels.is_empty() {
            return;
        }
        self.labelled += times;
        let there = labels.there(name, tokens);
        for (at, value) in &there {
            let first = || Values { first: value.to_string(), differ: false, count: 0 };
            let values = self.values.entry(*at).or_insert_with(first);
            values.differ |= values.first != *value;
            values.count += times;
        }
        let job = name.label("job").unwrap_or_default();
        self.compare(labels, job, &there);
        self.pods.add(labels, name, tokens, &there, times);
        let Some(instance) = name.label("instance").filter(|instance| !instance.is_empty()) else { return };
        self.instances.add(job, instance);
        if is_loopback(instance) {
            add_one(&mut self.local, job, instance, false);
        }
    }

    /// A series says how the machine of its target is.
    pub(crate) fn add_machine(&mut self, name: &Name) {
        if let Some(instance) = name.label("instance").filter(|instance| !instance.is_empty()) {
            self.instances.add_machine(name.label("job").unwrap_or_default(), instance);
        }
    }

    /// Compares those that the labels of one series name with those of the other series of its job.
    fn compare(&mut self, labels: &Labels, job: &str, there: &[(usize, &str)]) {
        let own = there.iter().take_while(|(at, _)| *at < labels.scrape);
        let own: Vec<_> = own.map(|(at, value)| (*at, owner_of(labels.rows[*at].form, value, false))).collect();
        for (place, (at, one)) in own.iter().enumerate().filter(|(_, (at, _))| labels.rows[*at].yields) {
            let rows = self.exposing.entry(job.to_string()).or_default();
            let first = || Exposing { one: one.clone(), differ: false, later: FxHashMap::default() };
            let exposing = rows.entry(*at).or_insert_with(first);
            exposing.differ |= exposing.one != *one;
            if exposing.differ {
                exposing.later.clear();
                continue;
            }
            for (at, owner) in &own[place + 1..] {
                let (first, differ) = exposing.later.entry(*at).or_insert_with(|| (owner.clone(), false));
                *differ |= first != owner;
            }
        }
    }

    /// Adds what was seen of others.
    pub(crate) fn join(&mut self, other: Self) {
        self.labelled += other.labelled;
        merge(&mut self.values, other.values, Values::join);
        for (job, rows) in other.exposing {
            merge(self.exposing.entry(job).or_default(), rows, Exposing::join);
        }
        self.instances.join(other.instances);
        other.local.iter().for_each(|(job, (first, differ))| add_one(&mut self.local, job, first, *differ));
        self.pods.join(other.pods);
    }

    /// What they say.
    pub(crate) fn telling(&self) -> Telling {
        let tells = |values: &Values| values.differ || values.count < self.labelled;
        let rows = self.values.iter().filter(|(_, values)| tells(values)).map(|(at, _)| *at).collect();
        let later = |exposing: &Exposing| {
            let differ = exposing.later.iter().filter(|(_, (_, differ))| *differ);
            differ.map(|(at, _)| *at).collect::<FxHashSet<usize>>()
        };
        let of_job = |rows: &FxHashMap<usize, Exposing>| rows.iter().map(|(at, one)| (*at, later(one))).collect();
        let exposing = self.exposing.iter().map(|(job, rows)| (job.clone(), of_job(rows))).collect();
        let local = several(&self.local);
        let (ports, gathering) = (self.instances.differ_by_port(), self.instances.gathering());
        let machines = self.instances.of_machines();
        Telling { rows, exposing, ports, local, gathering, machines, workloads: self.pods.workloads() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_all_say_does_not_depend_on_how_they_were_divided(
            series in proptest::collection::vec(("[ab]", "[ab]", "[ab]?", "[ab]?", "([ab](-x2k9p)?)?", "[ab]?", 1usize..3), 1..8),
            first in 0usize..8,
        ) {
            let catalogue = Catalogue::default();
            let labels = &catalogue.built_in().services;
            let seen = |some: &[(String, String, String, String, String, String, usize)]| {
                let mut seen = Seen::default();
                for (job, instance, service, container, pod, namespace, times) in some {
                    let all = [("job", job), ("instance", instance), ("service", service), ("container", container), ("pod", pod), ("namespace", namespace)];
                    let there = all.into_iter().filter(|(_, value)| !value.is_empty());
                    let name = Name::new("x", there.map(|(label, value)| (label.to_string(), value.clone())).collect());
                    seen.add(labels, &name, &[], *times);
                }
                seen
            };
            let (some, others) = series.split_at(first.min(series.len()));
            for (one, other) in [(some, others), (others, some)] {
                let mut both = seen(one);
                both.join(seen(other));
                prop_assert_eq!(both.telling(), seen(&series).telling());
            }
        }
    }
}
