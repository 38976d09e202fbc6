//! What the lines of a metric say of it besides its type.

use std::collections::HashMap;

use names::{Catalogue, Meta, Said};

use crate::counters::Kind;

/// Unit and description of a metric.
#[derive(Debug, Default)]
struct Told {
    unit: Option<String>,
    help: Option<String>,
}

/// Unit and description of each metric that has any.
#[derive(Debug, Default)]
pub(crate) struct Metadata(HashMap<String, Told>);

impl Metadata {
    /// Notes what a line says. Where lines differ the text that sorts first stands, whatever their order.
    pub(crate) fn add(&mut self, metric: String, unit: Option<String>, help: Option<String>) {
        let told = self.0.entry(metric).or_default();
        for (old, new) in [(&mut told.unit, unit), (&mut told.help, help)] {
            let both = old.take().into_iter().chain(new.filter(|text| !text.is_empty()));
            *old = both.min();
        }
    }

    /// What of it the header of a metric carries.
    pub(crate) fn said(&self, metric: &str, kind: Option<Kind>) -> Said<'static> {
        let told = self.0.get(metric);
        let kind = kind.and_then(Kind::word);
        if told.is_none() && kind != Kind::Info.word() {
            return Said::default();
        }
        let unit = told.and_then(|told| told.unit.as_deref());
        let help = told.and_then(|told| told.help.as_deref());
        Catalogue::default().said(metric, &Meta { kind, unit, help })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_lines_does_not_matter() {
        let texts = [Some("Jobs waiting"), None, Some("Zeal"), Some("")];
        for turn in 0..texts.len() {
            let mut metadata = Metadata::default();
            for at in 0..texts.len() {
                let help = texts[(at + turn) % texts.len()].map(str::to_string);
                metadata.add("gizmo_depth".to_string(), None, help);
            }
            assert_eq!(metadata.said("gizmo_depth", None).kind, Some("saturation"), "{turn}");
        }
    }
}
