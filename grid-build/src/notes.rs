//! How a note counts and names things.

pub(crate) use grid::counted as count;

/// The first few names.
pub(crate) fn list(names: &[impl AsRef<str>]) -> String {
    grid::first_names(names, names.len())
}
