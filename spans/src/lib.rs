//! Traces as series: what a call between two services costs, what of it is the network's, and what each service spends
//! itself.
//!
//! ```text
//! documents ─ read ─▶ spans ─ OpenTraces ─▶ a whole trace ─ examine ─▶ calls, own times ─ Tally ─▶ series
//! ```
//!
//! [`read`] knows the JSON of OTLP, Jaeger and Zipkin, [`read_protobuf`] OTLP's protobuf. [`OpenTraces`] gathers spans in any order;
//! [`examine`] finds the calls of a trace; [`Tally`] adds them up by step. Times are whole nanoseconds throughout, so
//! that sums are exact and the order of traces does not matter.

mod forms;
mod noted;
mod open;
mod span;
mod tally;
mod trace;

pub use forms::{Fault, read, read_protobuf};
pub use noted::Noted;
pub use open::OpenTraces;
pub use span::{Kind, Service, Services, Span};
pub use tally::{QUANTILES, Series, Tally, Total};
pub use trace::{Call, Findings, SelfTime, examine};
