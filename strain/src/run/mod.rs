//! The filters as programs and processes.

pub mod filters;
pub mod steps;
