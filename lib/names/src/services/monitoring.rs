//! What the monitoring says of itself: Prometheus, and the processes of exporters.

use std::collections::HashSet;

use crate::Name;
use crate::text::rules::Rules;
use crate::text::table::rows;
use crate::text::tokens::Vocabulary;

/// The table of the monitoring's own metrics.
#[derive(Debug)]
pub(crate) struct Monitoring {
    itself: Rules<()>,
    exporter: Rules<()>,
    own: Rules<()>,
    watched: Rules<()>,
    platform: Rules<()>,
    beat: Rules<()>,
    jobs: Vec<String>,
    endings: Vec<String>,
}

/// Targets, by job and instance.
pub(crate) type Targets = HashSet<(String, String)>;

impl Monitoring {
    pub(crate) fn built_in(vocabulary: &mut Vocabulary) -> Self {
        let table = rows(include_str!("../../tables/monitoring.csv"), ["pattern", "what"]);
        let mut of = |what: &str| {
            let some = table.iter().filter(|row| row[1] == what);
            Rules::new(some.map(|row| (row[0].clone(), String::new(), ())).collect(), vocabulary)
        };
        let (itself, exporter, own) = (of("self"), of("exporter"), of("own"));
        let (watched, beat, platform) = (of("watched"), of("beat"), of("platform"));
        let texts = |what: &str| table.iter().filter(|row| row[1] == what).map(|row| row[0].clone()).collect();
        Self { itself, exporter, own, watched, platform, beat, jobs: texts("job"), endings: texts("ending") }
    }

    /// What a metric's name alone says: whether it is the monitoring's own, an exporter's, its process's, a watched one's, a platform's.
    pub(crate) fn class(&self, tokens: &[u32]) -> [bool; 5] {
        [&self.itself, &self.exporter, &self.own, &self.watched, &self.platform]
            .map(|of| of.find(tokens, &Name::default()).is_some())
    }

    /// True for what a target that is an exporter says of the one that it is about: not whether it can be scraped, nor what a platform
    /// says of it.
    pub(crate) fn is_exported(&self, name: &Name, tokens: &[u32], exporters: &Targets) -> bool {
        let class = [&self.itself, &self.own, &self.watched, &self.platform];
        class.iter().all(|of| of.find(tokens, name).is_none()) && is_of(name, exporters)
    }

    /// True for what the monitoring says of itself whatever its target is.
    pub(crate) fn is_itself(&self, name: &Name, tokens: &[u32]) -> bool {
        self.itself.find(tokens, name).is_some()
    }

    /// The one that an exporter of this name is about: `redis` of `redis-exporter`.
    pub(crate) fn exported<'a>(&self, exporter: &'a str) -> Option<&'a str> {
        self.endings.iter().find_map(|ending| exporter.strip_suffix(ending.as_str())).filter(|about| !about.is_empty())
    }

    /// True for what has another value at every scrape.
    pub(crate) fn beats(&self, tokens: &[u32], name: &Name) -> bool {
        self.beat.find(tokens, name).is_some()
    }

    /// Adds the target of a metric that only exporters, or the monitoring, expose.
    pub(crate) fn mark(&self, name: &Name, tokens: &[u32], exporters: &mut Targets) {
        if self.exporter.find(tokens, name).is_some() {
            exporters.extend(target(name));
        }
    }

    /// True for what the monitoring says of itself, for the process of a target that is an exporter, and for
    /// whether the monitoring could be scraped.
    pub(crate) fn is_own(&self, name: &Name, tokens: &[u32], exporters: &Targets) -> bool {
        let process = || self.own.find(tokens, name).is_some() && is_of(name, exporters);
        let job = || name.label("job").is_some_and(|job| self.jobs.iter().any(|known| known == job));
        self.is_itself(name, tokens) || process() || job() && self.watched.find(tokens, name).is_some()
    }
}

/// True for a series of one of these targets.
fn is_of(name: &Name, targets: &Targets) -> bool {
    target(name).is_some_and(|target| targets.contains(&target))
}

fn target(name: &Name) -> Option<(String, String)> {
    let (job, instance) = (name.label("job").unwrap_or_default(), name.label("instance").unwrap_or_default());
    (!job.is_empty() || !instance.is_empty()).then(|| (job.to_string(), instance.to_string()))
}
