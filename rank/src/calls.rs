//! Who waits for whom: a callee that moved as well goes before the callers that wait for it.

use std::collections::{BTreeMap, BTreeSet};

/// Score above which a service clearly moved: a deviation or a relative change of a few times what it was.
/// A graph says nothing of services that did not.
pub const MOVED: f64 = 2.0;

/// Share of its caller's score with which a callee is at least as suspect: a caller shows what its callees do
/// and what it does itself, so it often shows more than the culprit.
const NEARLY: f64 = 0.7;

/// A call graph between services, by number: which a service calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calls {
    callees: BTreeMap<usize, BTreeSet<usize>>,
}

impl Calls {
    /// Adds a call; one of a service by itself says nothing.
    pub fn add(&mut self, caller: usize, callee: usize) {
        if caller != callee {
            self.callees.entry(caller).or_default().insert(callee);
        }
    }

    /// True without any call.
    pub fn is_empty(&self) -> bool {
        self.callees.is_empty()
    }

    /// The services with a score, in the order of suspicion: by score, but each after those of its callees
    /// that moved nearly as much. `scores[service]` is `None` for one that only hands calls on: it is looked
    /// through. Of a cycle the one with the highest score comes last. Ties by number. Cost: O(n · calls).
    pub fn order(&self, scores: &[Option<f64>]) -> Vec<usize> {
        let mut services: Vec<(usize, f64)> = scores.iter().enumerate().filter_map(|(i, s)| Some((i, (*s)?))).collect();
        services.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let (mut placed, mut out) = (vec![false; scores.len()], Vec::with_capacity(services.len()));
        for (service, _) in services {
            self.place(service, scores, &mut placed, &mut out);
        }
        out
    }

    /// Places a service after its callees; without recursion, for a graph may be a long chain.
    fn place(&self, service: usize, scores: &[Option<f64>], placed: &mut [bool], out: &mut Vec<usize>) {
        if std::mem::replace(&mut placed[service], true) {
            return;
        }
        let mut open = vec![(service, self.suspects(service, scores))];
        while let Some((service, callees)) = open.last_mut() {
            match callees.pop() {
                Some(next) => {
                    if !std::mem::replace(&mut placed[next], true) {
                        open.push((next, self.suspects(next, scores)));
                    }
                }
                None => {
                    out.push(*service);
                    open.pop();
                }
            }
        }
    }

    /// The callees of a service, near or far, that moved nearly as much as it: the strongest last.
    fn suspects(&self, service: usize, scores: &[Option<f64>]) -> Vec<usize> {
        let Some(own) = scores[service].filter(|own| *own > MOVED) else { return Vec::new() };
        let mut found: Vec<(usize, f64)> = self
            .reached(service, scores)
            .into_iter()
            .filter_map(|callee| scores[callee].map(|score| (callee, score)))
            .filter(|(_, score)| *score > MOVED && *score >= NEARLY * own)
            .collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        found.into_iter().map(|(callee, _)| callee).collect()
    }

    /// The services that a service waits for, through those that only hand calls on.
    fn reached(&self, service: usize, scores: &[Option<f64>]) -> BTreeSet<usize> {
        let (mut open, mut through, mut found) = (vec![service], BTreeSet::from([service]), BTreeSet::new());
        while let Some(at) = open.pop() {
            for &callee in self.callees.get(&at).into_iter().flatten() {
                if !through.insert(callee) {
                    continue;
                }
                match scores.get(callee).copied().flatten() {
                    Some(_) => _ = found.insert(callee),
                    None => open.push(callee),
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(scores: &[f64], edges: &[(usize, usize)]) -> Vec<usize> {
        let mut calls = Calls::default();
        edges.iter().for_each(|(a, b)| calls.add(*a, *b));
        let scores: Vec<Option<f64>> = scores.iter().map(|s| (!s.is_nan()).then_some(*s)).collect();
        calls.order(&scores)
    }

    #[test]
    fn a_callee_that_moved_nearly_as_much_goes_before_its_caller() {
        assert_eq!(order(&[10.0, 8.0, 9.0], &[(0, 1)]), [1, 0, 2]);
        assert_eq!(order(&[10.0, 6.0, 9.0], &[(0, 1)]), [0, 2, 1]);
    }

    #[test]
    fn the_end_of_a_chain_goes_first() {
        assert_eq!(order(&[10.0, 9.0, 8.0], &[(0, 1), (1, 2)]), [2, 1, 0]);
    }

    #[test]
    fn services_that_did_not_move_change_nothing() {
        assert_eq!(order(&[1.9, 1.8, 1.0], &[(0, 1), (1, 2)]), [0, 1, 2]);
    }

    #[test]
    fn what_only_hands_calls_on_is_looked_through() {
        assert_eq!(order(&[10.0, f64::NAN, 9.0], &[(0, 1), (1, 2)]), [2, 0]);
    }

    #[test]
    fn cycles_end() {
        assert_eq!(order(&[10.0, 9.0], &[(0, 1), (1, 0), (1, 1)]), [1, 0]);
    }

    proptest::proptest! {
        #[test]
        fn every_service_is_placed_once(
            scores in proptest::collection::vec(0.0..20.0_f64, 1..8),
            edges in proptest::collection::vec((0..8usize, 0..8usize), 0..20),
        ) {
            let n = scores.len();
            let inside: Vec<_> = edges.into_iter().filter(|(a, b)| *a < n && *b < n).collect();
            let mut found = order(&scores, &inside);
            found.sort_unstable();
            proptest::prop_assert_eq!(found, (0..n).collect::<Vec<_>>());
        }
    }
}
