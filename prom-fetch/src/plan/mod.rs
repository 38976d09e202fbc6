//! What is asked for, and how it is cut into requests.

pub mod job;
pub mod packing;
pub mod pieces;
pub mod query;
pub mod range;
mod rest;
pub mod shard;
pub mod split;
