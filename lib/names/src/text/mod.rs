//! The words of names, and the tables that are asked by them.

pub(crate) mod pattern;
pub(crate) mod rules;
pub(crate) mod table;
pub(crate) mod tokens;
