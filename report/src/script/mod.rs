//! What the page does when it is asked something. Without script, words, tables and still pictures remain.

/// The script of the page.
pub(crate) const SCRIPT: &str = concat!(
    "(() => {\n'use strict';\n",
    include_str!("data.js"),
    include_str!("words.js"),
    include_str!("draw.js"),
    include_str!("clock.js"),
    include_str!("series.js"),
    include_str!("tables.js"),
    include_str!("start.js"),
    "})();\n",
);
