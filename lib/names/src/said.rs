//! What the metadata says of a metric, and what of it a header carries.

use crate::Name;

/// The label that carries the unit, where the metadata says one that the name does not; Prometheus 3 writes the same.
pub const UNIT: &str = "__unit__";

/// The label that carries the kind, where the metadata says one and the name none.
pub const KIND: &str = "__kind__";

/// What Prometheus' metadata says of a metric; each part may be missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Meta<'a> {
    /// TYPE: `counter`, `gauge`, `info`, …
    pub kind: Option<&'a str>,
    /// UNIT: `seconds`, `bytes`, …
    pub unit: Option<&'a str>,
    /// HELP.
    pub help: Option<&'a str>,
}

/// What of the metadata a header carries: what a reader would not find in the name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said<'a> {
    /// The unit.
    pub unit: Option<&'a str>,
    /// The kind.
    pub kind: Option<&'a str>,
}

impl Said<'_> {
    /// True where the name says it all.
    pub fn is_nothing(&self) -> bool {
        *self == Said::default()
    }
}

impl Name {
    /// What it carries.
    pub fn said(&self) -> Said<'_> {
        Said { unit: self.label(UNIT), kind: self.label(KIND) }
    }

    /// The same name, carrying this too.
    #[must_use]
    pub fn saying(mut self, said: &Said) -> Self {
        for (label, value) in [(UNIT, said.unit), (KIND, said.kind)] {
            if let Some(value) = value {
                self.labels.retain(|(own, _)| own != label);
                let place = self.labels.partition_point(|(own, _)| own.as_str() < label);
                self.labels.insert(place, (label.to_string(), value.to_string()));
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Catalogue, Harm, Role};

    /// The header that carries a metric's metadata.
    fn header(name: &str, meta: Meta) -> String {
        let catalogue = Catalogue::default();
        let name = Name::parse(name);
        let said = catalogue.said(&name.name, &meta);
        name.saying(&said).to_string()
    }

    fn helped(name: &str, help: &str) -> String {
        header(name, Meta { help: Some(help), ..Meta::default() })
    }

    #[test]
    fn a_header_carries_only_what_its_name_does_not_say() {
        let seconds = Meta { unit: Some("seconds"), ..Meta::default() };
        assert_eq!(header("http_request_duration_seconds_sum", seconds), "http_request_duration_seconds_sum");
        let (dotted, carried) = ("{\"http.server.request.duration\",job=\"a\"}", ",__unit__=\"seconds\",job=\"a\"}");
        assert_eq!(header(dotted, seconds), format!("{{\"http.server.request.duration\"{carried}"));
        assert_eq!(header("boxes", Meta { unit: Some("{box}"), ..Meta::default() }), "boxes");
        assert_eq!(helped("process_open_fds", "Queue of files."), "process_open_fds");
        assert_eq!(helped("gizmo_depth", "Jobs waiting in the queue"), "gizmo_depth{__kind__=\"saturation\"}");
        assert_eq!(helped("gizmo_depth", "Depth."), "gizmo_depth");
        let states = Meta { kind: Some("stateset"), ..Meta::default() };
        assert_eq!(header("gizmo_mood", states), "gizmo_mood{__kind__=\"setting\"}");
    }

    #[test]
    fn all_names_of_a_family_carry_the_same() {
        let told = "{__kind__=\"latency\"}";
        for end in ["", "_sum", "_count", "_bucket"] {
            assert_eq!(helped(&format!("gizmo_spin{end}"), "Duration of a spin"), format!("gizmo_spin{end}{told}"));
            assert_eq!(helped(&format!("gizmo_seconds{end}"), "Duration"), format!("gizmo_seconds{end}"));
        }
    }

    #[test]
    fn what_a_header_carries_is_read() {
        let catalogue = Catalogue::default();
        for (header, kind, harm, role, unit) in [
            ("gizmo_depth{__kind__=\"saturation\"}", "saturation", Harm::Up, Role::Saturation, ""),
            (
                "gizmo_spin_sum{__kind__=\"latency\",__unit__=\"seconds\"}",
                "latency",
                Harm::Up,
                Role::Symptom,
                "seconds",
            ),
            ("gizmo_spin_count{__kind__=\"latency\",__unit__=\"seconds\"}", "traffic", Harm::Up, Role::Driver, ""),
            ("gizmo_spins_total{__kind__=\"traffic\",code=\"503\"}", "errors", Harm::Up, Role::Symptom, ""),
            ("carts_ms{__unit__=\"seconds\"}", "other", Harm::Up, Role::Other, "seconds"),
            ("gauge_response_time{__unit__=\"seconds\"}", "latency", Harm::Up, Role::Symptom, "seconds"),
            ("hits_per_sec{job=\"a\"}", "traffic", Harm::Up, Role::Driver, ""),
            ("sent_bytes_per_second{job=\"a\"}", "traffic", Harm::Up, Role::Driver, "bytes"),
            ("seconds_per_item_seconds_sum{job=\"a\"}", "latency", Harm::Up, Role::Symptom, "seconds"),
            ("gizmo_depth{__kind__=\"no such kind\"}", "other", Harm::Up, Role::Other, ""),
        ] {
            let reading = catalogue.read(&Name::parse(header));
            let found = (reading.kind, reading.harm, reading.role, reading.unit);
            assert_eq!(found, (kind, harm, role, unit), "{header}");
        }
    }

    #[test]
    fn a_name_says_one_thing_at_a_time() {
        let name = Name::parse("a{__as__=\"rate\",__kind__=\"cpu\",z=\"1\"}");
        let said = Said { unit: Some("bytes"), kind: Some("disk") };
        assert_eq!(name.clone().saying(&said).said(), said);
        let unit = Said { kind: None, ..said };
        assert_eq!(name.saying(&unit).to_string(), "a{__as__=\"rate\",__kind__=\"cpu\",__unit__=\"bytes\",z=\"1\"}");
    }
}
