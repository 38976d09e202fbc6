//! What many threads say of each key.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};

use rayon::prelude::*;

/// What is said of each key, such as a service; of what is said of one, `join` makes one value, whatever the order.
pub fn by_key<K: Eq + Hash + Send, V: Copy + Send, S: BuildHasher + Default + Send>(
    said: impl ParallelIterator<Item = (K, V)>,
    join: impl Fn(V, V) -> V + Sync,
) -> HashMap<K, V, S> {
    let add = |mut all: HashMap<K, V, S>, (key, value)| {
        all.entry(key).and_modify(|own| *own = join(*own, value)).or_insert(value);
        all
    };
    said.fold(HashMap::default, add).reduce(HashMap::default, |all, some| some.into_iter().fold(all, add))
}
