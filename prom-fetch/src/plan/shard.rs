//! Shards: parts of all metrics that several fetches divide among themselves, whole families each.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of `of` shards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which one, from 0.
    pub index: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    /// True when the metrics of this name belong to it.
    pub fn has(&self, name: &str) -> bool {
        number(name, self.of) == self.index
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Reads `K/N`, from `1/N` to `N/N`.
    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(k, n)| Some((k.parse::<u32>().ok()?, n.parse::<u32>().ok()?)));
        let inside = numbers.filter(|(k, n)| (1..=*n).contains(k));
        let (k, of) = inside.ok_or_else(|| String::from("expected K/N, such as 1/8 to 8/8"))?;
        Ok(Shard { index: k - 1, of })
    }
}

/// The shard of a metric name: the CRC-32 (of gzip, zlib and PNG) of its family's name, modulo `of`.
///
/// The choice is part of the interface: fetches of two states, and one that is done again, agree.
pub fn number(name: &str, of: u32) -> u32 {
    crc32fast::hash(family(name).as_bytes()) % of.max(1)
}

/// What a histogram, a summary or a counter puts behind the name of its family (OpenMetrics 1.0).
const SUFFIXES: [&str; 7] = ["_bucket", "_count", "_sum", "_total", "_created", "_gcount", "_gsum"];

/// The name of the family: that of the metric without the suffix of its type.
pub fn family(name: &str) -> &str {
    let bare = SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix));
    bare.filter(|bare| !bare.is_empty()).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_in_one_shard() {
        for of in [1, 2, 7, 1_000] {
            let of_name = |name| number(name, of);
            assert_eq!(of_name("h_bucket"), of_name("h_sum"));
            assert_eq!(of_name("h_count"), of_name("h"));
        }
        assert_eq!(family("_total"), "_total");
    }

    /// In Python: `zlib.crc32(b"http_requests") % 8`.
    #[test]
    fn the_hash_is_that_of_zlib() {
        assert_eq!(crc32fast::hash(b"123456789"), 0xCBF4_3926);
        assert_eq!(number("http_requests_total", 8), crc32fast::hash(b"http_requests") % 8);
    }

    #[test]
    fn shards_are_counted_from_one() {
        assert_eq!("1/8".parse(), Ok(Shard { index: 0, of: 8 }));
        for text in ["0/8", "9/8", "1", "1/0", "a/b", "-1/2", ""] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
