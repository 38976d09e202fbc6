//! Whose each series of a run is, and what it says.

use names::{Catalogue, Name};

use super::role::{Role, is_about, role};
use crate::Series;

/// The place of a series of some service.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The service.
    pub(crate) service: String,
    /// What it says of the service; nothing where it says nothing of a fault.
    pub(crate) role: Option<Role>,
    /// 1 where more is worse, -1 where less is.
    pub(crate) harm: f64,
    /// Whether it was not read from the service itself: it is there also when the service is not.
    pub(crate) is_about: bool,
}

/// The place of each series; nothing for those of no service. With `owner` all are that service's.
pub(crate) fn places(series: &[Series], owner: Option<&str>, catalogue: &Catalogue) -> Vec<Option<Place>> {
    let names: Vec<Name> = series.iter().map(|series| Name::parse(&series.name)).collect();
    let owners: Vec<Option<String>> = match owner {
        Some(owner) => vec![Some(owner.to_string()); names.len()],
        None => catalogue.places(&names).into_iter().map(|place| place.service).collect(),
    };
    let place = |(service, name): (Option<String>, &Name)| {
        let found = role(name, catalogue);
        let (role, harm) = (found.map(|(role, _)| role), found.map_or(1.0, |(_, harm)| harm));
        Some(Place { service: service?, role, harm, is_about: is_about(name, catalogue) })
    };
    owners.into_iter().zip(&names).map(place).collect()
}
