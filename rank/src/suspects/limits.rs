//! What is used, and the limits it is held to.

use std::collections::HashMap;

use names::{Catalogue, Name, Share, Word, WordMap};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::known::Known;
use crate::measure::Found;
use crate::suspects::metric::Metrics;

/// The limit of a metric, and the share of it that is in use.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// The name of the limit.
    pub limit: Word,
    /// In steady state; as in the overload where nothing is known of it then.
    pub before: f64,
    /// In the overload.
    pub now: f64,
}

/// Finds the share of its limit that each metric uses: of what is used and its limit the names are held one pair after the
/// other.
pub(crate) fn hold_to_limits(metrics: &mut Metrics, catalogue: &Catalogue) -> FxHashMap<u32, Held> {
    let names = metrics.book.meanings().map(|meaning| meaning.name);
    let held = names.filter(|name| catalogue.knows_limit(metrics.book.word(*name)));
    let mut by_name: WordMap<Vec<u32>> = held.map(|name| (name, Vec::new())).collect();
    let name = |at: u32| metrics.meaning(&metrics.list[at as usize]).name;
    let all = (0..metrics.list.len() as u32).into_par_iter();
    for at in all.filter(|at| by_name.contains_key(&name(*at))).collect::<Vec<_>>() {
        by_name.entry(name(at)).or_default().push(at);
    }
    let known: HashMap<&str, &Vec<u32>> = by_name.iter().map(|(name, all)| (metrics.book.word(*name), all)).collect();
    let mut found = Vec::new();
    for (name, used) in &known {
        let limit = catalogue.limit_of(name).filter(|limit| limit != name).and_then(|limit| known.get(limit));
        let Some(limit) = limit else { continue };
        let places: Vec<u32> = used.iter().chain(*limit).copied().collect();
        hold(metrics, catalogue, &places, &mut found);
    }
    let words = metrics.book.words();
    found.into_iter().map(|(at, limit, [before, now])| (at, Held { limit: words.add(&limit), before, now })).collect()
}

/// Finds the shares of a pair: of each metric, the limit's name and the shares in steady state and in the overload. A limit that is not
/// above 0 is none, as Java has it.
fn hold(metrics: &Metrics, catalogue: &Catalogue, places: &[u32], found: &mut Vec<(u32, String, [f64; 2])>) {
    let metric = |at: usize| &metrics.list[places[at] as usize];
    let names: Vec<Name> = (0..places.len()).map(|at| Name::parse(&metrics.header(metric(at)))).collect();
    for pair in catalogue.limits(&names) {
        let share = |of: fn(&Found) -> Known| {
            let level = |at: &usize| of(&metric(*at).measure).get().filter(|level| level.is_finite());
            let limit = level(&pair.limit).filter(|limit| *limit > 0.0)?;
            let used: Vec<f64> = pair.used.iter().filter_map(level).collect();
            let all = (!used.is_empty()).then(|| used.iter().sum::<f64>() / limit)?;
            let share = if pair.share == Share::Free { 1.0 - all } else { all };
            Some(share).filter(|share| share.is_finite())
        };
        let Some(now) = share(|found| found.overload).filter(|_| pair.share != Share::Lost) else { continue };
        let before = share(|found| found.steady).unwrap_or(now);
        found.extend(pair.used.iter().map(|at| (places[*at], names[pair.limit].name.clone(), [before, now])));
    }
}
