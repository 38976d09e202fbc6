//! How much memory is left.

use std::fs;

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
