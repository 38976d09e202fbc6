//! All that is known of names, and the answers to the filters' questions.

use std::borrow::Cow;

use rayon::prelude::*;
use regex::Regex;

use crate::built_in::{BUILT_IN, BuiltIn};
use crate::kinds::Kind;
use crate::kinds::aspect::phenomenon;
use crate::kinds::limit::{Limit, limits};
use crate::kinds::reading::{OTHER, Reading, unit};
use crate::said::{KIND, Meta, Said, UNIT};
use crate::services::{Place, Survey};
use crate::{Name, Outcome, Selector, TREATMENT, Treatment};

/// A row of a user's table of kinds: a regular expression on the metric's own name, letter case ignored, and
/// what it stands for.
#[derive(Debug, Clone)]
pub struct OwnKind {
    pattern: Regex,
    kind: Kind,
}

impl OwnKind {
    /// A row, or what is wrong with its pattern.
    pub fn new(pattern: &str, kind: Kind) -> Result<Self, regex::Error> {
        let pattern = regex::RegexBuilder::new(pattern).case_insensitive(true).build()?;
        Ok(Self { pattern, kind })
    }
}

/// What of a user's tables and pattern says nothing, see [`Catalogue::idle`].
#[derive(Debug, Clone)]
pub struct Idle<'c> {
    /// Patterns of kinds.
    pub kinds: Vec<&'c Regex>,
    /// Selectors of services.
    pub services: Vec<&'c Selector>,
    /// The pattern on headers.
    pub pattern: Option<&'c Regex>,
}

/// What names mean: the tables that are built in, after the user's own.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    kinds: Vec<OwnKind>,
    services: Vec<(Selector, String)>,
    pattern: Option<Regex>,
}

impl Catalogue {
    /// Asks these kinds first.
    #[must_use]
    pub fn with_kinds(mut self, kinds: Vec<OwnKind>) -> Self {
        self.kinds = kinds;
        self
    }

    /// Asks first whose a series is: that of the first selector that picks it.
    #[must_use]
    pub fn with_services(mut self, services: Vec<(Selector, String)>) -> Self {
        self.services = services;
        self
    }

    /// Asks a regular expression on the header next: its group `service`, or the first, is the service, its group
    /// `metric` the own name.
    #[must_use]
    pub fn with_pattern(mut self, pattern: Option<Regex>) -> Self {
        self.pattern = pattern;
        self
    }

