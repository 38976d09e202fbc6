//! What the score and the verdict need to know of each metric.

use crate::keyed::by_key;
use crate::note::Note;
use crate::score::{Item, fuse, grew, ran_out};
use crate::verdict::{Q, Sign, Signs, TENTH, Verdict};
use names::{Harm, Role, Word, WordMap};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::suspects::entry::{Charge, Entry};
use crate::suspects::metric::is_felt;
use crate::suspects::ranking::{Order, Ranking, least_q, tests};

/// Scores all metrics that have samples on both sides.
pub(crate) fn score(ranking: &mut Ranking, order: Order) {
    let view = View::of(ranking);
    let item = |at: usize| {
        let entry = ranking.at(at);
        entry.is_scored().then(|| view.item(&entry))
    };
    ranking.strengths = fuse(ranking.metrics.list.len(), item);
    let Ranking { metrics, standings, strengths, .. } = ranking;
    let each = standings.par_iter_mut().zip(&metrics.list).zip(strengths);
    each.filter(|((_, metric), _)| metric.is_scored()).for_each(|((standing, metric), strength)| {
        let m = &metric.measure;
        let score = match order {
            Order::Pct => m.pct_change.get().map(f64::abs),
            Order::PctDiff => m.pct_diff.get().map(f64::abs),
            Order::Z => m.z.get().map(f64::abs),
            Order::Effect => m.effect.get().map(|e| (e - 0.5).abs()),
            Order::Fused => Some(strength.score),
        };
        standing.score = score.into();
    });
}

/// Its part in a fault; what drifts has none.
fn role(entry: &Entry) -> Role {
    if entry.standing.drift { Role::Driver } else { entry.role() }
}

/// What the items of all metrics have in common.
struct View {
    services: FxHashSet<Word>,
    /// The services of which a resource ran out, where calls were timed by themselves.
    starved: Option<FxHashSet<Word>>,
}

impl View {
    fn of(ranking: &Ranking) -> Self {
        let services = services(ranking);
        let timed = ranking.places.iter().any(|place| place.call.is_some());
        View { services, starved: timed.then(|| starved(ranking)) }
    }

    fn item(&self, entry: &Entry) -> Item {
        let (m, reading, place) = (&entry.metric.measure, entry.reading(), entry.place);
        let waits = reading.kind == "latency";
        // A client's clock shows the one it waits for, and the failures it counts are those of the one it asks; where each call
        // was timed, no other clock is needed; and a client that lacks a resource itself waits for itself.
        let by_peer = entry.standing.charge == Charge::Labels && asked(entry, &self.services).is_some();
        let by_calls = self.starved.as_ref().is_some_and(|starved| match place.call {
            Some((caller, _)) => starved.contains(&caller),
            None => waits,
        });
        Item {
            service: entry.group(),
            kind: entry.meaning.kind,
            name: entry.meaning.own,
            family: entry.meaning.family.filter(|_| waits),
            role: role(entry),
            sure: entry.standing.q.get().is_some_and(|q| q < Q),
            chance: entry.standing.chance,
            harm: m.harm,
            size: m.size,
            bad: m.bad,
            used: entry.fill(),
            gone: entry.is_gone(),
            caller: place.caller || by_peer || by_calls,
            seen: entry.seen(),
        }
    }
}

fn services(ranking: &Ranking) -> FxHashSet<Word> {
    ranking.places.iter().filter_map(|place| place.service).collect()
}

/// The other service that was asked, of what that one answers for whoever sees it: how long it took, and that it failed.
fn asked(entry: &Entry, services: &FxHashSet<Word>) -> Option<Word> {
    let is_answered = ["latency", "errors"].contains(&entry.reading().kind);
    entry.place.peer.filter(|peer| is_answered && services.contains(peer) && entry.place.service != Some(*peer))
}

/// Charges a wait or failures that moved to the service that is asked, where nothing of that moved by itself: a proxy or a client
/// may be the only one that saw it. Of one for whom all that it asks fails, several that are still, the failures are its own.
pub(crate) fn charge_the_still(ranking: &mut Ranking) {
    let services = services(ranking);
    let asked = |entry: &Entry| asked(entry, &services);
    let moved = || ranking.side_by_side().filter(|entry| entry.standing.moved);
    let own = moved().filter(|entry| asked(entry).is_none() && !entry.place.caller);
    let moving: WordMap<()> = by_key(own.filter_map(|entry| Some((entry.place.service?, ()))), |(), ()| ());
    let is_still = |peer: Word| !moving.contains_key(&peer);
    let still: Vec<Entry> = moved().filter(|entry| asked(entry).is_some_and(is_still)).collect();
    let fails = |entry: &Entry| entry.reading().kind == "errors";
    let callers = still.iter().filter(|entry| fails(entry)).filter_map(|entry| entry.place.service).collect();
    let alone = failing_alone(ranking, callers, asked, is_still);
    let is_alone = |entry: &Entry| entry.place.service.is_some_and(|caller| alone.contains(&caller));
    let charge = |entry: &Entry| if fails(entry) && is_alone(entry) { Charge::Caller } else { Charge::Asked };
    let charges: Vec<(usize, Charge)> = still.iter().map(|entry| (entry.at, charge(entry))).collect();
    charges.into_iter().for_each(|(at, charge)| ranking.standings[at].charge = charge);
}

