//! By what names the workloads of Kubernetes go.

use std::collections::{BTreeSet, HashMap};

use rustc_hash::FxHashSet;

use super::container::stands;
use super::form::Form;
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

    /// The one that is meant: the only one of the namespace that stands in the text, of this namespace, or of all.
    fn find(&self, name: &str, told: Told) -> Option<&Workload> {
        let all = self.0.get(name)?;
        if all.len() == 1 {
            return all.first();
        }
        let only = |is: &dyn Fn(&str) -> bool| {
            let mut some = all.iter().filter(|workload| is(&workload.namespace));
            some.next().filter(|_| some.next().is_none())
        };
        only(&|own| stands(told.text, own).is_some()).or_else(|| only(&|own| own == told.namespace))
    }
}

/// What tells the namespace of a name: a label, and the text that the name stands in.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told<'a> {
    pub(super) namespace: &'a str,
    pub(super) text: &'a str,
    /// True for a label of a target, which is not called by the end of a workload's name.
    pub(super) of_target: bool,
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
    /// By job and workload, the rows of the table that name others than the pod that has them.
    pub(super) naming: HashMap<(String, Workload), FxHashSet<usize>>,
}

impl Workloads {
    /// Adds the service of a workload.
    pub(super) fn add(&mut self, workload: &Workload, service: &Workload) {
        self.names.add(&workload.name, service);
        self.names.add(&service.name, service);
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

    /// The one that goes by this name.
    pub(super) fn find(&self, name: &str, told: Told) -> Option<&Workload> {
        let known = |name: &str| {
            [&self.names, &self.others, &self.containers].into_iter().find_map(|names| names.find(name, told))
        };
        known(name).or_else(|| known(without_release(name)?.0))
    }

    /// The service of this name: a workload as it is called, as the labels of its pods call it, as its containers are called; one of
    /// which that is a release; or the only one whose name ends with it.
    pub(super) fn service(&self, name: &str, told: Told) -> Option<String> {
        let end = || self.ends.find(name, told).filter(|_| !told.of_target);
        let found = self.find(name, told).or_else(end)?;
        Some(self.written(found))
    }

    /// The name of a workload, after its namespace where others have one of the same name.
    fn written(&self, workload: &Workload) -> String {
        let Workload { namespace, name } = workload;
        let several = self.names.0.get(name).is_some_and(|all| all.len() > 1);
        if several { format!("{namespace}/{name}") } else { name.clone() }
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
        let (workload, _) = workload(labels, name, tokens, there)?;
        let key = (name.label("job").unwrap_or_default().to_string(), workload);
        let naming = self.naming.get(&key);
        let names_another = |at: usize| {
            labels.may_name_another(at) && (labels.names_another(at) || naming.is_some_and(|rows| rows.contains(&at)))
        };
        let is_pod = |at: usize| labels.rows[at].form == Form::Pod;
        there.iter().position(|(at, _)| names_another(*at)).or_else(|| there.iter().position(|(at, _)| is_pod(*at)))
    }
}
