//! The words of a name: what stands between `_ . : - | /`, spaces, brackets and camelCase humps.

use rustc_hash::FxHashMap;

/// The number of a word that no table knows.
const UNKNOWN: u32 = 0;

/// A name is read up to so many words; longer ones are no names.
const MOST_WORDS: usize = 64;

/// The words that the tables use, numbered. Letter case does not count.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    /// Of the tables' own words alone, so that nobody can choose them to collide.
    numbers: FxHashMap<String, u32>,
}

impl Vocabulary {
    /// The number of a word, which is added when it is new.
    pub(crate) fn add(&mut self, word: &str) -> u32 {
        let next = self.numbers.len() as u32 + 1;
        *self.numbers.entry(word.to_string()).or_insert(next)
    }

    /// The numbers of the words of a name, in order. A number from 400 to 599 that no table names counts as
    /// the class of a status, `4nn` or `5nn`.
    pub(crate) fn read(&self, text: &str) -> Vec<u32> {
        let mut tokens = Vec::with_capacity(12);
        each_word(text, |word| {
            if tokens.len() < MOST_WORDS {
                tokens.push(self.number(word));
            }
        });
        tokens
    }

    fn number(&self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let status = word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit());
        let class = match (status, word.as_bytes().first()) {
            (true, Some(b'4')) => "4nn",
            (true, Some(b'5')) => "5nn",
            _ => return UNKNOWN,
        };
        self.numbers.get(class).copied().unwrap_or(UNKNOWN)
    }
}

/// Calls `found` with each word of a name, in lower case; `%` is the word `percent`.
pub(crate) fn each_word(text: &str, mut found: impl FnMut(&str)) {
    let mut word = String::with_capacity(16);
    let mut letters = text.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        let next_is_lower = letters.peek().is_some_and(|next| next.is_lowercase());
        let hump = letter.is_uppercase() && (before.is_lowercase() || before.is_alphanumeric() && next_is_lower);
        if (hump || !letter.is_alphanumeric()) && !word.is_empty() {
            found(&word);
            word.clear();
        }
        match letter {
            '%' => found("percent"),
            _ if letter.is_ascii_alphanumeric() => word.push(letter.to_ascii_lowercase()),
            _ if letter.is_alphanumeric() => word.extend(letter.to_lowercase()),
            _ => {}
        }
        before = letter;
    }
    if !word.is_empty() {
        found(&word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let mut all = Vec::new();
        each_word(text, |word| all.push(word.to_string()));
        all.join(" ")
    }

    #[test]
    fn words_end_at_signs_and_humps() {
        for (name, expected) in [
            ("node_memory_MemAvailable_bytes", "node memory mem available bytes"),
            ("PodServerLatencyP90(s)", "pod server latency p90 s"),
            ("CPUUsageRate(%)", "cpu usage rate percent"),
            ("HTTPCode_Target_5XX_Count", "http code target 5xx count"),
            ("node_memory_DirectMap1G_bytes", "node memory direct map1g bytes"),
            ("http.server.request.duration", "http server request duration"),
            ("latency|p90", "latency p90"),
            ("node_load15", "node load15"),
            ("", ""),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
    }

    #[test]
    fn a_status_in_a_name_is_its_class() {
        let mut vocabulary = Vocabulary::default();
        let (class, own) = (vocabulary.add("5nn"), vocabulary.add("512"));
        assert_eq!(vocabulary.read("counter_status_503_orders"), [0, 0, class, 0]);
        assert_eq!(vocabulary.read("size_512"), [0, own]);
    }
}
