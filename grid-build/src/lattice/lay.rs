//! Samples onto the lattice: values as they are, and counters as their increase.

use std::collections::BTreeMap;
use std::sync::Arc;

use grid::Name;
use names::Treatment;
use rayon::prelude::*;

use super::birth::{Births, Scraped, births};
use super::even::Lattice;
use super::reach::{NONE, Reach, pick};
use crate::counters::{Decision, Reason, from_zero, hold, increases, metric_of};
use crate::series::{Series, give_back, room, scratch};

/// A series on the lattice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Laid {
    pub(crate) name: String,
    /// True for rates and differences of counters: they are added up, whereas gauges are averaged.
    pub(crate) adds: bool,
    /// A value per tick; NaN where there is none.
    pub(crate) values: Vec<f64>,
}

/// How samples become values of ticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Laying<'a> {
    pub(crate) lattice: Lattice,
    pub(crate) reach: Reach,
    pub(crate) decisions: &'a BTreeMap<String, Decision<'a>>,
}

/// Lays all series, sorted by the names of their columns; also says which counters began midway. Names and values stay
/// in the memory that they are in: a million series have no room for two of each.
pub(crate) fn lay_all(mut series: Vec<Series>, laying: &Laying<'_>) -> (Vec<Laid>, Vec<String>) {
    let births = births(&series, laying);
    // Those of one clock stand together, and have the same picks.
    series.par_sort_unstable_by_key(|one| one.run.clock.as_ptr() as usize);
    series.par_chunk_by_mut(|a, b| Arc::ptr_eq(&a.run.clock, &b.run.clock)).for_each(|group| {
        let picks = Picks::of(&group[0].run.clock, laying);
        group.par_iter_mut().for_each(|one| lay_one(one, &picks, &births, laying));
    });
    let laid = |one: Series| Laid { name: one.name.into(), adds: one.adds, values: one.run.values };
    let mut laid: Vec<Laid> = series.into_iter().map(laid).collect();
    laid.par_sort_unstable_by(|a, b| a.name.cmp(&b.name));
    (laid, births.into_keys().map(String::from).collect())
}

/// Gives a series the name and the values of its column.
fn lay_one(series: &mut Series, picks: &Picks, births: &Births, laying: &Laying<'_>) {
    let metric = metric_of(&series.name);
    let decision = laying.decisions.get(&*metric);
    let (treatment, adds) = decision.map_or((Treatment::Level, false), |d| (d.treatment, d.adds));
    let samples = std::mem::take(&mut series.run.values);
    let scraped = births.get(&series.name).map(|scraped| &**scraped);
    series.run.values = match treatment {
        Treatment::Level => stand(samples, picks),
        Treatment::Rate => grow(samples, picks, scraped, Some(laying.lattice.step_ms as f64 / 1e3)),
        Treatment::Delta => grow(samples, picks, scraped, None),
    };
    if let Some(header) = decision.and_then(|d| header(&series.name, &metric, d)) {
        series.name = header.into();
    }
    series.adds = adds;
}

/// The header of a column, where it is not the series' name: what was done with it and said of it is added where the
/// name says otherwise.
fn header(series: &str, metric: &str, decision: &Decision) -> Option<String> {
    let as_named = decision.reason == Reason::Kept || decision.treatment == Treatment::usual(metric);
    if as_named && decision.said.is_nothing() {
        return None;
    }
    let name = Name::parse(series).saying(&decision.said);
    Some(if as_named { name.to_string() } else { name.treated(decision.treatment).to_string() })
}

/// Which samples stand for the ticks of the lattice.
struct Picks {
    /// For the tick before the first: with a start in the middle of the data the first tick has an increase too.
    lead: u32,
    ticks: Vec<u32>,
    /// True when there are more ticks than scrapes.
    sparse: bool,
}

impl Picks {
    fn of(times_ms: &[i64], laying: &Laying<'_>) -> Self {
        let Lattice { start_ms, step_ms, .. } = laying.lattice;
        let before = Lattice { start_ms: start_ms - step_ms, step_ms, ticks: 1 };
        let lead = match times_ms.first() {
            Some(&first) if first < start_ms => pick(times_ms, &before, laying.reach)[0],
            _ => NONE,
        };
        let sparse = laying.reach.interval(times_ms, &laying.lattice) > step_ms;
        Picks { lead, ticks: pick(times_ms, &laying.lattice, laying.reach), sparse }
    }
}

/// The values at the ticks.
fn stand(samples: Vec<f64>, picks: &Picks) -> Vec<f64> {
    in_place(samples, picks.ticks.len(), |samples, laid| {
        laid.extend(picks.ticks.iter().map(|&at| if at == NONE { f64::NAN } else { samples[at as usize] }));
    })
}

/// The increases at the ticks, per second when the step is given in seconds; from zero where the counter was born
/// while its target was scraped. Where there are more ticks than scrapes they hold from one scrape to the next.
fn grow(samples: Vec<f64>, picks: &Picks, scraped: Option<&Scraped>, step_s: Option<f64>) -> Vec<f64> {
    in_place(samples, picks.ticks.len(), |samples, laid| {
        let lead = picks.lead;
        match scraped {
            Some(scraped) => {
                let (samples, ticks) = from_zero(samples, &picks.ticks, scraped);
                laid.extend(increases(&samples, lead, &ticks, step_s));
            }
            None => laid.extend(increases(samples, lead, &picks.ticks, step_s)),
        }
        if picks.sparse {
            hold(laid, samples, lead, &picks.ticks, step_s.is_none());
        }
    })
}

/// Values for the ticks in the memory of the samples: new memory would be wanted by one thread while
/// another gives some back.
fn in_place(mut samples: Vec<f64>, ticks: usize, lay: impl FnOnce(&[f64], &mut Vec<f64>)) -> Vec<f64> {
    let (times_ms, mut copy) = scratch();
    copy.extend_from_slice(&samples);
    samples.clear();
    if samples.capacity() < ticks || samples.capacity() > 2 * ticks + 64 {
        samples = room(ticks);
    }
    lay(&copy, &mut samples);
    give_back(times_ms, copy);
    samples
}
