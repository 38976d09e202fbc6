//! Who stands beside a suspect: its family, its service, and the resource of the service that ran out.

use names::{Role, Word};
use rustc_hash::FxHashMap;

use super::Item;
use super::resource::ran_out;

/// Whom a suspect stands beside, in a few bytes, for it is asked for each of millions. Of what is no suspect, nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Side {
    pub(super) kind: Option<Word>,
    pub(super) service: Option<Word>,
    pub(super) family: Option<Word>,
    pub(super) gone: bool,
    pub(super) chance: bool,
    pub(super) ran_out: bool,
}

impl Side {
    pub(super) fn of(item: &Item) -> Self {
        let &Item { kind, service, family, role, caller, gone, chance, harm, size, used, .. } = item;
        match role == Role::Driver || caller {
            true => Side::default(),
            false => Side { kind: Some(kind), service, family, gone, chance, ran_out: ran_out(role, harm, size, used) },
        }
    }

    /// What is left of a strength: nothing of what is more likely chance.
    pub(super) fn sound(&self, alone: f64) -> f64 {
        if self.chance { 0.0 } else { alone }
    }

    /// Those with which it is averaged.
    pub(super) fn family(&self) -> Option<(Word, Word)> {
        self.service.zip(self.family)
    }
}

/// Sum and number of the strengths of each family of a group. They are added in the order of the metrics, so that a sum is the
/// same to the bit however the metrics are divided among threads.
pub(super) struct Families(FxHashMap<(Word, Word), (f64, f64)>);

impl Families {
    pub(super) fn of(members: impl Iterator<Item = ((Word, Word), f64)>) -> Self {
        let mut all: FxHashMap<(Word, Word), (f64, f64)> = FxHashMap::default();
        for (family, own) in members {
            let (sum, count) = all.entry(family).or_default();
            (*sum, *count) = (*sum + own, *count + 1.0);
        }
        Families(all)
    }

    /// The strength of a suspect that has this one by itself.
    pub(super) fn own(&self, side: &Side, alone: f64) -> f64 {
        match side.family().and_then(|family| self.0.get(&family)) {
            Some((sum, count)) if alone > 0.0 => sum / count,
            _ => alone,
        }
    }
}

/// What the suspects of a service say for each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    /// The kind of the strongest, with its strength.
    pub(super) first: (Word, f64),
    /// The strongest of another kind.
    pub(super) second: Option<(Word, f64)>,
    pub(super) cause: Option<Cause>,
}

/// A resource that ran out: the strongest of a service is one whose change is no chance, then the one that deviates most, then
/// the first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cause {
    pub(super) sure: bool,
    pub(super) deviation: f64,
    pub(super) at: usize,
}

impl Group {
    pub(super) fn and(self, other: Self) -> Self {
        let (most, less) = if self.first.1 < other.first.1 { (other, self) } else { (self, other) };
        let others = [most.second, Some(less.first), less.second].into_iter().flatten();
        let second = others.filter(|(kind, _)| *kind != most.first.0).max_by(|a, b| a.1.total_cmp(&b.1));
        let causes = self.cause.into_iter().chain(other.cause);
        let cause =
            causes.max_by(|a, b| a.sure.cmp(&b.sure).then(a.deviation.total_cmp(&b.deviation)).then(b.at.cmp(&a.at)));
        Group { first: most.first, second, cause }
    }

    /// The strength of the strongest of another kind.
    pub(super) fn beside(&self, kind: Word) -> f64 {
        let second = || self.second.map_or(0.0, |(_, strength)| strength);
        if self.first.0 == kind { second() } else { self.first.1 }
    }
}
