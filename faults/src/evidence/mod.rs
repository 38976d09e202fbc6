//! What a recording says of a fault: which service it hit, and what was seen of it.

mod gone;
mod place;
mod role;
mod service;

pub use gone::absences;
pub use role::Role;
pub use service::{Known, Observed, observe, of_service, services_of};
