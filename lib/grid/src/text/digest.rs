//! Names by their digest, where there may be millions.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Two hashes of 64 bits: no two names share both, and both take less than a name.
pub fn digest(name: &str) -> (u64, u64) {
    let hash = |seed: u64| {
        let mut hasher = DefaultHasher::new();
        (seed, name).hash(&mut hasher);
        hasher.finish()
    };
    (hash(0), hash(1))
}
