//! A metric: what was measured of it, what its name means, and whose it is.

use names::{Book, Catalogue, Harm, Header, Meaning, Reading, Word, WordMap};
use rank::change::Nature;
use rank::keyed::by_key;
use rank::known::Known;
use rank::measure::{Found, Measure};
use rank::note::Note;
use rayon::prelude::*;

/// Kinds that fall silent when nobody asks, so that their silence says nothing of their service.
const ASKED_FOR: [&str; 4] = ["latency", "availability", "errors", "traffic"];

/// What metrics are grouped by that is no label.
pub(crate) const NO_LABELS: [&str; 4] = ["metric", "service", "name", "__name__"];

/// One metric, measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Metric {
    /// Its header in the book.
    pub(crate) header: Header,
    /// What was found.
    pub(crate) measure: Found,
}

impl Metric {
    /// True where some steady grid has it.
    pub(crate) fn in_steady(&self) -> bool {
        !self.measure.born && self.measure.note != Note::NotInSteady
    }

    /// True where it has samples on both sides.
    pub(crate) fn is_scored(&self) -> bool {
        self.measure.z.get().is_some()
    }

    /// True where some overload grid has it.
    pub(crate) fn in_overload(&self) -> bool {
        self.measure.note != Note::NotInOverload
    }
}

/// How a change of a metric is judged.
pub(crate) fn nature(reading: &Reading) -> Nature {
    let success = reading.kind == "availability" && reading.counter != Some(true) && reading.harm == Harm::Down;
    let waits = reading.kind == "saturation" && reading.counter == Some(true);
    let events = reading.kind == "errors" || waits;
    Nature { harm: reading.harm, success, events, latency: reading.kind == "latency" }
}

/// The metrics of a comparison, and their names.
pub(crate) struct Metrics<'a> {
    pub(crate) book: Book<'a>,
    pub(crate) list: Vec<Metric>,
    /// The metric of which every number is asked for, and what its deviation is made of.
    asked: Option<&'a str>,
    pub(crate) made_of: [Known; 3],
}

impl<'a> Metrics<'a> {
    /// None yet. `by` is the label that they will be grouped by.
    pub(crate) fn new(catalogue: &'a Catalogue, by: &str, asked: Option<&'a str>) -> Self {
        let label = Some(by).filter(|by| !NO_LABELS.contains(by));
        let also: Vec<&str> = ["caller", "callee"].into_iter().chain(label).collect();
        let book = Book::new(catalogue, &also);
        Metrics { book, list: Vec::new(), asked, made_of: Default::default() }
    }

    /// Adds what was measured of a metric.
    pub(crate) fn push(&mut self, text: &str, header: Header, measure: &Measure) {
        if self.asked == Some(text) {
            self.made_of = measure.made_of;
        }
        self.list.push(Metric { header, measure: measure.found });
    }

    /// The text of a metric's header.
    pub(crate) fn header(&self, metric: &Metric) -> String {
        self.book.text(metric.header)
    }

