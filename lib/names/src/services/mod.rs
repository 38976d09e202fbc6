//! Which service a series belongs to, by its labels or its name, and for whom it waits.

pub(crate) mod container;
pub(crate) mod header;
pub(crate) mod labels;
pub(crate) mod monitoring;

use std::collections::HashSet;

use crate::services::labels::{Owner, Telling};
use crate::{Catalogue, Name};

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
    /// The one that is waited for, where a proxy's or a client's series names it.
    pub peer: Option<String>,
    /// True for what the monitoring says of itself, and for an exporter's own process.
    pub monitoring: bool,
}

/// Places all series of a grid, which explain each other: see [`Catalogue::places`].
pub(crate) fn places(catalogue: &Catalogue, names: &[Name]) -> Vec<Place> {
    let built_in = catalogue.built_in();
    let tokens: Vec<Vec<u32>> = names.iter().map(|name| built_in.vocabulary.read(&name.name)).collect();
    let telling = Telling::of(&built_in.services, names, &tokens);
    let labelled = names.iter().any(|name| !name.labels.is_empty());
    let mut owners: Vec<Owner> = Vec::with_capacity(names.len());
    let mut out: Vec<Place> = Vec::with_capacity(names.len());
    for (name, tokens) in names.iter().zip(&tokens) {
        let (place, owner) = match catalogue.asked(name) {
            Some(place) => (place, Owner::Nobody),
            None if name.labels.is_empty() => (by_name(catalogue, name, labelled), Owner::Nobody),
            None => by_label(catalogue, name, tokens, &telling),
        };
        out.push(place);
        owners.push(owner);
    }
    name_containers(&mut out, owners);
    charge_callees(&mut out, &built_in.headers);
    let exporters = built_in.monitoring.exporters(names, &tokens);
    for ((place, name), tokens) in out.iter_mut().zip(names).zip(&tokens) {
        place.caller = place.service.as_deref().is_some_and(|service| built_in.headers.is_caller(service));
        place.peer = built_in.peers.peer(name, tokens);
        place.monitoring = built_in.monitoring.is_own(name, tokens, &exporters);
    }
    out
}

fn by_label(catalogue: &Catalogue, name: &Name, tokens: &[u32], telling: &Telling) -> (Place, Owner) {
    let metric = catalogue.own_name(name);
    if catalogue.outcome(name).is_some() {
        return (Place { from: OUTCOME.to_string(), metric, ..Place::default() }, Owner::Nobody);
    }
    let (label, owner) = catalogue.built_in().services.owner(name, tokens, telling);
    let service = match &owner {
        Owner::Service(service) => Some(service.clone()),
        _ => None,
    };
    (Place { service, from: label.to_string(), metric, ..Place::default() }, owner)
}

fn by_name(catalogue: &Catalogue, name: &Name, labelled: bool) -> Place {
    let metric = catalogue.own_name(name);
    if catalogue.outcome(name).is_some() {
        return Place { from: OUTCOME.to_string(), metric, ..Place::default() };
    }
    let split = catalogue.built_in().headers.split(&name.name);
    match split.filter(|_| !labelled || name.name.contains('|')) {
        Some((service, _)) => {
            Place { service: Some(service.to_string()), from: "name".to_string(), metric, ..Place::default() }
        }
        None => Place { metric, ..Place::default() },
    }
}

/// Gives containers their services, which needs the names of all of them and of the other services.
fn name_containers(places: &mut [Place], owners: Vec<Owner>) {
    let known: HashSet<String> = places.iter().filter_map(|place| place.service.clone()).collect();
    let names: Vec<&str> = owners.iter().filter_map(Owner::container).collect();
    if names.is_empty() {
        return;
    }
    let services = container::services(&names, &known);
    for (place, owner) in places.iter_mut().zip(&owners) {
        if let Some(name) = owner.container() {
            place.service = Some(services.get(name).cloned().unwrap_or_else(|| name.to_string()));
        }
    }
}

/// A call `<caller>_<callee>` between two services that are there themselves is charged to the
/// callee: the caller's clock is where a slow callee shows. So is one whose metric says that it is an edge.
fn charge_callees(places: &mut [Place], headers: &header::Headers) {
    let known: HashSet<String> = places.iter().filter_map(|p| p.service.clone()).collect();
    for place in places.iter_mut().filter(|p| p.from == "name") {
        let Some(service) = &place.service else { continue };
        let mut cuts = service.match_indices('_').map(|(at, _)| (&service[..at], &service[at + 1..]));
        let both = cuts.clone().find(|(from, to)| known.contains(*from) && known.contains(*to));
        let edge = || headers.is_edge(&place.metric).then(|| cuts.next_back()).flatten();
        if let Some((_, callee)) = both.or_else(edge) {
            (place.service, place.from) = (Some(callee.to_string()), "edge".to_string());
        }
    }
}
