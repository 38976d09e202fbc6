//! A span, whatever form it was written in.

use std::collections::HashMap;

/// Which end of which exchange a span is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The form has no kinds, or the span states none.
    #[default]
    Unknown,
    /// Work inside a service.
    Internal,
    /// The caller's end of a call.
    Client,
    /// The sender of a message.
    Producer,
    /// The callee's end of a call.
    Server,
    /// The receiver of a message.
    Consumer,
}

impl Kind {
    /// True for the end that sends: a client or a producer.
    pub fn sends(self) -> bool {
        matches!(self, Kind::Client | Kind::Producer)
    }

    /// True for the end that receives: a server or a consumer.
    pub fn receives(self) -> bool {
        matches!(self, Kind::Server | Kind::Consumer)
    }

    /// The kind by its word in any of the forms: `server`, `SERVER`, `SPAN_KIND_SERVER`.
    pub fn parse(word: &str) -> Option<Kind> {
        const WORDS: [(&str, Kind); 6] = [
            ("unspecified", Kind::Unknown),
            ("internal", Kind::Internal),
            ("client", Kind::Client),
            ("producer", Kind::Producer),
            ("server", Kind::Server),
            ("consumer", Kind::Consumer),
        ];
        let word = word.strip_prefix("SPAN_KIND_").unwrap_or(word);
        WORDS.iter().find(|(own, _)| own.eq_ignore_ascii_case(word)).map(|(_, kind)| *kind)
    }
}

/// The place of a service's name in [`Services`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Service(pub u32);

/// One span: a stretch of work in one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The trace it belongs to.
    pub trace: u128,
    /// Its own number within the trace.
    pub id: u64,
    /// The span that caused it; 0 at a root.
    pub parent: u64,
    /// Where it ran.
    pub service: Service,
    /// Which end it is.
    pub kind: Kind,
    /// The other end, as the sender names it.
    pub peer: Option<Service>,
    /// True when its status says that it failed.
    pub failed: bool,
    /// When it began: Unix nanoseconds.
    pub start_ns: u64,
    /// When it ended: not before `start_ns`.
    pub end_ns: u64,
}

impl Span {
    /// How long it took.
    pub fn duration_ns(&self) -> u64 {
        self.end_ns - self.start_ns
    }
}

/// The names of services, each kept once.
#[derive(Clone, Debug, Default)]
pub struct Services {
    names: Vec<String>,
    places: HashMap<String, Service>,
}

impl Services {
    /// The place of a name, which is added when it is new.
    pub fn place(&mut self, name: &str) -> Service {
        if let Some(&place) = self.places.get(name) {
            return place;
        }
        let place = Service(self.names.len() as u32);
        self.names.push(name.to_string());
        self.places.insert(name.to_string(), place);
        place
    }

    /// The name at a place.
    pub fn name(&self, service: Service) -> &str {
        self.names.get(service.0 as usize).map_or("", String::as_str)
    }
}
