//! One metric among the others.

use crate::known::Known;
use crate::note::Note;
use crate::score::{Parts, Strength, is_taken, own_parts};
use names::{Harm, Meaning, Reading, Role, Word};

use crate::suspects::limits::Held;
use crate::suspects::metric::{Metric, Place};
use crate::suspects::ranking::Ranking;

/// Who is charged with what a service says of another that it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charge {
    /// The one that its labels name; what is said of another stands behind what that one says itself.
    Labels,
    /// The one that says it.
    Caller,
    /// The one that is asked.
    Asked,
}

/// Where a metric stands among the others.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Its number among the aspects of its phenomenon, the strongest first.
    pub aspect: u32,
    /// False discovery rate.
    pub q: Known,
    /// True where it changed for the worse, beyond chance and beyond drift.
    pub moved: bool,
    /// True where it is more likely chance than a change, though the rows are enough to prove one.
    pub chance: bool,
    /// True where it moved before the users felt anything.
    pub drift: bool,
    /// Who is charged with it: see [`crate::suspects::suspicion::charge_the_still`].
    pub charge: Charge,
    /// What the rows are sorted by; not known without samples on both sides.
    pub score: Known,
}

/// A metric with all that is known of it.
#[derive(Clone, Copy)]
pub struct Entry<'r> {
    /// What was measured.
    pub metric: &'r Metric,
    /// What its name means.
    pub meaning: &'r Meaning<'r>,
    /// Whose it is.
    pub place: &'r Place,
    /// Where it stands.
    pub standing: &'r Standing,
    /// All of them.
    pub ranking: &'r Ranking<'r>,
    /// Its number in the order of names.
    pub at: usize,
}

/// Share of its overload level below which a metric was at rest in steady state.
const REST: f64 = 0.01;

impl<'r> Entry<'r> {
    /// Its header.
    pub fn header(&self) -> String {
        self.ranking.metrics.header(self.metric)
    }

    /// What its name says.
    pub fn reading(&self) -> &'r Reading<'r> {
        &self.meaning.reading
    }

    /// The service that it is charged to.
    pub fn service(&self) -> Option<Word> {
        if self.standing.charge == Charge::Asked { self.place.peer } else { self.place.service }
    }

    /// The group it is ranked in.
    pub fn group(&self) -> Option<Word> {
        match self.ranking.by {
            By::Service => self.service(),
            By::Name => Some(self.meaning.name),
            By::Label => self.place.label,
        }
    }

    /// Its part in a fault: that of its kind, or driver for load, outcomes and the monitoring itself.
    pub fn role(&self) -> Role {
        if self.stands_apart() { Role::Driver } else { self.meaning.reading.role }
    }

    /// True for load and the like of a service that is gone: that it is there no more is no less load.
    pub fn is_lost(&self) -> bool {
        self.metric.measure.note == Note::Gone && !self.stands_apart() && !self.standing.drift
    }

    /// True for outcomes and the monitoring itself.
    fn stands_apart(&self) -> bool {
        self.meaning.reading.outcome.is_some() || self.place.monitoring
    }

    /// The limit it is held to, and the share of it in use in the overload.
    pub fn limit(&self) -> Option<(Word, f64)> {
        self.held().map(|held| (held.limit, held.now))
    }

    fn held(&self) -> Option<Held> {
        self.ranking.limits.get(&(self.at as u32)).copied()
    }

    /// Share of its limit in use in the overload.
    pub fn used(&self) -> Known {
        self.limit().map(|(_, used)| used).into()
    }

    /// Share of its limit in use in steady state and in the overload; of what is a share itself, that.
    pub fn fill(&self) -> Option<(f64, f64)> {
        if let Some(held) = self.held() {
            return Some((held.before, held.now));
        }
        let (steady, overload) = (self.metric.measure.steady.get()?, self.metric.measure.overload.get()?);
        let down = self.meaning.reading.harm == Harm::Down;
        let whole = match self.meaning.reading.unit {
            "ratio" => 1.0,
            "percent" => 100.0,
            _ => return None,
        };
        let share = |level: f64| if down { 1.0 - level / whole } else { level / whole };
        Some((share(steady), share(overload))).filter(|(a, b)| (0.0..=1.0).contains(a) && (0.0..=1.0).contains(b))
    }

    /// Share of the steady rows, and of the overload's rows, that hold it. Seconds without a call, and what is gone, are
    /// no gaps in what is known.
    pub fn seen(&self) -> (f64, f64) {
        let m = &self.metric.measure;
        let missing = |share: Option<f64>| if self.is_of_a_call() { 0.0 } else { share.unwrap_or(0.0) };
        let missing_overload = if m.overload.get().is_none() { 0.0 } else { missing(m.missing_overload.get()) };
        (1.0 - missing(m.missing_steady.get()), 1.0 - missing_overload)
    }

    /// True where it has samples on both sides.
    pub fn is_scored(&self) -> bool {
        self.metric.is_scored()
    }

    /// The parts of its score that it has by itself; nothing where it has none.
    pub fn parts(&self) -> Parts {
        let m = &self.metric.measure;
        if self.is_scored() { own_parts(m.harm, m.size, self.seen()) } else { Parts::default() }
    }

    /// The others.
    pub fn strength(&self) -> Strength {
        self.ranking.strengths.get(self.at).copied().unwrap_or_default()
    }

    /// True for a flag of presence that is lost most of the time, and for the metrics of a service that is gone.
    pub fn is_gone(&self) -> bool {
        let m = &self.metric.measure;
        let lost = |steady: f64| self.meaning.reading.harm == Harm::Gone && 2.0 * m.bad > steady;
        m.note == Note::Gone || m.harm > 0.0 && m.steady.get().is_some_and(lost)
    }

    /// True for what a service takes in the overload and took next to nothing of in steady state: percentages of
    /// it say that it rested.
    pub fn is_resting(&self) -> bool {
        self.is_taken() && self.standing.moved && self.rested() == Some(true)
    }

    /// True for what a service takes, a resource or a queue, not what its callers see of it.
    pub fn is_taken(&self) -> bool {
        is_taken(self.role())
    }

    /// Whether it was next to nothing in steady state beside what it is in the overload; `None` where it is nothing there.
    pub fn rested(&self) -> Option<bool> {
        let levels = self.metric.measure.steady.get().zip(self.metric.measure.overload.get());
        levels.filter(|(_, overload)| *overload > 0.0).map(|(steady, overload)| steady < REST * overload)
    }

    /// True for what `spans` measured of a call between two services.
    pub fn is_of_a_call(&self) -> bool {
        self.place.call.is_some()
    }
}

/// What metrics are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Services.
    Service,
    /// What stands before the labels.
    Name,
    /// Values of a label.
    Label,
}

impl By {
    /// What `--by` asks for.
    pub fn of(by: &str) -> Self {
        match by {
            "metric" | "service" => By::Service,
            "name" | "__name__" => By::Name,
            _ => By::Label,
        }
    }
}
