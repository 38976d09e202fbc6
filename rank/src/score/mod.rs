//! One score per metric: how strong its own change is, and what else changed in its service.

mod group;
mod resource;

use names::{Role, Word, WordMap};
use rayon::prelude::*;

use crate::change::SIZE_CAP;
use crate::keyed::by_key;
use group::{Cause, Families, Group, Side};
pub use resource::{grew, is_taken, ran_out};

/// What a second kind of metric counts beside the first: half.
const SECOND: f64 = 0.5;

/// Least share that is told apart: of a change beside the largest of its metric, or of rows with a value.
const LEAST: f64 = 0.001;

/// What the score needs to know of a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    /// Its service; metrics without one stand alone.
    pub service: Option<Word>,
    /// Its kind.
    pub kind: Word,
    /// Its own name, without the service: the same metric of several services.
    pub name: Word,
    /// Its family where series differ only in what lies below the service (the routes of a latency).
    pub family: Option<Word>,
    /// Cause, saturation, symptom, driver or other.
    pub role: Role,
    /// True where its change is no chance.
    pub sure: bool,
    /// True where it is more likely chance than a change: it stands behind all that changed.
    pub chance: bool,
    /// Harmful deviation, not negative.
    pub harm: f64,
    /// Harmful change relative to the steady state.
    pub size: f64,
    /// Harmful change in the metric's own unit.
    pub bad: f64,
    /// Share of its limit in use in steady state and in the overload, where a limit is known.
    pub used: Option<(f64, f64)>,
    /// True for a flag of presence that is lost most of the time, or a service that is gone.
    pub gone: bool,
    /// True for a caller's view of another service.
    pub caller: bool,
    /// Share of the steady rows, and of the overload's rows, that hold the metric.
    pub seen: (f64, f64),
}

/// The parts of a metric's score that it has by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parts {
    /// `ln(1 + harm)`.
    pub deviation: f64,
    /// `ln(1 + min(size, 100))`: the logarithm of how many times its steady size a metric that rose has now.
    pub size: f64,
    /// `ln(seen)` of both sides: what was seen in few rows is not known well.
    pub seen: f64,
}

/// The parts of a metric's score that depend on other metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Strength {
    /// `ln(bad / the largest bad of the same metric)`: which service takes most of a resource.
    pub share: f64,
    /// Strength of the metric: the sum of its [`Parts`] and `share`, at least 0; of a latency the mean over its family.
    pub own: f64,
    /// Credit for another kind that changed in its service: half the strongest, at most half of `own`.
    pub support: f64,
    /// The score.
    pub score: f64,
}

/// Scores all metrics of a comparison.
///
/// A metric's own strength is `deviation + size + share + seen`, and 0 where it did not change for the worse.
/// `share` holds for what one service takes and another does not (cpu, memory, queues), not for symptoms,
/// which callers inherit. Latencies of one family (routes, methods) count by their mean: a service that is
/// slow itself is so on all its routes, its caller only on some. The strongest metric of another kind in the
/// same service counts half, at most half the metric's own strength; what is gone has taken its witnesses
/// with it, and counts as if they agreed. The strongest cause of a service
/// (see [`ran_out`]) goes before all else of that service, one whose change is no chance before one whose change may be.
/// What is more likely chance than a change counts as none.
/// Callers' views stand behind all of that (−1 … 0), load and its outcome behind those (−2 … −1).
///
/// `item` is asked for each metric from 0 to `count` a few times, by several threads; `None` for one that is not scored.
/// Cost: O(n), in the order of the metrics.
pub fn fuse(count: usize, item: impl Fn(usize) -> Option<Item> + Sync) -> Vec<Strength> {
    let all = || (0..count).into_par_iter();
    let taken = all().filter_map(&item).filter(Item::is_taken);
    let most: WordMap<f64> = by_key(taken.map(|item| (item.name, item.bad)), f64::max);
    let alone = |at| item(at).map_or_else(Default::default, |item| (item.alone(&most), Side::of(&item)));
    let (mut strengths, sides): (Vec<Strength>, Vec<Side>) = all().map(alone).unzip();

    let families = Families::of(
        sides.iter().zip(&strengths).filter_map(|(side, alone)| Some((side.family()?, side.sound(alone.own)))),
    );
    let of_change = sides.par_iter().zip(&strengths).enumerate().filter(|(_, (side, _))| !side.chance);
    let said = of_change.filter_map(|(at, (side, alone))| {
        let cause = |item: Item| Cause { sure: item.sure, deviation: item.harm.ln_1p(), at };
        let cause = side.ran_out.then(|| item(at).map(cause)).flatten();
        Some((side.service?, Group { first: (side.kind?, families.own(side, alone.own)), second: None, cause }))
    });
    let groups: WordMap<Group> = by_key(said, Group::and);

    let scored = strengths.par_iter_mut().zip(&sides).filter_map(|(strength, side)| {
        let group = side.service.and_then(|service| groups.get(&service));
        strength.complete(side, &families, group);
        Some((side.service.filter(|_| group.is_some_and(|group| group.cause.is_some()))?, strength.score))
    });
    let top: WordMap<f64> = by_key(scored, f64::max);
    for (service, top) in top {
        if let Some(cause) = groups.get(&service).and_then(|group| group.cause)
            && strengths[cause.at].score < top
        {
            strengths[cause.at].score = top + 1e-6;
        }
    }
    strengths
}

/// The parts that a metric has by itself, of what an [`Item`] has of it.
pub fn own_parts(harm: f64, size: f64, seen: (f64, f64)) -> Parts {
    let seen = seen.0.clamp(LEAST, 1.0).ln() + seen.1.clamp(LEAST, 1.0).ln();
    Parts { deviation: harm.ln_1p(), size: size.min(SIZE_CAP).ln_1p(), seen }
}

impl Item {
    fn is_taken(&self) -> bool {
        is_taken(self.role) && self.bad > 0.0 && !self.chance
    }

    /// Its share and its strength before anything else is known. `most` are the largest changes of each metric.
    fn alone(&self, most: &WordMap<f64>) -> Strength {
        let share = if self.is_taken() { (self.bad / most[&self.name]).max(LEAST).ln() } else { 0.0 };
        let part = || own_parts(self.harm, self.size, self.seen);
        let sum = |Parts { deviation, size, seen }| (deviation + size + share + seen).max(0.0);
        let own = if self.harm > 0.0 { sum(part()) } else { 0.0 };
        let behind = -1.0 / (1.0 + own);
        let score = match (self.role, self.caller) {
            (Role::Driver, _) => behind - 1.0,
            (_, true) => behind,
            _ => 0.0,
        };
        Strength { share, own, score, support: 0.0 }
    }
}

impl Strength {
    /// Adds what the family and the group of a suspect say.
    fn complete(&mut self, side: &Side, families: &Families, group: Option<&Group>) {
        let (Some(kind), alone) = (side.kind, self.own) else { return };
        self.own = families.own(side, side.sound(alone));
        let other = group.map_or(0.0, |group| group.beside(kind));
        self.support = SECOND * if side.gone { self.own } else { other.min(self.own) };
        // Within a family, and of what is no change, the stronger goes first.
        self.score = self.own + self.support + 1e-4 * alone;
    }
}

#[cfg(test)]
mod tests;
