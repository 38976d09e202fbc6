//! Real metric names of many exporters, labelled by hand by what their documentation says: `labelled.csv`.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use names::{Catalogue, Name, Outcome};

/// A labelled name: header, kind, harm, service, exporter.
fn labelled() -> Vec<[String; 5]> {
    let mut reader = csv::Reader::from_reader(include_str!("labelled.csv").as_bytes());
    let cells = |row: csv::StringRecord| [0, 1, 2, 3, 4].map(|at| row[at].to_string());
    reader.records().map(|row| cells(row.unwrap())).collect()
}

#[test]
fn there_are_many_of_many_exporters() {
    let rows = labelled();
    let exporters: BTreeSet<&String> = rows.iter().map(|row| &row[4]).collect();
    let headers: BTreeSet<&String> = rows.iter().map(|row| &row[0]).collect();
    assert!(headers.len() >= 1600 && exporters.len() >= 50, "{} names of {}", headers.len(), exporters.len());
}

#[test]
fn each_is_read_as_it_is_labelled() {
    let catalogue = Catalogue::default();
    let mut wrong = Vec::new();
    for [header, kind, harm, service, exporter] in labelled() {
        let name = Name::parse(&header);
        let reading = catalogue.read(&name);
        let place = catalogue.places(std::slice::from_ref(&name)).remove(0);
        let found = [reading.kind, reading.harm.name(), place.service.as_deref().unwrap_or_default()];
        if found != [kind.as_str(), &harm, &service] {
            wrong.push(format!("{exporter}: {header}: {found:?}, not {kind} {harm} {service} ({})", reading.source));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_comes_without_a_type_is_a_counter_by_its_name() {
    let catalogue = Catalogue::default();
    let mut reader = csv::Reader::from_reader(include_str!("counted.csv").as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    // Nothing known is right for a level too: then its values decide.
    let is_right = |name: &str, counter: bool| match catalogue.counter(name, None) {
        Some(known) => known == counter,
        None => catalogue.is_level(&Name::parse(name)) != counter || !counter,
    };
    let wrong: Vec<_> = rows.iter().filter(|row| !is_right(&row[0], &row[1] == "yes")).collect();
    assert!(wrong.is_empty(), "{} wrong:\n{wrong:#?}", wrong.len());
    assert!(rows.len() >= 200);
}

#[test]
fn what_gatling_and_k6_saw_is_no_load_of_the_system() {
    let catalogue = Catalogue::default();
    for (name, outcome) in [
        ("gatling_shop_allRequests_all_percentiles99", Outcome::ResponseTime),
        ("gatling_shop_allRequests_ok_mean", Outcome::ResponseTime),
        ("gatling_shop_allRequests_ko_mean", Outcome::Other),
        ("gatling_shop_allRequests_ko_count", Outcome::Failures),
        ("gatling_shop_allRequests_all_count", Outcome::Requests),
        ("gatling_shop_users_allUsers_active", Outcome::Users),
        ("k6_http_req_failed_rate", Outcome::Failures),
        ("k6_http_req_duration_p99", Outcome::ResponseTime),
        ("k6_http_req_blocked_p99", Outcome::Other),
        ("k6_vus", Outcome::Users),
    ] {
        assert_eq!(catalogue.outcome(&Name::parse(name)), Some(outcome), "{name}");
    }
}
