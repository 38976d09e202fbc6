//! What runs in the pods of Kubernetes: a pod is of one workload, whatever its containers, its Services and its libraries call it.

use std::collections::{BTreeSet, HashMap, HashSet};

use rustc_hash::FxHashMap;

use super::called::{Told, Workloads};
use super::form::{Form, Owner, owner_of};
use super::insert;
use super::labels::Labels;
use super::pod::{base_of_pod, is_ordinal};
use super::release::without_release;
use super::telling::merge;
use crate::Name;

/// A workload: what pods are copies of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Workload {
    pub(super) namespace: String,
    pub(super) name: String,
}

/// What the series of the pods of one workload say that one job scrapes.
#[derive(Debug, Default)]
struct Scraped {
    count: usize,
    /// By row of the table, what it names.
    named: FxHashMap<usize, Named>,
}

/// The first that a label names, whether it names others too, and how many series have it.
#[derive(Debug)]
struct Named {
    /// True where it may be of the target.
    yields: bool,
    first: String,
    differ: bool,
    count: usize,
}

impl Named {
    fn join(&mut self, other: Self) {
        self.differ |= other.differ || self.first != other.first;
        self.count += other.count;
    }
}

/// The pods seen so far.
#[derive(Debug, Default)]
pub(super) struct Pods {
    /// By job and workload.
    scraped: HashMap<(String, Workload), Scraped>,
    /// The workloads by the names of their containers.
    containers: HashMap<String, HashSet<Workload>>,
    /// Those that a label names as such.
    workloads: HashSet<Workload>,
    /// The namespaces of pods that Kubernetes made a name for: one in several is an exporter's, beside the namespaces of what it
    /// exposes.
    namespaces: HashMap<String, HashSet<String>>,
}

impl Pods {
    /// Looks at what the labels of so many more series say.
    pub(super) fn add(&mut self, labels: &Labels, name: &Name, tokens: &[u32], there: &[(usize, &str)], times: usize) {
        let form = |at: usize| labels.rows[at].form;
        for (at, value) in there.iter().filter(|(at, _)| form(*at) == Form::Workload) {
            let namespace = labels.namespace(&labels.rows[*at].label, name, tokens).to_string();
            self.workloads.insert(Workload { namespace, name: value.to_string() });
        }
        let Some((workload, pod)) = workload(labels, name, tokens, there) else { return };
        if !is_ordinal(pod) && workload.name != pod {
            insert(&mut self.namespaces, pod, workload.namespace.as_str());
        }
        for (_, container) in there.iter().filter(|(at, _)| *at < labels.scrape && form(*at) == Form::Container) {
            insert(&mut self.containers, container, &workload);
        }
        let job = name.label("job").unwrap_or_default().to_string();
        let scraped = self.scraped.entry((job, workload)).or_default();
        scraped.count += times;
        let is_first = |place: usize, at: usize| {
            there[..place].iter().all(|(before, _)| labels.rows[*before].label != labels.rows[at].label)
        };
        for (place, (at, value)) in there.iter().enumerate() {
            if labels.names_another(*at) || !labels.may_name_another(*at) || !is_first(place, *at) {
                continue;
            }
            let owner = owner_of(form(*at), value, false);
            let Some(first) = owner.name() else { continue };
            // Where a proxy sends requests to is never itself.
            let differ = matches!(owner, Owner::Route(_));
            let named = Named { yields: labels.rows[*at].yields, first: first.to_string(), differ, count: times };
            match scraped.named.get_mut(at) {
                Some(known) => known.join(named),
                None => _ = scraped.named.insert(*at, named),
            }
        }
    }

    /// Adds what was seen of others.
    pub(super) fn join(&mut self, other: Self) {
        for (of, others) in other.scraped {
            let scraped = self.scraped.entry(of).or_default();
            scraped.count += others.count;
            merge(&mut scraped.named, others.named, Named::join);
        }
        for (container, of) in other.containers {
            self.containers.entry(container).or_default().extend(of);
        }
        for (pod, of) in other.namespaces {
            self.namespaces.entry(pod).or_default().extend(of);
        }
        self.workloads.extend(other.workloads);
    }

    /// What they are called, and which labels name others than the pod that has them.
    pub(super) fn workloads(&self) -> Workloads {
        let names = Names::of(self);
        let services = self.services(&names);
        let mut found = Workloads::default();
        for (workload, service) in &services {
            found.add(workload, service);
        }
        for (workload, called) in &names.called {
            called.iter().for_each(|name| found.others.add(name, &services[workload]));
        }
        for (workload, containers) in &names.containers {
            containers.iter().for_each(|name| found.containers.add(name, &services[workload]));
        }
        for ((job, workload), scraped) in &self.scraped {
            let told = Told { namespace: &workload.namespace, ..Told::default() };
            let is_another = |found: Option<&Workload>| found.is_some_and(|other| *other != services[workload]);
            let names_another = |named: &Named| match named.count < scraped.count {
                true => named.differ || is_another(found.find(&named.first, told)),
                false => named.differ || !named.yields && is_another(found.named(&named.first, told)),
            };
            let rows = scraped.named.iter().filter(|(_, named)| names_another(named)).map(|(at, _)| *at);
            found.naming.insert((job.clone(), workload.clone()), rows.collect());
        }
        found
    }

