//! What came and what went: services that are gone, errors that were born.

use std::collections::{HashMap, HashSet};

use names::{Catalogue, Name, Word, WordMap};
use rayon::prelude::*;

use crate::keyed::by_key;
use crate::known::Known;
use crate::suspects::metric::{Metric, Metrics, Place};
use crate::verdict::TENTH;

/// Kinds that fall silent when nobody asks, so that their silence says nothing of their service, unless the others are asked as before.
const ASKED_FOR: [&str; 4] = ["latency", "availability", "errors", "traffic"];

/// What there is of a service's metrics.
#[derive(Clone, Copy)]
struct There {
    /// Something in steady state.
    steady: bool,
    /// Something to the end of the steady state that says of its presence.
    before: bool,
    /// Requests in every row of the steady state.
    asked: bool,
    /// Half as many requests in the overload, or more.
    still_asked: bool,
    /// Something that changes to the end of the steady state.
    stirs: bool,
    /// Something in the overload.
    some: bool,
    /// Of some metric more than half of what there was.
    most: bool,
    /// Some metric to the end.
    lasts: bool,
    /// Memory that it had, and nothing of it any more: no process runs without.
    emptied: bool,
    /// Some metric that is not 0 throughout the overload.
    alive: bool,
}

impl There {
    fn of(metric: &Metric, kind: &str) -> There {
        let seen = |missing: Option<f64>| missing.map_or(0.0, |missing| 1.0 - missing);
        let (before, now) = (seen(metric.measure.missing_steady.get()), seen(metric.measure.missing_overload.get()));
        let lasts = |silent: Known| silent.get().is_none_or(|silent| silent < TENTH);
        There {
            steady: before > 0.0,
            before: before > 0.0 && lasts(metric.measure.silent_before) && !ASKED_FOR.contains(&kind),
            asked: kind == "traffic" && before == 1.0 && level(metric.measure.steady) > 0.0,
            still_asked: kind == "traffic" && 2.0 * level(metric.measure.overload) > level(metric.measure.steady),
            stirs: before > 0.0 && lasts(metric.measure.still_before),
            some: now > 0.0,
            most: now > 0.0 && 2.0 * now > before,
            emptied: kind == "memory"
                && level(metric.measure.steady) > 0.0
                && metric.measure.overload.get() == Some(0.0),
            alive: level(metric.measure.overload) != 0.0,
            lasts: now > 0.0 && lasts(metric.measure.silent),
        }
    }

    /// True where some metric has more than half of what there was, and some is there to the end.
    fn stays(&self) -> bool {
        self.most && self.lasts
    }

    fn or(self, other: There) -> There {
        There {
            steady: self.steady | other.steady,
            before: self.before | other.before,
            asked: self.asked | other.asked,
            still_asked: self.still_asked | other.still_asked,
            stirs: self.stirs | other.stirs,
            some: self.some | other.some,
            most: self.most | other.most,
            lasts: self.lasts | other.lasts,
            emptied: self.emptied | other.emptied,
            alive: self.alive | other.alive,
        }
    }
}

/// True where two sides are hardly of one system: more services left than stayed, and as many others came: they may be the same
/// under new names.
fn are_strangers(there: &WordMap<There>) -> bool {
    let count = |is: fn(&There) -> bool| there.values().filter(|there| is(there)).count();
    let (stayed, left) = (count(|t| t.steady && t.some), count(|t| t.steady && !t.some));
    stayed < left && left <= count(|t| !t.steady && t.some)
}

/// Errors and waits that were born in the overload count from 0 where their service was scraped in steady state: a client
/// library makes the series of a status at its first use, cAdvisor those of throttling with the first limit. Elsewhere they
/// have no steady state; nor have the waits and errors of a replica that came, where another one of its service had them before.
pub fn check_the_born(metrics: &mut Metrics, places: &[Place], catalogue: &Catalogue) {
    if !metrics.list.par_iter().any(|metric| metric.measure.born) {
        return;
    }
    let had = had_before(metrics, places, catalogue);
    let Metrics { book, list, asked, made_of } = metrics;
    let service = |metric: &Metric| places[book.place(metric.header)].service;
    let known = list.par_iter().filter(|metric| metric.in_steady());
    let scraped: WordMap<()> = by_key(known.filter_map(|metric| Some((service(metric)?, ()))), |(), ()| ());
    let is_unknown = |at: usize, metric: &Metric| {
        service(metric).is_none_or(|service| !scraped.contains_key(&service)) || had.contains(&at)
    };
    let unknown: Vec<bool> =
        list.par_iter().enumerate().map(|(at, metric)| metric.measure.born && is_unknown(at, metric)).collect();
    let of_them = list.par_iter_mut().zip(unknown).filter(|(_, unknown)| *unknown);
    let is_asked = of_them.map(|(metric, _)| {
        metric.measure = metric.measure.without_steady();
        asked.is_some_and(|asked| asked == book.text(metric.header))
    });
    if is_asked.reduce(|| false, |a, b| a || b) {
        *made_of = Default::default();
    }
}

