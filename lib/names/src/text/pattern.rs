//! Patterns on the words of a name. They match whole words in sequence, never a part of a word.

use super::tokens::Vocabulary;

/// One element of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Element {
    /// `^`: the name begins here.
    Start,
    /// `$`: the name ends here.
    End,
    /// `?`: any one word.
    Any,
    /// `*`: any number of words, also none.
    Gap,
    /// One of these words: `read|write`.
    Word(Vec<u32>),
}

/// A pattern such as `^ node disk read|write * seconds total $`. Without `^` and `$` it may stand anywhere in
/// a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    elements: Vec<Element>,
}

impl Pattern {
    /// Reads a pattern; `None` where a word has a letter that no word of a name can have.
    pub(crate) fn parse(text: &str, vocabulary: &mut Vocabulary) -> Option<Self> {
        let mut element = |text: &str| match text {
            "^" => Some(Element::Start),
            "$" => Some(Element::End),
            "?" => Some(Element::Any),
            "*" => Some(Element::Gap),
            words => {
                let one = |word: &str| {
                    let good = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() && !c.is_uppercase());
                    good.then(|| vocabulary.add(word))
                };
                words.split('|').map(one).collect::<Option<Vec<_>>>().map(Element::Word)
            }
        };
        let elements: Option<Vec<Element>> = text.split_whitespace().map(&mut element).collect();
        elements.map(|elements| Self { elements })
    }

    /// True when the pattern is somewhere in the words.
    pub(crate) fn matches(&self, tokens: &[u32]) -> bool {
        let starts = if self.is_anchored() { 0..=0 } else { 0..=tokens.len() };
        starts.into_iter().any(|at| matches_at(&self.elements, tokens, at))
    }

    /// True when the pattern says how a name begins.
    pub(crate) fn is_anchored(&self) -> bool {
        self.elements.first() == Some(&Element::Start)
    }

    /// Where each of its words may stand: a name that matches has one of each list.
    pub(crate) fn words(&self) -> impl Iterator<Item = &[u32]> {
        self.elements.iter().filter_map(|element| match element {
            Element::Word(words) => Some(words.as_slice()),
            _ => None,
        })
    }
}

fn matches_at(elements: &[Element], tokens: &[u32], at: usize) -> bool {
    let Some((first, rest)) = elements.split_first() else { return true };
    match first {
        Element::Start => at == 0 && matches_at(rest, tokens, at),
        Element::End => at == tokens.len() && matches_at(rest, tokens, at),
        Element::Any => at < tokens.len() && matches_at(rest, tokens, at + 1),
        Element::Gap => (at..=tokens.len()).any(|next| matches_at(rest, tokens, next)),
        Element::Word(words) => tokens.get(at).is_some_and(|t| words.contains(t)) && matches_at(rest, tokens, at + 1),
    }
}

#[cfg(test)]
impl Pattern {
    /// Names that match it: of each choice of its words, those with and without a word of no table in each gap, before it and behind
    /// it; some thousands at most.
    pub(crate) fn samples(&self) -> Vec<Vec<u32>> {
        const MOST: usize = 4096;
        let mut all: Vec<Vec<u32>> = vec![Vec::new()];
        let open = |shut: bool| (!shut).then_some(&Element::Gap);
        let (before, behind) = (open(self.is_anchored()), open(self.elements.last() == Some(&Element::End)));
        for element in before.into_iter().chain(&self.elements).chain(behind) {
            let choices: Vec<Option<u32>> = match element {
                Element::Start | Element::End => continue,
                Element::Any => vec![Some(0)],
                Element::Gap => vec![None, Some(0)],
                Element::Word(words) => words.iter().copied().map(Some).collect(),
            };
            let longer =
                |name: &Vec<u32>| choices.iter().map(|word| name.iter().copied().chain(*word).collect()).collect();
            all = all.iter().flat_map(|name| -> Vec<Vec<u32>> { longer(name) }).take(MOST).collect();
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picks(pattern: &str, name: &str) -> bool {
        let mut vocabulary = Vocabulary::default();
        let pattern = Pattern::parse(pattern, &mut vocabulary).unwrap();
        pattern.matches(&vocabulary.read(name))
    }

    #[test]
    fn whole_words_in_sequence_match() {
        assert!(picks("cpu", "process_cpu_seconds_total"));
        assert!(!picks("avail", "replicas_unavailable"));
        assert!(picks("memory * free|available", "node_memory_MemFree_bytes"));
        assert!(!picks("memory free", "node_memory_MemFree_bytes"));
        assert!(picks("^ ? up $", "redis_up") && !picks("^ ? up $", "node_network_up"));
        assert!(picks("^ up $", "up") && !picks("^ up $", "up_time"));
        assert!(picks("duration * count $", "duration_count") && !picks("duration * count $", "duration_count_x"));
        assert!(picks("status 5nn", "counter_status_502_orders"));
    }

    #[test]
    fn a_word_that_no_name_can_have_is_refused() {
        for text in ["MemFree", "a_b", "a||b", "x."] {
            assert_eq!(Pattern::parse(text, &mut Vocabulary::default()), None, "{text}");
        }
    }
}
