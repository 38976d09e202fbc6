//! What the tables of a comparison say.

pub mod findings;
pub mod history;
pub mod junit;
pub mod markdown;
