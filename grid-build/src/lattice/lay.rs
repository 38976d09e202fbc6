//! Samples onto the lattice: values as they are, and counters as their increase.

use std::collections::{BTreeMap, HashMap};

use grid::Name;
use names::Treatment;
use rayon::prelude::*;

use super::birth::{Births, Scraped, births};
use super::even::Lattice;
use super::reach::{NONE, Reach, pick};
use crate::counters::{Decision, Reason, from_zero, hold, increases, metric_of};
use crate::series::{Clock, Series, give_back, room, scratch};

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

/// Series with one clock, and where they stand among all.
type Group = (Clock, Vec<(usize, Series)>);

/// Lays all series, sorted by the names of their columns; also says which counters began midway. The
/// samples of a series are freed when it is laid.
pub(crate) fn lay_all(series: Vec<Series>, laying: &Laying<'_>) -> (Vec<Laid>, Vec<String>) {
    let births = births(&series, laying);
    let born = births.keys().map(|&at| series[at].name.to_string()).collect();
    let mut groups: HashMap<*const i64, Group> = HashMap::new();
    for (at, one) in series.into_iter().enumerate() {
        let clock = one.run.clock.clone();
        groups.entry(clock.as_ptr()).or_insert_with(|| (clock, Vec::new())).1.push((at, one));
    }
    let groups: Vec<Group> = groups.into_values().collect();
    let laid: Vec<Vec<Laid>> = groups
        .into_par_iter()
        .map(|(clock, group)| {
            let picks = Picks::of(&clock, laying);
            group.into_par_iter().map(|(at, series)| lay_one(at, series, &picks, &births, laying)).collect()
        })
        .collect();
    let mut laid: Vec<Laid> = laid.into_iter().flatten().collect();
    laid.par_sort_unstable_by(|a, b| a.name.cmp(&b.name));
    (laid, born)
}

fn lay_one(at: usize, series: Series, picks: &Picks, births: &Births, laying: &Laying<'_>) -> Laid {
    let metric = metric_of(&series.name);
    let decision = laying.decisions.get(&metric);
    let (treatment, adds) = decision.map_or((Treatment::Level, false), |d| (d.treatment, d.adds));
    let name = decision.map_or_else(|| series.name.to_string(), |d| header(&series.name, &metric, d));
    let values = match treatment {
        Treatment::Level => stand(series.run.values, picks),
        Treatment::Rate => grow(series.run.values, picks, births.get(&at), Some(laying.lattice.step_ms as f64 / 1e3)),
        Treatment::Delta => grow(series.run.values, picks, births.get(&at), None),
    };
    Laid { name, adds, values }
}

/// The header of a column: the series' name, and what was done with it and said of it where the name says otherwise.
fn header(series: &str, metric: &str, decision: &Decision) -> String {
    let as_named = decision.reason == Reason::Kept || decision.treatment == Treatment::usual(metric);
    if as_named && decision.said.is_nothing() {
        return series.to_string();
    }
    let name = Name::parse(series).saying(&decision.said);
    if as_named { name.to_string() } else { name.treated(decision.treatment).to_string() }
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
