//! Which service a series belongs to, by its labels or its name, and for whom it waits.

mod called;
pub(crate) mod cgroup;
pub(crate) mod container;
pub(crate) mod exposer;
pub(crate) mod form;
pub(crate) mod header;
mod hosts;
pub(crate) mod labels;
pub(crate) mod lasting;
pub(crate) mod monitoring;
pub(crate) mod pod;
mod project;
mod release;
mod telling;
mod workload;

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use rayon::prelude::*;

use crate::services::called::{By, Told};
use crate::services::container::stands;
use crate::services::form::Owner;
use crate::services::monitoring::Targets;
use crate::services::telling::{Seen, Telling};
use crate::{Catalogue, Exposer, Name};

/// [`Place::from`] of what a load generator put on and saw.
pub const OUTCOME: &str = "outcome";

/// The place of a series: its service, where that was read, and its own name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The service, where one is known.
    pub service: Option<String>,
    /// What told it: a label's name, `name`, `edge` (a call, charged to the callee), `pattern`, `services` (the
    /// user's table), `outcome` (of a load generator: no service), `machine` (all containers together: no service),
    /// or nothing.
    pub from: String,
    /// The metric's own name, from which its kind is told.
    pub metric: String,
    /// True when the service is only a caller's view of another (`…_client`, `…_remote`).
    pub caller: bool,
    /// The one that is waited for, where a proxy's or a client's series names it; of several that is named, one whose series are there.
    pub peer: Option<String>,
    /// True for what the monitoring says of itself, and for an exporter's own process.
    pub monitoring: bool,
}

impl Place {
    pub(crate) fn of(service: Option<&str>, from: &str) -> Self {
        Place { service: service.map(str::to_string), from: from.to_string(), ..Place::default() }
    }
}

/// What the names of all series of a grid say about each other, and so whose each is: see [`Catalogue::places`].
/// It holds what tells services apart, not the names, so that it does not grow with the grid.
pub struct Survey<'a> {
    catalogue: &'a Catalogue,
    /// True where most series have labels: there a name without any is an aggregate, `node_load1`, not a service's.
    labelled: bool,
    telling: Telling,
    exporters: Targets,
    /// The services of containers, of routes and of interfaces.
    found: HashMap<Owner, String>,
    services: HashSet<String>,
}

/// What some of the names say before it is known what all do.
#[derive(Default)]
struct Heard {
    seen: Seen,
    /// How many series have labels, and how many have none; what a load generator saw does not count.
    labelled: usize,
    plain: usize,
    exporters: Targets,
}

impl Heard {
    fn add(&mut self, catalogue: &Catalogue, name: &Name, times: usize) {
        let built_in = catalogue.built_in();
        let tokens = built_in.vocabulary.read(&name.name);
        self.seen.add(&built_in.services, name, &tokens, times);
        if built_in.exposers.find(&tokens, name) == Some(&Exposer::Machine) {
            self.seen.add_machine(name);
        }
        built_in.monitoring.mark(name, &tokens, &mut self.exporters);
        if built_in.outcomes.find(&tokens, name).is_none() {
            *(if name.labels.is_empty() { &mut self.plain } else { &mut self.labelled }) += times;
        }
    }

    fn join(&mut self, other: Self) {
        self.seen.join(other.seen);
        self.labelled += other.labelled;
        self.plain += other.plain;
        self.exporters.extend(other.exporters);
    }
}

/// Whose series are, and the interfaces that these serve.
#[derive(Default)]
struct Named {
    owners: HashSet<Owner>,
    served: HashSet<(Owner, Owner)>,
    /// Those that are named outside Kubernetes.
    elsewhere: HashSet<String>,
}

impl Named {
    fn join(self, other: Self) -> Self {
        Self {
            owners: union(self.owners, other.owners),
            served: union(self.served, other.served),
            elsewhere: union(self.elsewhere, other.elsewhere),
        }
    }
}

/// Adds a value to those of a key.
fn insert<V, Q>(all: &mut HashMap<String, HashSet<V>>, key: &str, value: &Q)
where
    V: Borrow<Q> + Eq + Hash,
    Q: ToOwned<Owned = V> + Eq + Hash + ?Sized,
{
    match all.get_mut(key) {
        Some(known) if known.contains(value) => {}
        Some(known) => _ = known.insert(value.to_owned()),
        None => _ = all.insert(key.to_string(), HashSet::from([value.to_owned()])),
    }
}

fn union<T: Eq + Hash>(one: HashSet<T>, other: HashSet<T>) -> HashSet<T> {
    let (mut most, few) = if one.len() < other.len() { (other, one) } else { (one, other) };
    most.extend(few);
    most
}

