//! What a series was scraped from.

use grid::Name;

/// A target of Prometheus, by the labels that it gives every series of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    job: String,
    instance: String,
}

impl Target {
    /// None for a series with neither `job` nor `instance`.
    pub(crate) fn of(name: &Name) -> Option<Target> {
        let label = |label| name.label(label).unwrap_or_default().to_string();
        let target = Target { job: label("job"), instance: label("instance") };
        (!target.job.is_empty() || !target.instance.is_empty()).then_some(target)
    }
}
