//! Fetch every series of a Prometheus-compatible server over a time range.
//!
//! | module | holds |
//! | --- | --- |
//! | [`range`] | time ranges and how they are cut |
//! | [`query`] | PromQL, as far as it must be understood |
//! | [`split`] | pieces of a fetch, and smaller ones for a refused one |
//! | [`reply`] | the text of an answer: series, warnings, verdict |
//! | [`refusal`] | what a refusal means |
//! | [`types`], [`interval`] | what the server knows of its metrics and targets |
//! | [`line`](mod@line) | the series line that is written |
//! | [`http`] | the network, and the only place that reaches it |
//! | [`fetch`](mod@fetch) | all of these together |
//!
//! All at once, and in smaller pieces on refusal: a range is asked for in as few requests as the
//! 11,000 points a series allow, and a request that the server finds too much is halved, in time
//! and then by metric name, until it passes. Each evaluation time is in one piece only, so functions
//! over ranges (`rate`, `avg_over_time`) stay right.

pub mod address;
mod cursor;
mod digits;
pub mod fetch;
pub mod http;
pub mod interval;
pub mod line;
pub mod point;
pub mod query;
pub mod range;
pub mod refusal;
pub mod reply;
pub mod split;
pub mod text;
pub mod types;
pub mod work;
