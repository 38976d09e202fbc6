//! What the tables of a comparison say.

pub mod findings;
pub mod history;
pub mod junit;
pub mod made;
pub mod markdown;

/// What tells the verdict to a pull request.
pub const SUMMARY: &str = "summary.md";
/// What tells it to a CI server.
pub const JUNIT: &str = "junit.xml";
