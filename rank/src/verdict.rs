//! Whether anything got worse at all.

use stats::SMALL;

/// What is known of one metric that may be a suspect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sign {
    /// True for an event: a flag of presence or a service that was lost, errors where there were none.
    pub event: bool,
    /// Probability of its change by chance.
    pub p: f64,
    /// False discovery rate of its change.
    pub q: f64,
    /// Chance of so many bursts of it, with all others counted (Bonferroni 1936): few rows are no shift that a test of ranks
    /// finds.
    pub bursts_q: f64,
    /// The rate it would have had if no overload sample overlapped the steady ones.
    pub least_q: f64,
    /// Chance that an overload sample is on the harmful side of a steady one.
    pub effect: f64,
    /// Chance of so many rows beyond all that the steady state showed, with all others counted, were they not one after the other.
    pub excess_q: f64,
    /// Share of the overload's rows in a stretch at its end beyond all that the steady state showed, where that is no chance.
    pub stretch: f64,
    /// Whether it grew enough to matter: see [`crate::score::grew`].
    pub grown: bool,
    /// `ln(1 + harmful deviation) + ln(1 + relative change)`.
    pub strength: f64,
}

/// What a comparison says as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Something moved for the worse.
    Worse,
    /// Nothing of the system did, but the users waited longer, or more of their requests failed.
    Felt,
    /// Nothing did.
    Quiet,
    /// Something may have, but there are too few independent samples to tell it from chance.
    Undecided,
}

impl Verdict {
    /// The word in tables.
    pub fn text(self) -> &'static str {
        match self {
            Verdict::Worse | Verdict::Felt => "worse",
            Verdict::Quiet => "quiet",
            Verdict::Undecided => "undecided",
        }
    }
}

/// False discovery rate under which a change is no chance.
pub const Q: f64 = stats::CLEAR;

/// Strength, and share of pairs, from which a change that the samples cannot prove, too few or too much alike, still speaks against
/// quiet: that of a fault which fills the last four fifths of the overload.
const LARGE: (f64, f64) = (5.0, 0.9);

/// True for a metric that changed for the worse, beyond chance and beyond what a steady state varies.
pub fn moved(sign: &Sign) -> bool {
    let shifted = sign.q < Q && sign.effect > 0.5;
    sign.event || (shifted || sign.bursts_q < Q) && sign.grown && sign.strength > SMALL
}

/// True for a shift, by the share of pairs that it holds in, that fills only a part of the overload.
pub fn is_in_part(effect: f64) -> bool {
    (1.0 - LARGE.1..LARGE.1).contains(&effect)
}

/// True for a change for the worse that is too large to be passed over, though it may be one event that lasts, or the samples are too
/// few to prove it.
pub fn is_large(sign: &Sign) -> bool {
    let shifted = sign.effect >= LARGE.1 && (sign.least_q >= Q || sign.p < Q);
    sign.grown && (sign.strength > LARGE.0 && shifted || sign.strength > SMALL && sign.excess_q < Q)
}

/// Share of the rows from which on errors where there were none, a change at the end, and the end of a metric are no passing ones.
pub(crate) const TENTH: f64 = 0.1;

/// True for a change for the worse that is large and stays beyond the steady state to the end.
pub fn lasts(sign: &Sign) -> bool {
    sign.grown && sign.strength > LARGE.0 && sign.stretch >= TENTH
}

/// What all that may be suspect say together, counted one after the other; of some their numbers.
#[derive(Debug, Default)]
pub struct Signs {
    /// Those that moved.
    pub moved: Vec<usize>,
    /// Those that changed too much to be passed over.
    pub large: Vec<usize>,
    /// Those that changed by much and stayed so to the end.
    pub lasting: Vec<usize>,
    felt: bool,
    moving: usize,
    provable: usize,
}

impl Signs {
    /// Looks at what a load generator saw of the users.
    pub fn add_felt(&mut self, sign: &Sign) {
        self.felt |= moved(sign);
    }

    /// Looks at one more that may be a suspect.
    pub fn add(&mut self, sign: &Sign, at: usize) {
        self.moved.extend(moved(sign).then_some(at));
        self.large.extend(is_large(sign).then_some(at));
        self.lasting.extend(lasts(sign).then_some(at));
        self.moving += usize::from(sign.effect != 0.5);
        self.provable += usize::from(sign.effect != 0.5 && sign.least_q < Q);
    }

    /// Those of both.
    #[must_use]
    pub fn and(mut self, mut other: Signs) -> Self {
        self.moved.append(&mut other.moved);
        self.large.append(&mut other.large);
        self.lasting.append(&mut other.lasting);
        Signs {
            felt: self.felt | other.felt,
            moving: self.moving + other.moving,
            provable: self.provable + other.provable,
            ..self
        }
    }

