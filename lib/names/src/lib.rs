//! What the name of a series means, for every filter.
//!
//! * [`Name`]: a metric name and labels, and their text in a grid's header.
//! * [`Selector`]: picks series by name and labels.
//! * [`Catalogue`]: what names mean, from the tables in `tables/`: [`Catalogue::read`] says what a metric measures
//!   ([`Reading`]), [`Catalogue::places`] whose each series of a grid is ([`Place`]), [`Catalogue::counter`] what is a
//!   counter, [`Catalogue::outcome`] what a load generator saw ([`Outcome`]), [`Catalogue::limits`] what is held to a
//!   limit ([`Limit`]).
//! * [`Book`]: the same answers for the headers of a large grid, each asked once; [`Words`]: its texts.
//! * [`Lasting`]: a name without what a restart changes in it.
//! * [`users_delay`]: which response time says how long the users waited.
//! * [`phenomenon`]: what the sum, the count, the quantiles of one histogram have in common.
//! * [`Meta`], [`Said`]: what the metadata says of a metric, and what of it a header carries.
//! * [`Treatment`]: whether a column holds rates of its series or their values.

mod book;
mod built_in;
mod catalogue;
mod kinds;
mod name;
mod said;
mod selector;
mod services;
mod text;
mod treatment;
mod words;

pub use book::{Book, Header, Meaning};
pub use catalogue::{Catalogue, Idle, OwnKind};
pub use kinds::aspect::{Aspect, phenomenon};
pub use kinds::delay::users_delay;
pub use kinds::limit::{Limit, Share};
pub use kinds::outcome::Outcome;
pub use kinds::reading::Reading;
pub use kinds::{Harm, Kind, Role};
pub use name::{Name, escape_label, is_legacy_name};
pub use said::{KIND, Meta, Said, UNIT};
pub use selector::Selector;
pub use services::exposer::Exposer;
pub use services::lasting::Lasting;
pub use services::{OUTCOME, Place, Survey};
pub use treatment::{TREATMENT, Treatment};
pub use words::{Word, WordMap, Words};
