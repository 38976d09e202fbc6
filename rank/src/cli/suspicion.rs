//! What the score and the verdict need to know of each metric.

use std::collections::{HashMap, HashSet};

use names::{Harm, Role};
use rank::score::{Item, fuse, ran_out};
use rank::verdict::{self, Sign, Verdict, moved};

use crate::cli::args::Order;
use crate::cli::ranking::{Entry, Ranking};
use crate::cli::words::Word;

/// Scores all metrics that have samples on both sides.
pub(crate) fn score(ranking: &mut Ranking, order: Order) {
    let services: HashSet<Word> = ranking.belongings.iter().filter_map(|belonging| belonging.service).collect();
    let starved = ranking.by_name().any(|entry| entry.is_of_a_call()).then(|| starved(ranking));
    let mut kinds: HashMap<&str, usize> = HashMap::new();
    let (mut places, mut items) = (Vec::new(), Vec::new());
    for (at, entry) in ranking.by_name().enumerate().filter(|(_, entry)| entry.metric.measure.z.get().is_some()) {
        let next = kinds.len();
        let kind = *kinds.entry(entry.metric.sense.kind).or_insert(next);
        places.push(at);
        items.push(item(&entry, kind, &services, starved.as_ref(), ranking.words.count()));
    }
    for (at, parts) in places.into_iter().zip(fuse(&items)) {
        let m = &ranking.metrics[at].measure;
        let score = match order {
            Order::Pct => m.pct_change.get().map(f64::abs),
            Order::PctDiff => m.pct_diff.get().map(f64::abs),
            Order::Z => m.z.get().map(f64::abs),
            Order::Effect => m.effect.get().map(|e| (e - 0.5).abs()),
            Order::Fused => Some(parts.score),
        };
        (ranking.standings[at].score, ranking.standings[at].parts) = (score.into(), parts);
    }
}

/// The services of which a resource ran out.
fn starved(ranking: &Ranking) -> HashSet<Word> {
    let lacks = |entry: &Entry| {
        let m = &entry.metric.measure;
        ran_out(entry.standing.role, m.harm, m.size, entry.standing.used.get())
    };
    ranking.by_name().filter(lacks).filter_map(|entry| entry.belonging.service).collect()
}

/// `words`: how many words there are, so that two of them make one number.
fn item(entry: &Entry, kind: usize, services: &HashSet<Word>, starved: Option<&HashSet<Word>>, words: usize) -> Item {
    let (m, sense, belonging) = (&entry.metric.measure, &entry.metric.sense, entry.belonging);
    let waits = sense.kind == "latency";
    // Seconds without a call, and what is gone, are no gaps in what is known.
    let missing = |share: Option<f64>| if entry.is_of_a_call() { 0.0 } else { share.unwrap_or(0.0) };
    let missing_overload = if m.overload.get().is_none() { 0.0 } else { missing(m.missing_overload.get()) };
    // A client's clock shows the one it waits for; where each call was timed, no other clock is needed; and a
    // client that lacks a resource itself waits for itself.
    let by_peer = belonging.peer.is_some_and(|peer| services.contains(&peer));
    let by_calls = starved.is_some_and(|starved| match belonging.call {
        Some((caller, _)) => starved.contains(&caller),
        None => waits,
    });
    let number = |word: Option<Word>| word.map_or(0, Word::number);
    Item {
        service: belonging.group.map(Word::number),
        kind,
        name: number(belonging.own),
        family: belonging.family.filter(|_| waits).map(|f| number(belonging.group) * (words + 1) + f.number()),
        role: if entry.standing.drift { Role::Driver } else { entry.standing.role },
        harm: m.harm,
        size: m.size,
        bad: m.bad,
        used: entry.standing.used.get(),
        gone: entry.is_gone(),
        caller: belonging.caller || waits && by_peer || by_calls,
        seen: (1.0 - missing(m.missing_steady.get()), 1.0 - missing_overload),
    }
}

/// Marks the metrics that moved, and says what all suspects say together.
pub(crate) fn judge(ranking: &mut Ranking) -> Verdict {
    let tests = ranking.metrics.iter().filter(|metric| metric.measure.p.get().is_some()).count() as f64;
    let mut signs = Vec::new();
    for at in 0..ranking.metrics.len() {
        let entry = ranking.at(at);
        let judged = entry.standing.role != Role::Driver && !entry.standing.drift;
        if judged && entry.metric.measure.z.get().is_some() {
            let sign = sign(&entry, tests);
            ranking.standings[at].moved = moved(&sign);
            signs.push(sign);
        }
    }
    verdict::verdict(&signs)
}

fn sign(entry: &Entry, tests: f64) -> Sign {
    let (m, sense, standing) = (&entry.metric.measure, &entry.metric.sense, entry.standing);
    let effect = match (sense.harm, m.effect.get().unwrap_or(0.5)) {
        (Harm::Up, effect) => effect,
        (Harm::Down | Harm::Gone, effect) => 1.0 - effect,
        (Harm::Both, effect) => effect.max(1.0 - effect),
    };
    // Errors where there were none, in a fifth of the rows or more.
    let errors = sense.kind == "errors" && m.steady.get() == Some(0.0) && effect >= 0.6;
    Sign {
        event: m.harm > 0.0 && (sense.harm == Harm::Gone || m.overload.get().is_none() || errors),
        q: standing.q.get().unwrap_or(1.0),
        least_q: m.least_p.get().map_or(1.0, |p| (p * tests).min(1.0)),
        effect,
        strength: standing.parts.deviation + standing.parts.size,
    }
}