impl<'a> Survey<'a> {
    /// Reads all names twice, each with how many series it stands for.
    pub(crate) fn of<N: Borrow<Name> + Send, I>(catalogue: &'a Catalogue, names: impl Fn() -> I) -> Self
    where
        I: ParallelIterator<Item = (N, usize)>,
    {
        // A pointer, for what was heard is handed on with each name.
        let add = |mut heard: Box<Heard>, (name, times): (N, usize)| {
            heard.add(catalogue, name.borrow(), times);
            heard
        };
        let join = |mut one: Box<Heard>, other: Box<Heard>| {
            one.join(*other);
            one
        };
        let heard = names().fold(Box::<Heard>::default, add).reduce(Box::<Heard>::default, join);
        let Heard { seen, labelled, plain, exporters } = *heard;
        let (telling, labelled) = (seen.telling(), labelled > plain);
        let mut survey =
            Survey { catalogue, labelled, telling, exporters, found: HashMap::new(), services: HashSet::new() };
        survey.name_services(names().map(|(name, _)| name));
        survey
    }

    /// Finds the services, then those of containers, which needs the names of all of them and of the other services, then those
    /// of routes and of interfaces.
    fn name_services(&mut self, names: impl ParallelIterator<Item: Borrow<Name> + Send>) {
        let add = |mut named: Named, name: &Name| {
            let tokens = self.tokens(name);
            let (place, owner) = self.owner(name, &tokens);
            let owner = place.service.map_or(owner, Owner::Service);
            for (_, interface) in self.catalogue.built_in().served.named(name, &tokens) {
                named.served.insert((interface, owner.clone()));
            }
            if let Owner::Service(service) = &owner
                && self.told(&place.from, name, &tokens, "").by != By::Any
                && !named.elsewhere.contains(service)
            {
                named.elsewhere.insert(service.clone());
            }
            if !named.owners.contains(&owner) {
                named.owners.insert(owner);
            }
            named
        };
        let Named { owners, served, elsewhere } =
            names.fold(Named::default, |named, name| add(named, name.borrow())).reduce(Named::default, Named::join);
        self.telling.workloads.elsewhere = elsewhere;
        let services = owners.iter().filter_map(|owner| match owner {
            Owner::Service(name) => Some(name.clone()),
            _ => None,
        });
        let mut services: HashSet<String> = services.collect();
        let mut names: Vec<&str> = owners.iter().filter_map(Owner::container).collect();
        names.sort_unstable();
        let of_containers = container::services(&names, &services);
        services.extend(of_containers.values().cloned());
        self.services = services;
        let found = owners.into_iter().filter_map(|owner| {
            let service = match &owner {
                Owner::Container(name) => of_containers.get(name).cloned(),
                Owner::Route(_) => self.service(&owner),
                _ => None,
            };
            Some((owner, service?))
        });
        self.found = found.collect();
        self.services.extend(self.found.values().cloned());
        self.services.extend(self.telling.workloads.names());
        let serves = self.serving(served);
        self.found.extend(serves);
    }

    /// The service of each interface that is one service's; that of health checks is everybody's.
    fn serving(&self, served: HashSet<(Owner, Owner)>) -> Vec<(Owner, String)> {
        let mut services: HashMap<Owner, HashSet<String>> = HashMap::new();
        for (interface, owner) in served {
            services.entry(interface).or_default().extend(self.service(&owner));
        }
        services.retain(|_, services| services.len() == 1);
        services
            .into_iter()
            .filter_map(|(interface, services)| Some((interface, services.into_iter().next()?)))
            .collect()
    }

    /// Whose a series of the grid is.
    pub fn place(&self, name: &Name) -> Place {
        let (built_in, tokens) = (self.catalogue.built_in(), self.tokens(name));
        let (mut place, owner) = self.owner(name, &tokens);
        place.metric = self.catalogue.own_name(name);
        place.service = place.service.or_else(|| self.service(&owner));
        self.charge_callee(&mut place);
        self.charge_probed(&mut place, name, &tokens);
        self.charge_exported(&mut place, name, &tokens);
        if self.catalogue.asked(name).is_none() {
            place.service = place.service.map(|service| self.called(&place.from, name, &tokens, &service));
        }
        place.caller = place.service.as_deref().is_some_and(|service| built_in.headers.is_caller(service));
        let peers = built_in.peers.named(name, &tokens);
        let peers: Vec<String> =
            peers.filter_map(|(label, peer)| Some(self.called(label, name, &tokens, &self.service(&peer)?))).collect();
        place.peer = peers.iter().find(|peer| self.services.contains(*peer)).or(peers.first()).cloned();
        place.monitoring = built_in.monitoring.is_own(name, &tokens, &self.exporters);
        place
    }

    /// Which workload of Kubernetes is meant where a label names one: by its own name alone, where the label is the scrape's or there is
    /// none, and by any only where something tells a namespace.
    fn told<'n>(&self, label: &str, name: &'n Name, tokens: &[u32], rest: &'n str) -> Told<'n> {
        let labels = &self.catalogue.built_in().services;
        let namespace = labels.namespace(label, name, tokens);
        let here = !namespace.is_empty() || self.telling.workloads.names_namespace(rest);
        let by = match name.label(label) {
            None => By::Name,
            Some(_) if labels.is_of_target(label) && !here => By::Name,
            Some(_) if self.catalogue.built_in().peers.is_kind(label) || labels.is_of_job(label) => By::Name,
            Some(_) if !here => By::Label,
            Some(_) => By::Any,
        };
        Told { namespace, text: rest, by }
    }

    /// The service that a label names so: the workload, where there is one.
    fn called(&self, label: &str, name: &Name, tokens: &[u32], service: &str) -> String {
        let text = name.label(label).unwrap_or_default();
        let rest =
            stands(text, service).map_or(String::new(), |at| [&text[..at], &text[at + service.len()..]].concat());
        let told = self.told(label, name, tokens, &rest);
        self.telling.workloads.service(service, told).unwrap_or_else(|| service.to_string())
    }

    /// The service of this name, as a call graph has it.
    pub fn service_called(&self, service: &str) -> String {
        self.telling.workloads.service(service, Told::default()).unwrap_or_else(|| service.to_string())
    }

    /// The service of what a label names.
    fn service(&self, owner: &Owner) -> Option<String> {
        match (self.found.get(owner), owner) {
            (Some(service), _) => Some(service.clone()),
            (None, Owner::Route(name)) => Some(container::of_route(name, &self.services)),
            (None, owner) => owner.name().map(str::to_string),
        }
    }

    fn tokens(&self, name: &Name) -> Vec<u32> {
        self.catalogue.built_in().vocabulary.read(&name.name)
    }

    /// What a series says of its place by itself; its own name is not read.
    fn owner(&self, name: &Name, tokens: &[u32]) -> (Place, Owner) {
        let built_in = self.catalogue.built_in();
        match self.catalogue.asked(name) {
            Some(place) => (place, Owner::Nobody),
            None if built_in.outcomes.find(tokens, name).is_some() => (Place::of(None, OUTCOME), Owner::Nobody),
            None if name.labels.is_empty() => (self.by_name(name), Owner::Nobody),
            None => self.by_label(name, tokens),
        }
    }

    /// A call `<caller>_<callee>` between two services that are there themselves is charged to the
    /// callee: the caller's clock is where a slow callee shows. So is one whose metric says that it is an edge.
    fn charge_callee(&self, place: &mut Place) {
        let Some(service) = place.service.as_ref().filter(|_| place.from == "name") else { return };
        let known = |part: &str| self.services.contains(part);
        let mut cuts = service.match_indices('_').map(|(at, _)| (&service[..at], &service[at + 1..]));
        let both = cuts.clone().find(|(from, to)| known(from) && known(to));
        let edge = || self.catalogue.built_in().headers.is_edge(&place.metric).then(|| cuts.next_back()).flatten();
        if let Some((_, callee)) = both.or_else(edge) {
            (place.service, place.from) = (Some(callee.to_string()), "edge".to_string());
        }
    }

    /// What a probe found is charged to the one probed, where that is a service of the grid.
    fn charge_probed(&self, place: &mut Place, name: &Name, tokens: &[u32]) {
        if self.catalogue.asked(name).is_some() {
            return;
        }
        let probed = self.catalogue.built_in().probed.named(name, tokens);
        let mut probed = probed.filter_map(|(label, owner)| Some((label, self.service(&owner)?)));
        if let Some((label, service)) = probed.find(|(_, service)| self.services.contains(service)) {
            (place.service, place.from) = (Some(service), label.to_string());
        }
    }

    /// What an exporter says is charged to the one it is about, where that is a service of the grid: all that is of a store, and what a
    /// target says that is known to be an exporter; not how the exporter itself is.
    fn charge_exported(&self, place: &mut Place, name: &Name, tokens: &[u32]) {
        let built_in = self.catalogue.built_in();
        let Some(exporter) = place.service.as_deref().filter(|_| self.catalogue.asked(name).is_none()) else { return };
        let exposer = built_in.exposers.find(tokens, name);
        let of_exporter = || {
            built_in.services.names_target(&place.from)
                && built_in.monitoring.is_exported(name, tokens, &self.exporters)
        };
        if exposer == Some(&Exposer::Machine) || exposer != Some(&Exposer::Store) && !of_exporter() {
            return;
        }
        let about = std::iter::successors(Some(exporter), |name| built_in.monitoring.exported(name)).skip(1);
        let own = self.called(&place.from, name, tokens, exporter);
        let there = |about: &str| {
            let workload = || self.telling.workloads.service(about, self.told(&place.from, name, tokens, ""));
            let known = || self.services.contains(about).then(|| about.to_string());
            workload().or_else(known).filter(|about| *about != own)
        };
        if let Some(about) = about.filter_map(there).next() {
            place.service = Some(about);
        }
    }

    fn by_label(&self, name: &Name, tokens: &[u32]) -> (Place, Owner) {
        let (label, owner) = self.catalogue.built_in().services.owner(name, tokens, &self.telling);
        let service = match &owner {
            Owner::Service(service) => Some(service.as_str()),
            _ => None,
        };
        (Place::of(service, label), owner)
    }

    fn by_name(&self, name: &Name) -> Place {
        let split = self.catalogue.built_in().headers.split(&name.name);
        match split.filter(|_| !self.labelled || name.name.contains('|')) {
            Some((service, _)) => Place::of(Some(service), "name"),
            None => Place::default(),
        }
    }
}
