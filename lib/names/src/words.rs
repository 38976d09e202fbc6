//! Texts that many metrics share, each held once and numbered.

use std::hash::BuildHasher;
use std::num::NonZeroU32;

use foldhash::fast::RandomState;
use rustc_hash::FxHashMap;

/// The number of a text; equal texts have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(NonZeroU32);

impl Word {
    /// The number itself, from 1 on, in the order in which the texts came.
    pub fn number(self) -> usize {
        self.0.get() as usize
    }

    fn new(number: usize) -> Self {
        // A grid has at most 16 million columns, each with a few texts.
        Word(u32::try_from(number).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX))
    }
}

/// Something of each of some words. Their numbers are our own, so that nobody can choose them to collide.
pub type WordMap<V> = FxHashMap<Word, V>;

/// The texts by their numbers, and the numbers by their texts: one behind the other, with 16 to 32 bytes beside each.
#[derive(Debug, Default)]
pub struct Words {
    all: String,
    ends: Vec<usize>,
    /// Number and hash of the texts, at the place of the hash or soon after it; a number 0 is a free place. At least
    /// three in eight are free.
    slots: Vec<(u32, u32)>,
    hasher: RandomState,
}

impl Words {
    /// The number of a text, which is added when it is new.
    pub fn add(&mut self, text: &str) -> Word {
        if 8 * (self.ends.len() + 1) > 5 * self.slots.len() {
            self.grow();
        }
        let hash = self.hash(text);
        match self.look(text, hash) {
            Ok(word) => word,
            Err(free) => {
                self.all.push_str(text);
                self.ends.push(self.all.len());
                let word = Word::new(self.ends.len());
                self.slots[free] = (word.0.get(), hash);
                word
            }
        }
    }

    /// The number of a text that was added.
    pub fn find(&self, text: &str) -> Option<Word> {
        if self.slots.is_empty() { None } else { self.look(text, self.hash(text)).ok() }
    }

    /// A text.
    pub fn text(&self, word: Word) -> &str {
        let at = word.number() - 1;
        let start = if at == 0 { 0 } else { self.ends.get(at - 1).copied().unwrap_or_default() };
        self.ends.get(at).and_then(|&end| self.all.get(start..end)).unwrap_or_default()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// The place of each text in the order of the texts, by number − 1.
    pub fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (1..=self.count() as u32).collect();
        order.sort_unstable_by(|a, b| self.text(Word::new(*a as usize)).cmp(self.text(Word::new(*b as usize))));
        let mut ranks = vec![0; order.len()];
        for (rank, number) in order.into_iter().enumerate() {
            ranks[number as usize - 1] = rank as u32;
        }
        ranks
    }

    fn hash(&self, text: &str) -> u32 {
        self.hasher.hash_one(text) as u32
    }

    /// The word of a text, or the place where it belongs.
    fn look(&self, text: &str, hash: u32) -> Result<Word, usize> {
        let mut at = hash as usize & (self.slots.len() - 1);
        loop {
            let (number, own) = self.slots[at];
            if number == 0 {
                return Err(at);
            }
            let word = Word::new(number as usize);
            if own == hash && self.text(word) == text {
                return Ok(word);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn grow(&mut self) {
        let size = (2 * self.slots.len()).max(16);
        let old = std::mem::replace(&mut self.slots, vec![(0, 0); size]);
        for (number, hash) in old.into_iter().filter(|(number, _)| *number > 0) {
            let mut at = hash as usize & (size - 1);
            while self.slots[at].0 > 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = (number, hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_number_and_any_text_is_kept() {
        let mut words = Words::default();
        assert_eq!(words.find("a"), None);
        let texts: Vec<String> = (0..5000).map(|i| format!("{}\"é{}", i % 1700, "x".repeat(i % 17))).collect();
        let numbers: Vec<Word> = texts.iter().map(|text| words.add(text)).collect();
        for (text, word) in texts.iter().zip(&numbers) {
            assert_eq!((words.add(text), words.find(text)), (*word, Some(*word)));
            assert_eq!(words.text(*word), text);
        }
        let distinct: std::collections::BTreeSet<&String> = texts.iter().collect();
        assert_eq!(words.count(), distinct.len());
        let none = words.add("");
        assert_eq!((words.text(none), words.find("")), ("", Some(none)));
    }

    #[test]
    fn ranks_are_those_of_the_texts() {
        let mut words = Words::default();
        ["b", "a", "", "aa", "b"].iter().for_each(|text| _ = words.add(text));
        assert_eq!(words.ranks(), [3, 1, 0, 2]);
    }
}
