//! Fetch every series of a Prometheus-compatible server over a time range.
//!
//! | folder | holds |
//! | --- | --- |
//! | [`plan`] | what is asked for: PromQL, time ranges, shards, and the pieces they are cut into |
//! | [`server`] | the network, what a refusal means, what the server knows besides samples |
//! | [`reply`] | the text of an answer, and the series lines made of it |
//! | [`limits`] | how much an answer may hold |
//! | [`fetch`](mod@fetch) | all of these together |
//!
//! All at once, and in smaller pieces on refusal: a range is asked for in as few requests as the
//! 11,000 points a series allow, and a request that the server finds too much is halved, in time
//! and then by metric name, until it passes. Each evaluation time is in one piece only, so functions
//! over ranges (`rate`, `avg_over_time`) stay right. A piece that breaks off is asked for again; the
//! series of it that have been written are not written twice.

pub mod fetch;
pub mod limits;
pub mod plan;
pub mod reply;
pub mod server;
