//! The forms on the pipe: what is read and written.

pub(crate) mod batches;
pub(crate) mod beginning;
pub(crate) mod canonical;
pub(crate) mod chunks;
pub(crate) mod columns;
pub(crate) mod csv;
pub(crate) mod form;
pub(crate) mod jsonl;
pub(crate) mod matrix;
pub(crate) mod picker;
pub(crate) mod reading;
pub(crate) mod services;
pub(crate) mod source;
pub(crate) mod states;
pub(crate) mod table;
