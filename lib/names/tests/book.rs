//! A book answers as the catalogue does for each header by itself, whatever the headers are.

#![allow(clippy::unwrap_used)]

use names::{Book, Catalogue, Kind, Name, OwnKind, Selector, phenomenon};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Compares every answer on a whole grid, and the order.
fn compare(catalogue: &Catalogue, headers: &[String]) {
    let names: Vec<Name> = headers.iter().map(|header| Name::parse(header)).collect();
    let places = catalogue.places(&names);
    let mut book = Book::new(catalogue, &["route"]);
    let entries: Vec<_> = headers.iter().map(|header| book.add(header)).collect();
    let survey = book.survey();
    for (((entry, header), name), place) in entries.iter().zip(headers).zip(&names).zip(&places) {
        assert_eq!(&book.text(*entry), header);
        let meaning = book.meaning(*entry);
        assert_eq!(meaning.reading, catalogue.read(name), "{header}");
        let own = [meaning.name, meaning.own, meaning.phenomenon].map(|word| book.word(word));
        assert_eq!(own, [name.name.as_str(), &catalogue.own_name(name), &phenomenon(name).name], "{header}");
        assert_eq!(place.metric, own[1], "{header}");
        let family =
            (!name.labels.is_empty()).then(|| (name.name.as_str(), name.label("quantile").unwrap_or_default()));
        assert_eq!(meaning.family.and_then(|word| book.word(word).split_once('\0')), family, "{header}");
        let shared = book.place_name(book.place(*entry));
        assert_eq!((shared.label("route"), shared.label("job")), (name.label("route"), name.label("job")), "{header}");
        let mut found = survey.place(&shared);
        found.metric.clone_from(&place.metric);
        assert_eq!(&found, place, "{header}");
    }
    let key = book.keys();
    for (a, one) in entries.iter().zip(headers) {
        for (b, other) in entries.iter().zip(headers) {
            assert_eq!(key(*a).cmp(&key(*b)), one.cmp(other), "{one} {other}");
        }
    }
}

/// Real names of exporters.
fn real() -> Vec<String> {
    let mut reader = csv::Reader::from_reader(include_str!("labelled.csv").as_bytes());
    reader.records().map(|row| row.unwrap()[0].to_string()).collect()
}

const NAMES: [&str; 18] = [
    "up",
    "up_time",
    "http_requests_total",
    "http_request_duration_seconds_bucket",
    "http_request_duration_seconds",
    "node_cpu_seconds_total",
    "kube_pod_container_status_restarts_total",
    "container_cpu_usage_seconds_total",
    "prometheus_tsdb_head_series",
    "process_cpu_seconds_total",
    "node_exporter_build_info",
    "source_calls",
    "source",
    "locust_response_time_ms",
    "queue",
    "istio_requests_total",
    " up",
    "a-b",
];

const LABELS: [&str; 33] = [
    "namespace=\"shop\"",
    "namespace=\"other\"",
    "exported_namespace=\"shop\"",
    "deployment=\"carts\"",
    "service=\"carts-exporter\"",
    "job=\"carts\"",
    "job=\"node\"",
    "instance=\"a:1\"",
    "instance=\"a:2\"",
    "instance=\"b:1\"",
    "instance=\"\"",
    "pod=\"carts-5d8f7c9b4-x2x9z\"",
    "container=\"POD\"",
    "pod=\"orders-5d8f7c9b4-x2x9z\"",
    "container=\"app\"",
    "name=\"shop_carts_orders\"",
    "name=\"shop_carts_1\"",
    "service=\"carts\"",
    "service=\"orders@docker\"",
    "destination_workload=\"orders\"",
    "id=\"/docker/0123456789abcdef0123456789abcdef\"",
    "mode=\"idle\"",
    "code=\"500\"",
    "group=\"5xx\"",
    "status=\"OK\"",
    "quantile=\"0.5\"",
    "le=\"+Inf\"",
    "route=\"/a\"",
    "__kind__=\"latency\"",
    "__unit__=\"bytes\"",
    "__as__=\"level\"",
    "server_address=\"carts:80\"",
    "\"service.name\"=\"user\"",
];

fn header() -> impl Strategy<Value = String> {
    let labels = vec(select(&LABELS[..]), 0..5).prop_map(|labels| labels.join(","));
    let selector = (select(&NAMES[..]), labels.clone()).prop_map(|(name, labels)| format!("{name}{{{labels}}}"));
    let quoted = (select(&NAMES[..]), labels).prop_map(|(name, labels)| format!("{{\"{name}\",{labels}}}"));
    let plain =
        select(vec!["carts_cpu", "orders_latency", "carts_orders_latency", "carts", "source_carts_orders", "a{b"]);
    let any = "[a{}\",= _]{0,8}";
    prop_oneof![8 => selector, 1 => quoted, 1 => plain.prop_map(str::to_string), 1 => any]
}

fn catalogues() -> Vec<Catalogue> {
    let kind = Kind {
        name: "own".to_string(),
        harm: names::Harm::Down,
        role: names::Role::Other,
        unit: String::new(),
        source: String::new(),
    };
    let kinds = vec![OwnKind::new("code=\"500\"|^queue$", kind).unwrap()];
    let services = vec![(Selector::parse("{route=\"/a\"}").unwrap(), "first".to_string())];
    let pattern = regex::Regex::new("(?<service>carts|orders)_(?<metric>.*)").unwrap();
    vec![
        Catalogue::default(),
        Catalogue::default().with_kinds(kinds),
        Catalogue::default().with_services(services),
        Catalogue::default().with_pattern(Some(pattern)),
    ]
}

#[test]
fn real_names_are_read_alike() {
    let headers = real();
    assert!(headers.len() > 500, "{}", headers.len());
    catalogues().iter().for_each(|catalogue| compare(catalogue, &headers));
}

proptest! {
    #[test]
    fn any_names_are_read_alike(headers in vec(header(), 0..40)) {
        catalogues().iter().for_each(|catalogue| compare(catalogue, &headers));
    }
}
