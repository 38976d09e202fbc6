//! The metrics that changed most, a phenomenon each.

use super::inputs::Inputs;
use super::sheet::Sheet;

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

/// True unless the ranking says that the change may be chance.
pub(crate) fn counts(table: &Sheet, row: usize) -> bool {
    table.number(row, "q").is_none_or(is_clear)
}

/// True for a false discovery rate at which a change is no chance.
pub(crate) fn is_clear(q: f64) -> bool {
    q < stats::CLEAR
}

/// All phenomena in the order of the ranking; those that may be chance are left out, unless all may be. What the load
/// generator did and saw is no suspect.
pub(crate) fn suspects(inputs: &Inputs) -> Vec<Suspect> {
    let rank = &inputs.rank;
    let any = (0..rank.len()).any(|row| rank.number(row, "q").is_some_and(is_clear));
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
