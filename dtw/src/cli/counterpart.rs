//! Which columns of two groups measure the same.

use names::{Catalogue, Name};

/// The group of each column, by `label`, and what it measures when that is left out: columns of two groups with
/// the same remainder are counterparts. Labels that may name a service are left out too. A column without labels,
/// such as `carts_cpu`, is in the group of its service.
pub(crate) fn counterparts(headers: &[&str], label: &str) -> Vec<Option<(String, String)>> {
    let catalogue = Catalogue::default();
    let names: Vec<Name> = headers.iter().map(|header| Name::parse(header)).collect();
    let places = catalogue.places(&names);
    let one = |(mut name, place): (Name, names::Place)| {
        if name.labels.is_empty() {
            return place.service.map(|service| (service, place.metric));
        }
        let group = name.label(label)?.to_string();
        name.labels.retain(|(key, _)| key != label && !catalogue.names_service(key));
        Some((group, name.to_string()))
    };
    names.into_iter().zip(places).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counterparts_have_the_same_remainder() {
        let found = |header| counterparts(&[header], "service").pop().flatten();
        let (group, rest) = found("cpu{instance=\"a:80\",mode=\"user\",service=\"carts\"}").unwrap();
        assert_eq!((&group[..], &rest[..]), ("carts", "cpu{mode=\"user\"}"));
        assert_eq!(found("carts_cpu"), Some(("carts".into(), "cpu".into())));
        assert_eq!(found("front_carts|source_50_latency"), Some(("carts".into(), "source_50_latency".into())));
        assert_eq!(found("up{job=\"x\"}"), None);
    }
}
