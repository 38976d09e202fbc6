//! What an answer may hold at most; `--no-limits` lifts it.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Whether the limits are lifted, for the whole process.
static LIFTED: AtomicBool = AtomicBool::new(false);

/// Lifts the limits of all answers from now on.
pub fn lift() {
    LIFTED.store(true, Relaxed);
}

/// Whether so many bytes are more than `most`.
pub(crate) fn exceeds(bytes: usize, most: usize) -> bool {
    bytes > most && !LIFTED.load(Relaxed)
}

/// `most`, or all there is.
pub(crate) fn most(most: u64) -> u64 {
    if LIFTED.load(Relaxed) { u64::MAX } else { most }
}
