//! From which size on a change matters, however sure it is.

/// Relative change, or change of the share of a limit, below which nothing is the matter.
pub const GROWN: f64 = 0.05;

/// Strength, the logarithms of deviation and of size together, up to which a change is of the size that a steady state has in itself:
/// a deviation of its spread and doubled, or six spreads and a few percent. Drift is significant in any long recording, and small.
pub const SMALL: f64 = 2.0;
