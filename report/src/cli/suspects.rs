//! The metrics that changed most, a phenomenon each.

use super::inputs::Inputs;
use super::sheet::Sheet;
use super::verdict::{Verdict, chance, changed};

/// The best placed metric of a phenomenon of a service, and those it stands for.
pub(crate) struct Suspect {
    /// Its row in the ranking.
    pub(crate) row: usize,
    /// Its header.
    pub(crate) metric: String,
    /// Its service.
    pub(crate) service: Option<String>,
    /// Rows of the other aspects of the same phenomenon.
    pub(crate) others: Vec<usize>,
}

/// What the suspects are called.
pub(crate) fn heading(inputs: &Inputs) -> &'static str {
    let some = || (0..inputs.rank.len()).any(|row| changed(&inputs.rank, row));
    match inputs.verdict {
        Verdict::Worse if some() => "Suspects",
        Verdict::Worse | Verdict::Undecided => "Largest changes, which may be chance",
        Verdict::Quiet => "Largest changes, none beyond chance",
        Verdict::Untold => "First of the ranking",
    }
}

/// All phenomena in the order of the ranking. Where something got worse, those that moved, as the ranking says, else those
/// that are no chance, unless all may be. What the load generator did and saw is no suspect.
pub(crate) fn suspects(inputs: &Inputs) -> Vec<Suspect> {
    let rank = &inputs.rank;
    let counts: fn(&Sheet, usize) -> bool = match inputs.verdict {
        Verdict::Worse if rank.has("moved") => changed,
        _ => |rank, row| chance(rank, row).is_none(),
    };
    let any = (0..rank.len()).any(|row| changed(rank, row));
    let mut out: Vec<Suspect> = Vec::new();
    let mut place = std::collections::HashMap::new();
    for row in 0..rank.len() {
        let Some(metric) = rank.text(row, "metric").filter(|metric| inputs.naming.outcome(metric).is_none()) else {
            continue;
        };
        let scored = !rank.has("score") || rank.number(row, "score").is_some();
        if !scored || any && !counts(rank, row) {
            continue;
        }
        let service = rank.text(row, "service");
        let key = (service.clone(), inputs.naming.phenomenon(&metric));
        match place.get(&key) {
            Some(&at) => {
                let suspect: &mut Suspect = &mut out[at];
                suspect.others.push(row);
            }
            None => {
                place.insert(key, out.len());
                out.push(Suspect { row, metric, service, others: Vec::new() });
            }
        }
    }
    out
}
