//! How metrics grow over a sweep of loads.
//!
//! * [`growth`]: elasticity, knee, and where a metric leaves its line.
//! * [`line`]: lines through points: Theil–Sen, and two that are joined.
//! * [`usl`]: the Universal Scalability Law.

pub mod growth;
pub mod line;
pub mod usl;