/// The numbers of the born waits that a replica of their service, which was there in steady state, had then as well; and of the
/// born errors of which one that is gone had half as many or more.
fn had_before(metrics: &Metrics, places: &[Place], catalogue: &Catalogue) -> HashSet<usize> {
    let Metrics { book, list, .. } = metrics;
    let waits = |metric: &Metric| book.meaning(metric.header).reading.kind == "saturation";
    let own = |metric: &Metric| Some((places[book.place(metric.header)].service?, book.meaning(metric.header).own));
    let lasting = |metric: &Metric| catalogue.lasting(&Name::parse(&book.text(metric.header)));
    let born: Vec<usize> = (0..list.len()).filter(|at| list[*at].measure.born).collect();
    let sought: HashSet<_> = born.iter().filter_map(|at| own(&list[*at])).collect();
    let before = list.iter().filter(|metric| {
        let counts = || waits(metric) || !metric.in_overload();
        metric.in_steady()
            && level(metric.measure.steady) > 0.0
            && own(metric).is_some_and(|own| sought.contains(&own))
            && counts()
    });
    let mut levels: HashMap<_, f64> = HashMap::new();
    for metric in before {
        if let Some(key) = own(metric).zip(lasting(metric)) {
            let most = levels.entry(key).or_default();
            *most = most.max(level(metric.measure.steady));
        }
    }
    let had = |at: &usize| {
        let metric = &list[*at];
        let before = own(metric).zip(lasting(metric)).and_then(|key| levels.get(&key));
        before.is_some_and(|before| waits(metric) || 2.0 * before >= level(metric.measure.overload))
    };
    born.into_iter().filter(had).collect()
}

/// A mean; 0 where none is known.
fn level(mean: Known) -> f64 {
    mean.get().unwrap_or(0.0)
}

/// False for what says nothing of its service: a limit stays when nobody is held to it any more.
fn speaks(kind: &str) -> bool {
    kind != "setting"
}

/// What there is of each service. Of one that had ended in steady state, by a metric that has another value at every scrape and stands
/// still while something of another one changes, there is nothing to its end.
fn all_there(metrics: &Metrics, places: &[Place], catalogue: &Catalogue) -> WordMap<There> {
    let Metrics { book, list, .. } = metrics;
    let service = |metric: &Metric| places[book.place(metric.header)].service;
    let said = list.par_iter().filter_map(|metric| {
        let kind = book.meaning(metric.header).reading.kind;
        Some((service(metric).filter(|_| speaks(kind))?, There::of(metric, kind)))
    });
    let mut there: WordMap<There> = by_key(said, There::or);
    let still = |own: &Word| there.get(own).is_some_and(|there| (there.before || there.asked) && !there.stirs);
    if there.values().any(|there| there.stirs) && there.keys().any(still) {
        let beats = |metric: &Metric| catalogue.beats(&Name::parse(&book.text(metric.header)));
        let ended = |metric: &Metric| Some((service(metric).filter(|own| still(own) && beats(metric))?, ()));
        let ended: WordMap<()> = by_key(list.par_iter().filter_map(ended), |(), ()| ());
        ended.keys().for_each(|own| {
            there.entry(*own).and_modify(|there| (there.before, there.asked) = (false, false));
        });
    }
    there
}

/// What vanishes counts as presence lost, also where an export has 0 for what is not there: of a service which showed more in steady
/// state than how its requests went, or was asked in every row of it while most others are asked as before, and of which no metric
/// has a sample in the overload, all do. So do those of one of which every metric has half as many or fewer, or ends before a tenth
/// of the rows are left, where another service kept the samples of one of the same name to the end: else it may be the scrapes that
/// failed or became rare. One that had ended in steady state, by a metric that has another value at every scrape, does not. Of two
/// states that are hardly of one system, or of which the later one has nothing of the other, none does: true for these.
pub fn lose_the_gone(metrics: &mut Metrics, places: &[Place], catalogue: &Catalogue) -> bool {
    let there = all_there(metrics, places, catalogue);
    let Metrics { book, list, .. } = metrics;
    let (service, meaning) = (|m: &Metric| places[book.place(m.header)].service, |m: &Metric| book.meaning(m.header));
    let speaking = || list.par_iter().filter(|metric| speaks(meaning(metric).reading.kind));
    if are_strangers(&there) || !list.par_iter().any(Metric::is_scored) {
        return true;
    }
    let scarce = |service: &Word| there.get(service).is_some_and(|there| there.before && there.some && !there.stays());
    let mut missed: WordMap<()> = WordMap::default();
    if there.keys().any(scarce) {
        let kept = speaking()
            .filter(|metric| There::of(metric, meaning(metric).reading.kind).stays())
            .map(|metric| (meaning(metric).own, ()));
        let kept: WordMap<()> = by_key(kept, |(), ()| ());
        let known = speaking().filter(|metric| kept.contains_key(&meaning(metric).own));
        missed = by_key(known.filter_map(|metric| Some((service(metric).filter(scarce)?, ()))), |(), ()| ());
    }
    let asked = |is: fn(&There) -> bool| there.values().filter(|there| there.asked && is(there)).count();
    let others_are_asked = 2 * asked(|there| there.some && there.still_asked) > asked(|there| there.some);
    let lost = |service: Word| {
        let is_gone = |there: &There| {
            if there.some {
                there.before && there.emptied && !there.alive
            } else {
                there.before || there.asked && others_are_asked
            }
        };
        missed.contains_key(&service) || there.get(&service).is_some_and(is_gone)
    };
    let gone: Vec<bool> = places.iter().map(|place| place.service.is_some_and(lost)).collect();
    if gone.contains(&true) {
        let of_them = |metric: &&mut Metric| gone[book.place(metric.header)] && metric.measure.steady.get().is_some();
        list.par_iter_mut().filter(of_them).for_each(|metric| metric.measure.lose());
    }
    false
}
