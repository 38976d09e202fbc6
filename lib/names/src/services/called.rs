//! By what names the workloads of Kubernetes go.

use std::collections::{BTreeSet, HashMap, HashSet};

use rustc_hash::FxHashSet;

use super::container::stands;
use super::form::{Form, is_loopback, owner_of};
use super::labels::Labels;
use super::release::without_release;
use super::workload::{Workload, workload};
use crate::Name;

/// What names mean, each in the namespaces that have it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Meant(HashMap<String, BTreeSet<Workload>>);

impl Meant {
    pub(super) fn add(&mut self, name: &str, workload: &Workload) {
        match self.0.get_mut(name) {
            Some(known) => _ = known.insert(workload.clone()),
            None => _ = self.0.insert(name.to_string(), BTreeSet::from([workload.clone()])),
        }
    }

    /// The one that is meant: where only one goes by the name, that; else the one of the longest namespace that stands in the text, or of
    /// the namespace that is told.
    fn find(&self, name: &str, told: Told) -> Option<&Workload> {
        let all = self.0.get(name)?;
        if all.len() == 1 {
            return all.first();
        }
        let only = |namespace: &str| {
            let mut some = all.iter().filter(|workload| workload.namespace == namespace);
            some.next().filter(|_| some.next().is_none())
        };
        let standing =
            all.iter().map(|workload| workload.namespace.as_str()).filter(|own| stands(told.text, own).is_some());
        standing.max_by_key(|own| own.len()).and_then(only).or_else(|| only(told.namespace))
    }
}

/// By which of its names a workload may be called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum By {
    /// Its own alone: a job, a host and a header's name are of anything.
    Name,
    /// What the labels of its pods call it too.
    Label,
    /// What its containers are called, and the end of its name too: what is said within Kubernetes.
    #[default]
    Any,
}

/// What tells which workload is meant by a name: the namespace, and the rest of the text that the name stands in.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told<'a> {
    pub(super) namespace: &'a str,
    pub(super) text: &'a str,
    pub(super) by: By,
}

/// The workloads of a grid, and by what other names they go.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Workloads {
    /// As they are called themselves, with and without the end of a release; as the labels of their pods call them; as their containers
    /// are called; and how their names end.
    names: Meant,
    pub(super) others: Meant,
    pub(super) containers: Meant,
    ends: Meant,
    namespaces: HashSet<String>,
    /// Names of what runs elsewhere.
    pub(super) elsewhere: HashSet<String>,
    /// By job and workload, the rows of the table that name others than the pod that has them.
    pub(super) naming: HashMap<(String, Workload), FxHashSet<usize>>,
}

impl Workloads {
    /// Adds the service of a workload.
    pub(super) fn add(&mut self, workload: &Workload, service: &Workload) {
        self.names.add(&workload.name, service);
        self.names.add(&service.name, service);
        if !self.namespaces.contains(&service.namespace) {
            self.namespaces.insert(service.namespace.clone());
        }
        let mut end = service.name.as_str();
        while let Some((_, rest)) = end.split_once('-') {
            self.ends.add(rest, service);
            end = rest;
        }
    }

    /// The names of the workloads, and what the labels of their pods call them.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let written = self.names.0.values().flatten().map(|workload| self.written(workload));
        written.chain(self.names.0.keys().chain(self.others.0.keys()).cloned())
    }

    /// True where a text names a namespace that has pods.
    pub(super) fn names_namespace(&self, text: &str) -> bool {
        !text.is_empty() && self.namespaces.iter().any(|namespace| stands(text, namespace).is_some())
    }

    /// The workload that is called so itself.
    pub(super) fn named(&self, name: &str, told: Told) -> Option<&Workload> {
        self.names.find(name, told)
    }

    /// The one that goes by this name: its own; what the labels of its pods call it; and, of no name of what runs elsewhere, what its
    /// containers are called; one of which that is a release; or the only one whose name ends with it.
    pub(super) fn find(&self, name: &str, told: Told) -> Option<&Workload> {
        let own = |name: &str| self.names.find(name, told);
        let label = |name: &str| self.others.find(name, told).filter(|_| told.by != By::Name);
        let here = told.by == By::Any && !self.elsewhere.contains(name);
        let container = |name: &str| self.containers.find(name, told).filter(|_| here);
        let known = |name: &str| own(name).or_else(|| label(name)).or_else(|| container(name));
        let release = || without_release(name).filter(|_| here).and_then(|(stem, _)| known(stem));
        known(name).or_else(release).or_else(|| self.ends.find(name, told).filter(|_| here))
    }

    /// The service of the workload that goes by this name.
    pub(super) fn service(&self, name: &str, told: Told) -> Option<String> {
        Some(self.written(self.find(name, told)?))
    }

    /// The name of a workload, after its namespace where others have one of the same name.
    fn written(&self, workload: &Workload) -> String {
        let Workload { namespace, name } = workload;
        let several = self.names.0.get(name).is_some_and(|all| all.len() > 1);
        if several && !namespace.is_empty() { format!("{namespace}/{name}") } else { name.clone() }
    }

    /// The label that decides whose the series of a pod is, by its place among those that are there: one that names another than the
    /// pod, or the pod; `None` for what has no pod.
    pub(super) fn decides(
        &self,
        labels: &Labels,
        name: &Name,
        tokens: &[u32],
        there: &[(usize, &str)],
    ) -> Option<usize> {
        let workload = workload(labels, name, tokens, there)?;
        let key = (name.label("job").unwrap_or_default().to_string(), workload.0);
        let naming = self.naming.get(&key);
        let is_one = |(at, value): (usize, &str)| {
            let form = labels.rows[at].form;
            owner_of(form, value, false).name().is_some() && !(form == Form::Host && is_loopback(value))
        };
        let names_another = |(at, value): (usize, &str)| {
            let says_so = labels.names_another(at) || naming.is_some_and(|rows| rows.contains(&at));
            labels.may_name_another(at) && says_so && is_one((at, value))
        };
        let is_pod = |at: usize| labels.rows[at].form == Form::Pod;
        // A row that is known to name the pod that a metric is of says so before those after it.
        let first = there.iter().position(|row| names_another(*row) || is_pod(row.0) && labels.is_of_some(row.0));
        first.or_else(|| there.iter().position(|(at, _)| is_pod(*at)))
    }
}
