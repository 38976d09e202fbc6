//! What a metric measures, which way is harm, and what part it plays.

pub(crate) mod aspect;
pub(crate) mod counter;
pub(crate) mod delay;
pub(crate) mod limit;
pub(crate) mod outcome;
pub(crate) mod reading;
pub(crate) mod status;

/// The direction in which a change does harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// More is worse: latency, errors, use of resources.
    Up,
    /// Less is worse: availability, what is free.
    Down,
    /// Any change counts.
    Both,
    /// What is there while all is well (a flag, a count of servers): each time it is away is an event, however
    /// short the steady state was watched.
    Gone,
}

impl Harm {
    const NAMES: [(&'static str, Harm); 4] =
        [("up", Harm::Up), ("down", Harm::Down), ("both", Harm::Both), ("gone", Harm::Gone)];

    /// Reads `up`, `down`, `both` or `gone`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::NAMES.iter().find_map(|(name, harm)| (*name == text).then_some(*harm))
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, harm)| *harm == self).map_or("", |(name, _)| name)
    }
}

/// The part a kind of metric plays in a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A resource that runs out; within a service it goes before the symptoms.
    Cause,
    /// What waits for a resource (a queue, workers all busy), or is no longer there. A cause, and
    /// the plainest sign of one.
    Saturation,
    /// What users feel: latency, errors, availability.
    Symptom,
    /// The load that is put on a service, what follows it (open files, threads), or a setting; it
    /// may explain a change, it is not one.
    Driver,
    /// Anything else.
    Other,
}

impl Role {
    const NAMES: [(&'static str, Role); 5] = [
        ("cause", Role::Cause),
        ("saturation", Role::Saturation),
        ("symptom", Role::Symptom),
        ("driver", Role::Driver),
        ("other", Role::Other),
    ];

    /// Reads `cause`, `saturation`, `symptom`, `driver` or `other`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::NAMES.iter().find_map(|(name, role)| (*name == text).then_some(*role))
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, role)| *role == self).map_or("", |(name, _)| name)
    }
}

/// What a row of a table of kinds says of the names it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// Its name, as printed: `latency`, `cpu`, `traffic`.
    pub name: String,
    /// Which way is harm.
    pub harm: Harm,
    /// The part it plays.
    pub role: Role,
    /// The unit, where the row says it: `seconds`, `bytes`, `ratio`.
    pub unit: String,
    /// Where the row is from: an exporter and its version, or a convention.
    pub source: String,
}