    /// The verdict over them. `apart`: most metrics are on one side only, and of them nothing is known.
    pub fn verdict(&self, apart: bool) -> Verdict {
        // Rows so few that of hardly any metric a change could be proven say nothing of quiet either.
        let blind = apart || 10 * self.provable < self.moving;
        match (self.moved.is_empty(), self.felt, blind || !self.large.is_empty()) {
            (false, ..) => Verdict::Worse,
            (_, true, _) => Verdict::Felt,
            (.., true) => Verdict::Undecided,
            _ => Verdict::Quiet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(signs: &[Sign]) -> Verdict {
        let mut all = Signs::default();
        signs.iter().for_each(|sign| all.add(sign, 0));
        all.verdict(false)
    }

    const STILL: Sign = Sign {
        event: false,
        grown: true,
        p: 0.4,
        q: 0.6,
        bursts_q: 1.0,
        least_q: 1e-9,
        effect: 0.55,
        excess_q: 1.0,
        stretch: 0.0,
        strength: 0.4,
    };

    #[test]
    fn a_strong_significant_change_is_worse() {
        assert_eq!(verdict(&[STILL, Sign { q: 1e-4, effect: 0.99, strength: 6.0, ..STILL }]), Verdict::Worse);
        assert_eq!(verdict(&[Sign { event: true, ..STILL }]), Verdict::Worse);
    }

    #[test]
    fn bursts_are_worse_whatever_the_ranks_say() {
        let bursts = Sign { q: 1.0, bursts_q: 1e-4, effect: 0.4, strength: 6.0, ..STILL };
        assert_eq!(verdict(&[STILL, bursts]), Verdict::Worse);
        assert_eq!(verdict(&[Sign { strength: 1.0, ..bursts }, Sign { grown: false, ..bursts }]), Verdict::Quiet);
    }

    #[test]
    fn drift_and_flukes_are_quiet() {
        let drift = Sign { q: 1e-6, effect: 1.0, strength: 1.2, ..STILL };
        let fluke = Sign { strength: 9.0, effect: 0.7, ..STILL };
        let small = Sign { q: 1e-4, effect: 0.99, strength: 6.0, grown: false, ..STILL };
        assert_eq!(verdict(&[STILL, drift, fluke, small]), Verdict::Quiet);
        assert_eq!(verdict(&[]), Verdict::Quiet);
    }

    #[test]
    fn four_rows_prove_nothing_and_are_not_called_quiet() {
        let few = Sign { q: 0.3, least_q: 0.2, effect: 1.0, strength: 8.0, ..STILL };
        assert_eq!(verdict(&[few]), Verdict::Undecided);
        assert_eq!(verdict(&[Sign { strength: 1.0, ..few }]), Verdict::Undecided);
        let known = [Sign { strength: 1.0, ..few }, STILL, STILL];
        assert_eq!(verdict(&known), Verdict::Quiet);
    }

    #[test]
    fn a_large_change_that_begins_within_the_overload_is_not_quiet() {
        let late = Sign { p: 1e-3, q: 0.1, effect: 0.92, strength: 9.0, ..STILL };
        assert_eq!(verdict(&[STILL, late]), Verdict::Undecided);
        for chance in [Sign { strength: 4.0, ..late }, Sign { p: 0.02, ..late }] {
            assert_eq!(verdict(&[STILL, chance]), Verdict::Quiet);
        }
    }

    #[test]
    fn one_stretch_beyond_all_of_the_steady_state_is_not_quiet() {
        let stretch = Sign { excess_q: 1e-4, q: 0.4, effect: 0.62, strength: 4.0, ..STILL };
        assert_eq!(verdict(&[STILL, stretch]), Verdict::Undecided);
        for small in
            [Sign { strength: 1.0, ..stretch }, Sign { excess_q: 0.1, ..stretch }, Sign { grown: false, ..stretch }]
        {
            assert_eq!(verdict(&[STILL, small]), Verdict::Quiet);
        }
    }

    #[test]
    fn two_kinds_that_stay_beyond_the_steady_state_to_the_end_are_worse() {
        let late = Sign { stretch: 0.3, effect: 0.65, strength: 9.0, ..STILL };
        assert!(lasts(&late) && !lasts(&Sign { stretch: 0.05, ..late }) && !lasts(&Sign { strength: 4.0, ..late }));
        let mut signs = Signs::default();
        signs.add(&late, 0);
        assert_eq!(signs.verdict(false), Verdict::Quiet);
        signs.moved.append(&mut signs.lasting);
        assert_eq!(signs.verdict(false), Verdict::Worse);
    }

    #[test]
    fn what_the_users_felt_is_never_quiet() {
        let mut signs = Signs::default();
        signs.add(&STILL, 0);
        signs.add_felt(&STILL);
        assert_eq!(signs.verdict(false), Verdict::Quiet);
        signs.add_felt(&Sign { q: 1e-4, effect: 0.99, strength: 6.0, ..STILL });
        assert_eq!(signs.verdict(false), Verdict::Felt);
        assert_eq!(signs.verdict(true), Verdict::Felt);
        signs.add(&Sign { event: true, ..STILL }, 0);
        assert_eq!(signs.verdict(false), Verdict::Worse);
    }

    #[test]
    fn an_improvement_is_not_worse() {
        assert_eq!(verdict(&[Sign { q: 1e-6, effect: 0.0, strength: 0.0, ..STILL }]), Verdict::Quiet);
    }
}
