//! Whose the series of whole clusters are. Who wrote `kubernetes.csv`, 14 systems of Helm, operators, meshes and collectors, saw no rule; it
//! is as it was when the rules were first held against it.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use names::{Catalogue, Name, Place};

/// A series, whose it is, and whose it is read to be.
struct Series {
    header: String,
    owner: String,
    place: Place,
}

impl Series {
    /// True for one of a machine, of the platform or the monitoring, which only must not be a service's.
    fn is_of_platform(&self) -> bool {
        ["machine", "infra"].iter().any(|what| self.owner.starts_with(what))
    }

    fn is_of(&self, service: &str) -> bool {
        [&self.place.service, &self.place.peer].into_iter().any(|place| place.as_deref() == Some(service))
    }
}

fn systems() -> BTreeMap<String, Vec<Series>> {
    let mut rows: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(include_str!("kubernetes.csv").as_bytes());
    for row in reader.deserialize::<(String, String, String)>() {
        let (system, header, owner) = row.unwrap();
        rows.entry(system).or_default().push((header, owner));
    }
    let read = |rows: Vec<(String, String)>| {
        let names: Vec<Name> = rows.iter().map(|(header, _)| Name::parse(header)).collect();
        let places = Catalogue::default().places(&names);
        let known = rows.into_iter().zip(places).filter(|((_, owner), _)| owner != "?");
        known.map(|((header, owner), place)| Series { header, owner, place }).collect()
    };
    rows.into_iter().map(|(system, rows)| (system, read(rows))).collect()
}

/// What most series of each service are read to be of, where that is of no other.
fn services(all: &[Series]) -> BTreeMap<&str, String> {
    let mut counts: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for series in all.iter().filter(|series| !series.is_of_platform()) {
        let read = series.place.service.clone().unwrap_or_default();
        *counts.entry(&series.owner).or_default().entry(read).or_default() += 1;
    }
    let most = |counts: BTreeMap<String, usize>| counts.into_iter().max_by_key(|(_, count)| *count).unwrap().0;
    let mut found: BTreeMap<&str, String> = counts.into_iter().map(|(owner, counts)| (owner, most(counts))).collect();
    let all: Vec<String> = found.values().cloned().collect();
    found.retain(|_, service| all.iter().filter(|other| *other == service).count() == 1);
    found
}

#[test]
fn a_service_s_series_are_told_from_those_of_others() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (system, all) in systems() {
        let services = services(&all);
        let is_right = |series: &Series| match series.is_of_platform() {
            true => !services.values().any(|service| series.place.service.as_ref() == Some(service)),
            false => services.get(series.owner.as_str()).is_some_and(|service| series.is_of(service)),
        };
        count += all.len();
        let told = |s: &Series| format!("{system}: {} is {}, not {:?}", s.header, s.owner, s.place.service);
        wrong.extend(all.iter().filter(|series| !is_right(series)).map(told));
    }
    assert!(wrong.len() <= 104, "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}
