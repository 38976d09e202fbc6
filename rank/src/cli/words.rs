//! Texts that many metrics share, numbered: services, names, groups.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

/// The number of a text; equal texts have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Word(NonZeroU32);

impl Word {
    /// The number itself.
    pub(crate) fn number(self) -> usize {
        self.0.get() as usize
    }
}

/// The texts by their numbers, and the numbers by their texts.
#[derive(Debug, Default)]
pub(crate) struct Words {
    numbers: HashMap<Arc<str>, Word>,
    texts: Vec<Arc<str>>,
}

impl Words {
    /// The number of a text, which is added when it is new.
    pub(crate) fn add(&mut self, text: &str) -> Word {
        if let Some(&word) = self.numbers.get(text) {
            return word;
        }
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        // A grid has at most 16 million columns, each with a few texts.
        let word = Word(u32::try_from(self.texts.len()).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX));
        self.numbers.insert(text, word);
        word
    }

    /// A text.
    pub(crate) fn text(&self, word: Word) -> &str {
        self.texts.get(word.number() - 1).map_or("", |text| text)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.texts.len()
    }
}
