//! Shards packed by size: which family goes into which, by the number of its series, and a family too big for one into several.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::shard::{Shard, family};

/// Where a family is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In one shard, counted from 0.
    Whole(u32),
    /// In several, by the value of a label.
    Split {
        /// The label.
        label: String,
        /// The shard of each part.
        parts: Vec<u32>,
    },
}

/// Which family is in which shard; one that has no place here has that of its hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packing {
    /// The places.
    pub families: BTreeMap<String, Place>,
}

/// The part of a family that the series with this value of the label are in: by its CRC-32.
pub fn part_of(value: &str, parts: usize) -> usize {
    crc32fast::hash(value.as_bytes()) as usize % parts.max(1)
}

/// What is wanted of all series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The shard.
    pub shard: Shard,
    /// Where families are that are not where their hash says.
    pub packing: Packing,
}

impl Wanted {
    /// True when the series with these labels is in the shard.
    pub fn has<'a>(&self, label: impl Fn(&str) -> &'a str) -> bool {
        let name = label("__name__");
        match self.packing.families.get(family(name)) {
            None => self.shard.has(name),
            Some(Place::Whole(index)) => *index == self.shard.index,
            Some(Place::Split { label: key, parts }) => parts[part_of(label(key), parts.len())] == self.shard.index,
        }
    }

    /// True when all series of this name are in the shard.
    pub fn has_all(&self, name: &str) -> bool {
        !matches!(self.packing.families.get(family(name)), Some(Place::Split { .. })) && self.has(|_| name)
    }

    /// The families of which the shard may have a part: their names, their labels, and which values are its own.
    pub fn splits(&self) -> impl Iterator<Item = (&str, &str, impl Fn(&str) -> bool)> {
        self.packing.families.iter().filter_map(|(family, place)| match place {
            Place::Split { label, parts } if parts.contains(&self.shard.index) => {
                let own = |value: &str| parts[part_of(value, parts.len())] == self.shard.index;
                Some((family.as_str(), label.as_str(), own))
            }
            _ => None,
        })
    }
}

/// What is put into a shard as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The family.
    pub family: String,
    /// How many metric names it has.
    pub metrics: usize,
    /// How many series.
    pub series: u64,
    /// When it is a part only: by which label, and which of how many parts, from 0.
    pub part: Option<(String, usize, usize)>,
}

/// The shard of each item: the largest first, each into the shard that is least full; ties by name, part and number.
///
/// No shard holds more than 4/3 of what the best packing would put into its fullest (Graham, 1969). O(n·log n).
pub fn pack(items: &mut [Item], of: u32) -> Vec<u32> {
    items.sort_by(|a, b| b.series.cmp(&a.series).then_with(|| (&a.family, &a.part).cmp(&(&b.family, &b.part))));
    let mut shards: BinaryHeap<_> = (0..of.max(1)).map(|index| Reverse((0_u64, index))).collect();
    let mut place = |item: &Item| {
        let Reverse((full, index)) = shards.pop().unwrap_or(Reverse((0, 0)));
        shards.push(Reverse((full + item.series.max(1), index)));
        index
    };
    items.iter().map(&mut place).collect()
}

/// How many parts a family of so many series is to be cut into, if no shard is to have more than its share of `total`.
pub fn parts(series: u64, total: u64, of: u32) -> usize {
    let share = total.div_ceil(u64::from(of.max(1))).max(1);
    usize::try_from(series.div_ceil(share).min(u64::from(of))).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(family: &str, series: u64) -> Item {
        Item { family: family.to_string(), metrics: 1, series, part: None }
    }

    #[test]
    fn the_largest_are_packed_first() {
        let mut items = [item("a", 2), item("b", 7), item("c", 5), item("d", 4), item("e", 2)];
        let shards = pack(&mut items, 2);
        let placed: Vec<_> = items.iter().map(|item| item.family.as_str()).zip(shards).collect();
        assert_eq!(placed, [("b", 0), ("c", 1), ("d", 1), ("a", 0), ("e", 0)]);
    }

    #[test]
    fn a_family_is_cut_only_where_it_is_more_than_a_share() {
        assert_eq!([parts(10, 100, 10), parts(11, 100, 10), parts(100, 100, 10), parts(0, 0, 3)], [1, 2, 10, 1]);
    }

    #[test]
    fn every_series_is_in_one_shard() {
        let split = Place::Split { label: String::from("pod"), parts: vec![2, 0, 2] };
        let families = BTreeMap::from([(String::from("big"), split), (String::from("small"), Place::Whole(1))]);
        for (name, pod) in ["big_bucket", "big_sum", "small_total", "other"].iter().zip(["a", "b", "", "d"].repeat(9)) {
            let label = |key: &str| if key == "__name__" { *name } else { pod };
            let packing = Packing { families: families.clone() };
            let wanted = |index| Wanted { shard: Shard { index, of: 3 }, packing: packing.clone() };
            assert_eq!((0..3).filter(|&index| wanted(index).has(label)).count(), 1, "{name} {pod}");
        }
    }
}