    /// The services of the workloads: releases and parts are of one. A pod that has several namespaces has none itself, and one that has
    /// none is in the only one that has a workload of its name.
    fn services<'a>(&'a self, names: &Names<'a>) -> HashMap<&'a Workload, Workload> {
        let several = self.namespaces.iter().filter(|(_, of)| of.len() > 1);
        let exposing: HashSet<String> = several.map(|(pod, _)| base_of_pod(pod)).collect();
        let mut of_name: HashMap<&str, Vec<&str>> = HashMap::new();
        for own in names.all.iter().filter(|own| !own.namespace.is_empty()) {
            of_name.entry(&own.name).or_default().push(&own.namespace);
        }
        let namespace = |own: &Workload| match of_name.get(own.name.as_str()).map(Vec::as_slice) {
            _ if exposing.contains(&own.name) => String::new(),
            Some([only]) => (*only).to_string(),
            _ => own.namespace.clone(),
        };
        let stem = |own: &Workload| names.stem(own).unwrap_or(&own.name).to_string();
        names.all.iter().map(|own| (*own, Workload { namespace: namespace(own), name: stem(own) })).collect()
    }
}

/// The workloads, and what the labels of their pods and their containers call each.
struct Names<'a> {
    all: BTreeSet<&'a Workload>,
    called: HashMap<&'a Workload, BTreeSet<&'a str>>,
    containers: HashMap<&'a Workload, BTreeSet<&'a str>>,
    /// Their names; and how many are releases or parts of a service, by its namespace and name.
    so: HashSet<&'a str>,
    of: HashMap<(&'a str, &'a str), usize>,
}

impl<'a> Names<'a> {
    fn of(pods: &'a Pods) -> Self {
        let all: BTreeSet<&Workload> =
            pods.scraped.keys().map(|(_, workload)| workload).chain(&pods.workloads).collect();
        let (mut called, mut containers, mut of): (HashMap<_, BTreeSet<_>>, HashMap<_, BTreeSet<_>>, HashMap<_, _>) =
            Default::default();
        for ((_, workload), scraped) in &pods.scraped {
            let of_all = |named: &&Named| !named.differ && named.count == scraped.count;
            let names = scraped.named.values().filter(of_all).map(|named| named.first.as_str());
            called.entry(workload).or_default().extend(names);
        }
        for (container, workloads) in &pods.containers {
            workloads
                .iter()
                .for_each(|workload| _ = containers.entry(workload).or_default().insert(container.as_str()));
        }
        for workload in &all {
            if let Some((stem, _)) = without_release(&workload.name) {
                *of.entry((workload.namespace.as_str(), stem)).or_default() += 1;
            }
        }
        let so = all.iter().map(|workload| workload.name.as_str()).collect();
        Names { all, called, containers, so, of }
    }

    /// The service that a workload says to be a release or a part of: it says so by itself, or the service is known.
    fn stem<'w>(&self, workload: &'w Workload) -> Option<&'w str> {
        let (stem, alone) = without_release(&workload.name)?;
        let has = |names: &HashMap<_, BTreeSet<&str>>| names.get(workload).is_some_and(|names| names.contains(stem));
        let several = || self.of.get(&(workload.namespace.as_str(), stem)).is_some_and(|count| *count > 1);
        (alone || several() || self.so.contains(stem) || has(&self.called) || has(&self.containers)).then_some(stem)
    }
}

/// The workload of the pod that a series names first, and the pod. What has pods but is not Kubernetes says no namespace, gives them no
/// hash, and does not tell of containers.
pub(super) fn workload<'a>(
    labels: &Labels,
    name: &Name,
    tokens: &[u32],
    there: &[(usize, &'a str)],
) -> Option<(Workload, &'a str)> {
    let (at, pod) = there.iter().find(|(at, _)| labels.rows[*at].form == Form::Pod)?;
    let (namespace, base) = (labels.namespace(&labels.rows[*at].label, name, tokens), base_of_pod(pod));
    let has_hash = base != *pod && !is_ordinal(pod);
    let is_known = has_hash || !namespace.is_empty() || labels.is_of_some(*at);
    is_known.then(|| (Workload { namespace: namespace.to_string(), name: base }, *pod))
}
