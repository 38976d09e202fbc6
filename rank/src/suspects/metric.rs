//! A metric: what was measured of it, what its name means, and whose it is.

use crate::change::Nature;
use crate::known::Known;
use crate::measure::{Found, Measure};
use crate::note::Note;
use names::{Book, Catalogue, Harm, Header, Meaning, Outcome, Reading, Word};
use rayon::prelude::*;

/// What metrics are grouped by that is no label.
pub const NO_LABELS: [&str; 4] = ["metric", "service", "name", "__name__"];

/// One metric, measured.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its header in the book.
    pub header: Header,
    /// What was found.
    pub measure: Found,
}

impl Metric {
    /// True where some steady grid has it.
    pub fn in_steady(&self) -> bool {
        !self.measure.born && self.measure.note != Note::NotInSteady
    }

    /// True where it has samples on both sides.
    pub fn is_scored(&self) -> bool {
        self.measure.z.get().is_some()
    }

    /// True where some overload grid has it.
    pub fn in_overload(&self) -> bool {
        self.measure.note != Note::NotInOverload
    }
}

/// True for what a load generator saw of the users: how long they waited, what of their requests failed, and that none was answered.
pub fn is_felt(reading: &Reading) -> bool {
    matches!(reading.outcome, Some(Outcome::ResponseTime | Outcome::Failures | Outcome::Stalled))
}

/// How a change of a metric is judged.
pub fn nature(reading: &Reading) -> Nature {
    let success = reading.kind == "availability" && reading.counter != Some(true) && reading.harm == Harm::Down;
    let waits = reading.kind == "saturation" && reading.counter == Some(true);
    let events = reading.kind == "errors" || waits;
    let met = ["latency", "saturation", "errors"].contains(&reading.kind);
    Nature { harm: reading.harm, success, events, latency: reading.kind == "latency", met, felt: is_felt(reading) }
}

/// The metrics of a comparison, and their names.
pub struct Metrics<'a> {
    /// What the names mean.
    pub book: Book<'a>,
    /// The metrics, in the order of their headers when they are arranged.
    pub list: Vec<Metric>,
    /// The metric of which every number is asked for.
    pub(crate) asked: Option<&'a str>,
    /// What its deviation is made of.
    pub made_of: [Known; 3],
}

impl<'a> Metrics<'a> {
    /// None yet. `by` is the label that they will be grouped by.
    pub fn new(catalogue: &'a Catalogue, by: &str, asked: Option<&'a str>) -> Self {
        let label = Some(by).filter(|by| !NO_LABELS.contains(by));
        let also: Vec<&str> = ["caller", "callee"].into_iter().chain(label).collect();
        let book = Book::new(catalogue, &also);
        Metrics { book, list: Vec::new(), asked, made_of: Default::default() }
    }

    /// Adds what was measured of a metric.
    pub fn push(&mut self, text: &str, header: Header, measure: &Measure) {
        if self.asked == Some(text) {
            self.made_of = measure.made_of;
        }
        self.list.push(Metric { header, measure: measure.found });
    }

    /// The text of a metric's header.
    pub fn header(&self, metric: &Metric) -> String {
        self.book.text(metric.header)
    }

    /// What a metric's name means.
    pub fn meaning(&self, metric: &Metric) -> &Meaning<'a> {
        self.book.meaning(metric.header)
    }

    /// Puts them in the order of their headers, and finds out whose the series of each place are.
    pub fn arrange(&mut self, by: &str) -> Vec<Place> {
        let key = self.book.keys();
        rayon::join(|| sort(&mut self.list, key), || places(&mut self.book, by)).1
    }
}

fn sort(list: &mut [Metric], key: impl Fn(Header) -> (u32, u32) + Sync) {
    let mut order: Vec<((u32, u32), u32)> =
        list.par_iter().map(|metric| key(metric.header)).zip(0..list.len() as u32).collect();
    if order.is_sorted() {
        return;
    }
    order.par_sort_unstable();
    let mut order: Vec<u32> = order.into_par_iter().map(|(_, from)| from).collect();
    // Each cycle of places is gone round once.
    for start in 0..order.len() {
        let (first, mut at) = (list[start], start);
        loop {
            let from = std::mem::replace(&mut order[at], at as u32) as usize;
            if from == start {
                list[at] = first;
                break;
            }
            list[at] = list[from];
            at = from;
        }
    }
}

fn places(book: &mut Book, by: &str) -> Vec<Place> {
    const TOGETHER: usize = 4096;
    let survey = book.survey();
    let mut places = Vec::with_capacity(book.place_count());
    for start in (0..book.place_count()).step_by(TOGETHER) {
        let (some, known) = (start..book.place_count().min(start + TOGETHER), &*book);
        let read = some.into_par_iter().map(|place| {
            let name = known.place_name(place);
            (survey.place(&name), name)
        });
        for (place, name) in read.collect::<Vec<_>>() {
            let [caller, callee] =
                ["caller", "callee"].map(|end| name.label(end).map(|service| survey.service_called(service)));
            let mut word = |text: Option<&str>| text.map(|text| book.words().add(text));
            places.push(Place {
                service: word(place.service.as_deref()),
                from: word(Some(place.from.as_str()).filter(|from| !from.is_empty())),
                peer: word(place.peer.as_deref()),
                call: word(caller.as_deref()).zip(word(callee.as_deref())),
                label: word(name.label(by)),
                caller: place.caller,
                monitoring: place.monitoring,
            });
        }
    }
    places
}

/// Whose series of one place are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    /// The service.
    pub service: Option<Word>,
    /// What told it.
    pub from: Option<Word>,
    /// The one that is waited for.
    pub peer: Option<Word>,
    /// The two ends of a call that was timed by itself.
    pub call: Option<(Word, Word)>,
    /// The value of the label that metrics are grouped by.
    pub label: Option<Word>,
    /// True where the service is a caller's view of another.
    pub caller: bool,
    /// True for the monitoring's own.
    pub monitoring: bool,
}