    /// What a metric's name means.
    pub(crate) fn meaning(&self, metric: &Metric) -> &Meaning<'a> {
        self.book.meaning(metric.header)
    }

    /// Puts them in the order of their headers, and finds out whose the series of each place are.
    pub(crate) fn arrange(&mut self, by: &str) -> Vec<Place> {
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
            let mut word = |text: Option<&str>| text.map(|text| book.words().add(text));
            places.push(Place {
                service: word(place.service.as_deref()),
                from: word(Some(place.from.as_str()).filter(|from| !from.is_empty())),
                peer: word(place.peer.as_deref()),
                call: word(name.label("caller")).zip(word(name.label("callee"))),
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
pub(crate) struct Place {
    /// The service.
    pub(crate) service: Option<Word>,
    /// What told it.
    pub(crate) from: Option<Word>,
    /// The one that is waited for.
    pub(crate) peer: Option<Word>,
    /// The two ends of a call that was timed by itself.
    pub(crate) call: Option<(Word, Word)>,
    /// The value of the label that metrics are grouped by.
    pub(crate) label: Option<Word>,
    /// True where the service is a caller's view of another.
    pub(crate) caller: bool,
    /// True for the monitoring's own.
    pub(crate) monitoring: bool,
}

/// What there is of a service's metrics.
#[derive(Clone, Copy)]
struct There {
    /// Something in steady state that says of its presence.
    before: bool,
    /// Something in the overload.
    some: bool,
    /// Of some metric more than half of what there was.
    most: bool,
}

impl There {
    fn of(metric: &Metric, kind: &str) -> There {
        let seen = |missing: Option<f64>| missing.map_or(0.0, |missing| 1.0 - missing);
        let (before, now) = (seen(metric.measure.missing_steady.get()), seen(metric.measure.missing_overload.get()));
        There {
            before: before > 0.0 && !ASKED_FOR.contains(&kind),
            some: now > 0.0,
            most: now > 0.0 && 2.0 * now > before,
        }
    }

    fn or(self, other: There) -> There {
        There { before: self.before | other.before, some: self.some | other.some, most: self.most | other.most }
    }
}

/// Errors and waits that were born in the overload count from 0 where their service was scraped in steady state: a client
/// library makes the series of a status at its first use, cAdvisor those of throttling with the first limit. Elsewhere they
/// have no steady state.
pub(crate) fn check_the_born(metrics: &mut Metrics, places: &[Place]) {
    let Metrics { book, list, asked, made_of } = metrics;
    if !list.par_iter().any(|metric| metric.measure.born) {
        return;
    }
    let service = |metric: &Metric| places[book.place(metric.header)].service;
    let known = list.par_iter().filter(|metric| metric.in_steady());
    let scraped: WordMap<()> = by_key(known.filter_map(|metric| Some((service(metric)?, ()))), |(), ()| ());
    let born = list.par_iter_mut().filter(|metric| metric.measure.born);
    let unknown = born.filter(|metric| service(metric).is_none_or(|service| !scraped.contains_key(&service)));
    let is_asked = unknown.map(|metric| {
        metric.measure = metric.measure.without_steady();
        asked.is_some_and(|asked| asked == book.text(metric.header))
    });
    if is_asked.reduce(|| false, |a, b| a || b) {
        *made_of = Default::default();
    }
}

/// What vanishes counts as presence lost: of a service which showed more in steady state than how its requests went, and of
/// which no metric has a sample in the overload, all do. So do those of one of which every metric has half as many or fewer,
/// where another service kept the samples of one of the same name: else it may be the scrapes that failed or became rare.
pub(crate) fn lose_the_gone(metrics: &mut Metrics, places: &[Place]) {
    let Metrics { book, list, .. } = metrics;
    let (service, meaning) = (|m: &Metric| places[book.place(m.header)].service, |m: &Metric| book.meaning(m.header));
    // A limit stays when nobody is held to it any more.
    let speaking = || list.par_iter().filter(|metric| meaning(metric).reading.kind != "setting");
    let said =
        speaking().filter_map(|metric| Some((service(metric)?, There::of(metric, meaning(metric).reading.kind))));
    let there: WordMap<There> = by_key(said, There::or);
    let scarce = |service: &Word| there.get(service).is_some_and(|there| there.before && there.some && !there.most);
    let mut missed: WordMap<()> = WordMap::default();
    if there.keys().any(scarce) {
        let kept = speaking()
            .filter(|metric| There::of(metric, meaning(metric).reading.kind).most)
            .map(|metric| (meaning(metric).own, ()));
        let kept: WordMap<()> = by_key(kept, |(), ()| ());
        let known = speaking().filter(|metric| kept.contains_key(&meaning(metric).own));
        missed = by_key(known.filter_map(|metric| Some((service(metric).filter(scarce)?, ()))), |(), ()| ());
    }
    let lost = |service: Word| {
        missed.contains_key(&service) || there.get(&service).is_some_and(|there| there.before && !there.some)
    };
    let gone: Vec<bool> = places.iter().map(|place| place.service.is_some_and(lost)).collect();
    if gone.contains(&true) {
        let of_them = |metric: &&mut Metric| gone[book.place(metric.header)] && metric.measure.steady.get().is_some();
        list.par_iter_mut().filter(of_them).for_each(|metric| metric.measure.lose());
    }
}