    /// What a header tells of its metric: what the metadata said and the header carries, then the name.
    pub fn read(&self, name: &Name) -> Reading<'_> {
        let built_in = self.built_in();
        let status = built_in.statuses.of(name);
        let whole = built_in.vocabulary.read(&name.name);
        let unit = self.unit(&name.name, name.label(UNIT));
        let own_kind = (!self.kinds.is_empty()).then(|| self.own_kind(name)).flatten();
        let mut reading = match own_kind {
            Some(kind) => Reading::of(kind).completed(name, unit),
            None => self.kind(name, &whole).completed(name, unit),
        };
        let said = name.label(TREATMENT).and_then(Treatment::parse).map(|treatment| treatment != Treatment::Level);
        reading.counter = said.or_else(|| built_in.counters.of(&whole, &name.name, None));
        if own_kind.is_none() {
            let counted = if said == Some(true) { reading.counted() } else { reading };
            reading = counted.ended(status);
        }
        reading.outcome = built_in.outcomes.find(&whole, name).copied();
        reading.monitoring = built_in.monitoring.is_itself(name, &whole);
        reading.exposer = built_in.exposers.find(&whole, name).copied();
        reading
    }

    /// Whose each series of a grid is. The series explain each other: of several labels the one that tells them
    /// apart decides, and a container's project is what the names of its containers share.
    pub fn places(&self, names: &[Name]) -> Vec<Place> {
        let survey = Survey::of(self, || names.par_iter().map(|name| (name, 1)));
        names.par_iter().map(|name| survey.place(name)).collect()
    }

    /// True where the user gave a table or a pattern.
    pub fn has_own(&self) -> bool {
        self.is_asked() || !self.kinds.is_empty()
    }

    /// What of the user's tables and pattern says nothing of these names, and may be misspelt.
    pub fn idle(&self, names: impl Iterator<Item = Name>) -> Idle<'_> {
        let mut idle = Idle {
            kinds: self.kinds.iter().map(|row| &row.pattern).collect(),
            services: self.services.iter().map(|(selector, _)| selector).collect(),
            pattern: self.pattern.as_ref(),
        };
        for name in names {
            if idle.kinds.is_empty() && idle.services.is_empty() && idle.pattern.is_none() {
                break;
            }
            let (own, header) = (self.own_name(&name), name.to_string());
            idle.kinds.retain(|pattern| !pattern.is_match(&own));
            idle.services.retain(|selector| !selector.matches(&header));
            idle.pattern = idle.pattern.filter(|pattern| !pattern.is_match(&header));
        }
        idle
    }

    /// True where the user gave a pattern on whole headers.
    pub(crate) fn has_pattern(&self) -> bool {
        self.pattern.is_some()
    }

    /// True where the user's tables or pattern may tell a place.
    pub(crate) fn is_asked(&self) -> bool {
        self.has_pattern() || !self.services.is_empty()
    }

    /// True for a label that may name a service.
    pub fn names_service(&self, label: &str) -> bool {
        self.built_in().services.has(label)
    }

    /// True for a metric name that may be in a [`Catalogue::limits`].
    pub fn knows_limit(&self, name: &str) -> bool {
        let pairs = &self.built_in().limits;
        pairs.contains_key(name) || pairs.values().any(|(limit, _)| limit == name)
    }

    /// The metric name of the limit that a metric of this name is held to.
    pub fn limit_of(&self, name: &str) -> Option<&'static str> {
        self.built_in().limits.get(name).map(|(limit, _)| limit.as_str())
    }

    /// Which series are held to a limit by which others.
    pub fn limits(&self, names: &[Name]) -> Vec<Limit> {
        limits(&self.built_in().limits, names)
    }

    /// What a series is of a load generator.
    pub fn outcome(&self, name: &Name) -> Option<Outcome> {
        let built_in = self.built_in();
        built_in.outcomes.find(&built_in.vocabulary.read(&name.name), name).copied()
    }

    /// True for what has another value at every scrape, so that one which stands still is not scraped any more.
    pub fn beats(&self, name: &Name) -> bool {
        let built_in = self.built_in();
        built_in.monitoring.beats(&built_in.vocabulary.read(&name.name), name)
    }

    /// The status by which the requests of a series failed: its label, as an own name shows it, and its value.
    pub fn failure<'a>(&self, name: &'a Name) -> Option<(&'a str, &'a str)> {
        self.built_in().statuses.of(name).filter(|status| status.fails).map(|status| (status.shown, status.value))
    }

    /// Whether a metric is a counter, by its type or its name; `None` where neither says so.
    pub fn counter(&self, name: &str, kind: Option<&str>) -> Option<bool> {
        let built_in = self.built_in();
        built_in.counters.of(&built_in.vocabulary.read(name), name, kind)
    }

    /// The metric's own name: with labels the name and its status or (of a processor) mode, else what follows the
    /// first `|`, or else the first `_`, of the header (nothing where the header is but a service).
    pub fn own_name(&self, name: &Name) -> String {
        let own = self.measured(name);
        if name.labels.is_empty() || matches!(own, Cow::Owned(_)) {
            return own.into_owned();
        }
        match (self.built_in().statuses.of(name), name.label("mode")) {
            (Some(status), _) => format!("{own}{{{}=\"{}\"}}", status.shown, status.value),
            (None, Some(mode)) => format!("{own}{{mode=\"{mode}\"}}"),
            (None, None) => own.into_owned(),
        }
    }

    /// The own name without labels; owned where the user's pattern captured it.
    fn measured<'a>(&self, name: &'a Name) -> Cow<'a, str> {
        let captured =
            |pattern: &Regex| Some(pattern.captures(&name.to_string())?.name("metric")?.as_str().to_string());
        if let Some(own) = self.pattern.as_ref().and_then(captured) {
            return Cow::Owned(own);
        }
        let split = || self.built_in().headers.split(&name.name).map(|(_, own)| own);
        Cow::Borrowed(if name.labels.is_empty() { split().unwrap_or(&name.name) } else { &name.name })
    }

    /// The place that the user's table or pattern gives a series.
    pub(crate) fn asked(&self, name: &Name) -> Option<Place> {
        let own = self.services.iter().find(|(selector, _)| selector.picks(name));
        if let Some((_, service)) = own {
            return Some(Place::of(Some(service), "services"));
        }
        let header = self.pattern.as_ref().map(|pattern| (pattern, name.to_string()));
        let (pattern, header) = header?;
        let found = pattern.captures(&header)?;
        let service = found.name("service").or_else(|| found.get(1))?.as_str();
        Some(Place::of(Some(service), "pattern"))
    }

    pub(crate) fn built_in(&self) -> &'static BuiltIn {
        &BUILT_IN
    }

    /// The row of the user's table that decides.
    fn own_kind(&self, name: &Name) -> Option<&Kind> {
        let own = self.own_name(name);
        self.kinds.iter().find(|row| row.pattern.is_match(&own)).map(|row| &row.kind)
    }

    /// The row that decides: that of the kind which the header carries; of a header without labels, one that says how
    /// a whole name begins goes before those that its own name matches.
    fn kind(&self, name: &Name, whole: &[u32]) -> Reading<'_> {
        let built_in = self.built_in();
        if let Some(kind) = name.label(KIND).and_then(|said| built_in.help.first(|kind| kind.name == said)) {
            return Reading::of_family(kind, name);
        }
        let found = match self.measured(name) {
            own if own == name.name => built_in.kinds.find(whole, name),
            own => {
                let rest = || built_in.kinds.find(&built_in.vocabulary.read(&own), name);
                built_in.kinds.find_anchored(whole, name).or_else(rest)
            }
        };
        found.map_or_else(|| self.count(name), |kind| Reading::of_family(kind, name))
    }

    /// What nothing is known of but that it counts what takes time, as its family's name or its sum says: traffic.
    fn count(&self, name: &Name) -> Reading<'_> {
        let built_in = self.built_in();
        let family = ["_count", "_bucket"].iter().find_map(|end| name.name.strip_suffix(end));
        let read = |end: &str| built_in.kinds.find(&built_in.vocabulary.read(&format!("{}{end}", family?)), name);
        let kind = ["", "_sum"].into_iter().filter_map(read).find(|kind| kind.name == "latency");
        kind.map_or(OTHER, |kind| Reading::of_family(kind, name))
    }

    /// The unit that is said, else that of the name.
    fn unit(&self, name: &str, said: Option<&str>) -> &'static str {
        let units = &self.built_in().units;
        let said = said.map_or("", |said| unit(units, said));
        if said.is_empty() { unit(units, name) } else { said }
    }

    /// What the metadata of a metric says that its name does not: the unit, and the kind where no name of its family
    /// (`x`, `x_sum`, `x_count`, `x_total`) says one. The same for all names of a family.
    pub fn said(&self, metric: &str, meta: &Meta) -> Said<'static> {
        let built_in = self.built_in();
        let family = phenomenon(&Name::new(metric, Vec::new()));
        let unit = self.unit(&family.name, meta.unit);
        let is_silent = |end: &&str| {
            let name = Name::new(format!("{}{end}", family.name), Vec::new());
            self.kind(&name, &built_in.vocabulary.read(&name.name)).kind == OTHER.kind
        };
        let kind = || match (meta.kind, meta.help) {
            (Some("info" | "stateset"), _) => Some("setting"),
            (_, Some(help)) => Some(built_in.help.find(&built_in.vocabulary.read(help), &family)?.name.as_str()),
            _ => None,
        };
        let kind = kind().filter(|_| ["", "_sum", "_count", "_total"].iter().all(is_silent));
        Said { unit: Some(unit).filter(|_| unit != self.unit(&family.name, None)), kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_with_a_series_says_whether_it_counts() {
        let counter = |header: &str| Catalogue::default().read(&Name::parse(header)).counter;
        assert_eq!(counter("http_requests_count"), Some(true));
        assert_eq!(counter("http_requests_count{__as__=\"level\"}"), Some(false));
        assert_eq!(counter("stalls{__as__=\"rate\"}"), Some(true));
    }
}
