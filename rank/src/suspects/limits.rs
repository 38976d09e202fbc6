//! What is used, and the limits it is held to.

use std::collections::HashMap;

use names::{Catalogue, Name, Share, Word, WordMap};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::suspects::metric::Metrics;

/// Finds the share of its limit that each metric uses in the overload: of what is used and its limit the names are held
/// one pair after the other.
pub(crate) fn hold_to_limits(metrics: &mut Metrics, catalogue: &Catalogue) -> FxHashMap<u32, (Word, f64)> {
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
    found.into_iter().map(|(at, limit, share)| (at, (words.add(&limit), share))).collect()
}

/// Finds the shares of a pair: of each metric, the limit's name and the share.
fn hold(metrics: &Metrics, catalogue: &Catalogue, places: &[u32], found: &mut Vec<(u32, String, f64)>) {
    let metric = |at: usize| &metrics.list[places[at] as usize];
    let names: Vec<Name> = (0..places.len()).map(|at| Name::parse(&metrics.header(metric(at)))).collect();
    let level = |at: &usize| metric(*at).measure.overload.get().filter(|v| v.is_finite());
    for pair in catalogue.limits(&names) {
        let Some(limit) = level(&pair.limit) else { continue };
        let all: f64 = pair.used.iter().filter_map(level).sum();
        let share = match pair.share {
            Share::Used => all / limit,
            Share::Free => 1.0 - all / limit,
            Share::Lost => continue,
        };
        if share.is_finite() {
            found.extend(pair.used.iter().map(|at| (places[*at], names[pair.limit].name.clone(), share)));
        }
    }
}
