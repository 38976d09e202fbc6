//! How much memory is left, and what happens when it is not enough.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::SIGABRT;
use signal_hook::flag::register_conditional_shutdown;

/// Bytes that can still be had: what the system has free, or what is left of this process's limit of address space
/// (`ulimit -v`), whichever is less. `None` where neither is known.
pub fn available_memory() -> Option<u64> {
    let system = field("/proc/meminfo", "MemAvailable:").map(|kb| kb << 10);
    let limit = field("/proc/self/limits", "Max address space");
    let used = field("/proc/self/status", "VmSize:").map(|kb| kb << 10);
    let own = limit.zip(used).map(|(limit, used)| limit.saturating_sub(used));
    match (system, own) {
        (Some(system), Some(own)) => Some(system.min(own)),
        (system, own) => system.or(own),
    }
}

/// Ends with this exit status, and not by SIGABRT, when memory cannot be had. Readers ask for what is large and refuse in
/// words of their own; this is for all that is small, of which Rust says "memory allocation of N bytes failed".
pub(crate) fn end_in_order(status: u8) {
    // Where there is no such signal there is nothing to do.
    let _ = register_conditional_shutdown(SIGABRT, status.into(), Arc::new(AtomicBool::new(true)));
}

/// The first number after a heading in one of the system's lists.
fn field(path: &str, heading: &str) -> Option<u64> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(heading))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn some_memory_is_left() {
        assert!(available_memory().is_some_and(|free| free > 1 << 20));
    }
}
