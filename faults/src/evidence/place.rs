//! Whose each series of a run is, and what it says.

use names::{Book, Catalogue, Header};

use super::role::{Role, is_about, role};
use crate::Series;

/// The place of a series of some service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The service's number.
    service: u32,
    /// What it says of the service; nothing where it says nothing of a fault.
    pub(crate) role: Option<Role>,
    /// 1 where more is worse, -1 where less is.
    pub(crate) harm: i8,
    /// Whether it was not read from the service itself: it is there also when the service is not.
    pub(crate) is_about: bool,
}

/// The series of a run, and the place of each.
pub(crate) struct Placed<'a> {
    series: &'a [Series],
    /// Nothing for a series of no service.
    places: Vec<Option<Place>>,
    services: Vec<String>,
}

impl<'a> Placed<'a> {
    /// Reads their names. With `owner` all are that service's.
    pub(crate) fn new(series: &'a [Series], owner: Option<&str>, catalogue: &Catalogue) -> Self {
        let mut book = Book::new(catalogue, &[]);
        let headers: Vec<Header> = series.iter().map(|series| book.add(&series.name)).collect();
        let (survey, mut services) = (book.survey(), Vec::new());
        let mut number = |place: usize| {
            let read = || survey.place(&book.place_name(place)).service;
            services.push(owner.map(str::to_string).or_else(read)?);
            Some(services.len() as u32 - 1)
        };
        let numbers: Vec<Option<u32>> = (0..book.place_count()).map(&mut number).collect();
        let place = |header: Header| {
            let (meaning, service) = (book.meaning(header), numbers[book.place(header)]?);
            let own = book.word(meaning.own);
            let found = role(own, &meaning.reading);
            let (role, harm) = (found.map(|(role, _)| role), found.map_or(1, |(_, harm)| harm));
            Some(Place { service, role, harm, is_about: is_about(own) })
        };
        let places = headers.into_iter().map(place).collect();
        Placed { series, places, services }
    }

    /// The series that have a place, each with its service.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Place, &'a Series)> {
        let placed = self.places.iter().zip(self.series).filter_map(|(place, series)| Some(((*place)?, series)));
        placed.map(|(place, series)| (self.services[place.service as usize].as_str(), place, series))
    }

    /// How many rows the run has.
    pub(crate) fn rows(&self) -> usize {
        self.series.first().map_or(0, |series| series.values.len())
    }
}