/// Of these callers those for whom all that they ask fails, several services of which each is still: that is not the asked ones'
/// doing.
fn failing_alone(
    ranking: &Ranking,
    mut callers: FxHashSet<Word>,
    asked: impl Fn(&Entry) -> Option<Word> + Sync,
    is_still: impl Fn(Word) -> bool,
) -> FxHashSet<Word> {
    if callers.is_empty() {
        return callers;
    }
    let of_callers = |entry: Entry| {
        let caller = entry.place.service.filter(|caller| callers.contains(caller) && entry.is_scored())?;
        let peer = asked(&entry).filter(|_| entry.reading().kind == "errors")?;
        Some(((caller, peer), entry.standing.moved))
    };
    let failing: FxHashMap<(Word, Word), bool> =
        by_key(ranking.side_by_side().filter_map(of_callers), |one, other| one || other);
    let mut peers: FxHashMap<Word, usize> = FxHashMap::default();
    for ((caller, peer), moved) in failing {
        *peers.entry(caller).or_default() += 1;
        if !moved || !is_still(peer) {
            callers.remove(&caller);
        }
    }
    callers.retain(|caller| peers.get(caller).is_some_and(|count| *count > 1));
    callers
}

/// The services of which a resource ran out.
fn starved(ranking: &Ranking) -> FxHashSet<Word> {
    let lacks = |entry: &Entry| {
        let m = &entry.metric.measure;
        ran_out(entry.role(), m.harm, m.size, entry.fill())
    };
    ranking.side_by_side().filter(lacks).filter_map(|entry| entry.place.service).collect()
}

/// Marks the metrics that moved, and says what all suspects say together. Where the users felt it and nothing of the system is proven,
/// what changed too much to be passed over moved: that something happened then is known.
pub(crate) fn judge(ranking: &mut Ranking) -> Verdict {
    let tests = tests(&ranking.standings);
    let felt = ranking.side_by_side().filter(|entry| entry.is_scored() && is_felt(entry.reading())).count() as f64;
    let judged = ranking.side_by_side().filter(Entry::is_scored);
    let look = |mut signs: Signs, entry: Entry| {
        match role(&entry) {
            Role::Driver if is_felt(entry.reading()) => signs.add_felt(&sign(&entry, tests, felt)),
            Role::Driver if !entry.is_lost() => {}
            _ => signs.add(&sign(&entry, tests, tests), entry.at),
        }
        signs
    };
    let mut signs = judged.fold(Signs::default, look).reduce(Signs::default, Signs::and);
    signs.moved.extend(agreeing(ranking, &signs.lasting));
    let verdict = signs.verdict(ranking.is_apart());
    let (moved, verdict) = match verdict {
        Verdict::Felt if !signs.large.is_empty() => (&signs.large, Verdict::Worse),
        _ => (&signs.moved, verdict),
    };
    moved.iter().for_each(|at| ranking.standings[*at].moved = true);
    ranking.large = signs.large;
    verdict
}

/// Of the metrics that changed by much and stayed so to the end those of services of which two kinds did: one may be an event of its
/// own, two say that the service changed.
fn agreeing(ranking: &Ranking, lasting: &[usize]) -> Vec<usize> {
    let whose = |at: usize| {
        let entry = ranking.at(at);
        Some((entry.service()?, entry.meaning.kind))
    };
    let mut kinds: FxHashMap<Word, FxHashSet<Word>> = FxHashMap::default();
    for (service, kind) in lasting.iter().filter_map(|at| whose(*at)) {
        kinds.entry(service).or_default().insert(kind);
    }
    let agree = |at: &usize| whose(*at).is_some_and(|(service, _)| kinds[&service].len() > 1);
    lasting.iter().copied().filter(agree).collect()
}

/// Effect of errors where there were none that are in a tenth of the rows: half of it, for other rows are level with the steady
/// ones; less what rounding takes.
const BORN: f64 = 0.5 + TENTH / 2.0 - 1e-4;

/// Of so many changes that are tested, and so many whose bursts are.
fn sign(entry: &Entry, tests: f64, bursts: f64) -> Sign {
    let (m, reading, parts) = (&entry.metric.measure, entry.reading(), entry.parts());
    let effect = match (reading.harm, m.effect.get().unwrap_or(0.5)) {
        (Harm::Up, effect) => effect,
        (Harm::Down | Harm::Gone, effect) => 1.0 - effect,
        (Harm::Both, effect) => effect.max(1.0 - effect),
    };
    let errors = reading.kind == "errors" && m.steady.get() == Some(0.0) && effect >= BORN && m.part;
    Sign {
        event: m.harm > 0.0 && (reading.harm == Harm::Gone || m.note == Note::Gone || errors),
        p: m.p.get().unwrap_or(1.0),
        q: entry.standing.q.get().unwrap_or(1.0),
        bursts_q: m.bursts_p.get().map_or(1.0, |p| (p * bursts).min(1.0)),
        least_q: least_q(m, tests),
        effect,
        excess_q: m.excess_p.get().map_or(1.0, |p| (p * tests).min(1.0)),
        stretch: m.stretch.get().unwrap_or(0.0),
        grown: grew(entry.role(), m.size, entry.fill()),
        strength: parts.deviation + parts.size,
    }
}
