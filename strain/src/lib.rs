//! One command over the filters.
//!
//! | folder | holds |
//! | --- | --- |
//! | [`plan`] | which filters a comparison runs with which options, and the same as a shell script |
//! | [`run`] | finding the filters, and running a plan as processes |
//! | [`outcome`] | what their tables say, in words, Markdown, JUnit and a history |
//! | [`range`] | ranges of time as people write them |
//! | [`course`] | a column as a line of blocks |
//!
//! No filter's logic is repeated here: what got worse is what `rank` says.

pub mod course;
pub mod outcome;
pub mod plan;
pub mod range;
pub mod run;
