//! What the name of a series means, for every filter.
//!
//! * [`Name`]: a metric name and labels, and their text in a grid's header.
//! * [`Selector`]: picks series by name and labels.

mod name;
mod selector;

pub use name::{Name, escape_label, is_legacy_name};
pub use selector::Selector;
