//! Tables of rules: a pattern, conditions on labels, and what they stand for. The first that holds decides.

use rustc_hash::FxHashMap;

use super::pattern::Pattern;
use super::tokens::Vocabulary;
use crate::Name;

/// A label that must have one of some values: `mode=idle|iowait`. `*` before a value is any beginning; an empty list is any
/// value.
#[derive(Debug, Clone)]
struct Condition {
    label: String,
    values: Vec<String>,
}

impl Condition {
    fn parse(text: &str) -> Option<Self> {
        let (label, values) = text.split_once('=')?;
        let values = if values == "*" { Vec::new() } else { values.split('|').map(str::to_string).collect() };
        Some(Self { label: label.trim().to_string(), values })
    }

    fn holds(&self, name: &Name) -> bool {
        let value = name.label(&self.label).filter(|value| !value.is_empty());
        let fits = |wanted: &String, value: &str| match (wanted.strip_prefix('*'), wanted.strip_suffix('*')) {
            (Some(end), _) => value.ends_with(end),
            (_, Some(start)) => value.starts_with(start),
            _ => wanted == value,
        };
        value.is_some_and(|value| self.values.is_empty() || self.values.iter().any(|wanted| fits(wanted, value)))
    }
}

/// Rules by the rarest of their words, so that a name meets few of them.
#[derive(Debug)]
pub(crate) struct Rules<T> {
    rules: Vec<(Pattern, Vec<Condition>, T)>,
    by_word: FxHashMap<u32, Vec<u32>>,
    wordless: Vec<u32>,
}

impl<T> Rules<T> {
    /// Rules from rows of pattern, conditions (`label=value|value;label=*`), and what they stand for; rows that
    /// cannot be read are left out, which a test of each table excludes.
    pub(crate) fn new(rows: Vec<(String, String, T)>, vocabulary: &mut Vocabulary) -> Self {
        let mut rules = Vec::with_capacity(rows.len());
        for (pattern, conditions, meaning) in rows {
            let conditions: Option<Vec<_>> =
                conditions.split(';').filter(|c| !c.trim().is_empty()).map(Condition::parse).collect();
            if let (Some(pattern), Some(conditions)) = (Pattern::parse(&pattern, vocabulary), conditions) {
                rules.push((pattern, conditions, meaning));
            }
        }
        let mut uses: FxHashMap<u32, usize> = FxHashMap::default();
        for word in rules.iter().flat_map(|(pattern, ..)| pattern.words().flatten()) {
            *uses.entry(*word).or_default() += 1;
        }
        let (mut by_word, mut wordless): (FxHashMap<u32, Vec<u32>>, Vec<u32>) = Default::default();
        for (at, (pattern, ..)) in rules.iter().enumerate() {
            let cost = |words: &&[u32]| words.iter().map(|w| uses.get(w).copied().unwrap_or(0)).sum::<usize>();
            match pattern.words().min_by_key(cost) {
                Some(words) => words.iter().for_each(|w| by_word.entry(*w).or_default().push(at as u32)),
                None => wordless.push(at as u32),
            }
        }
        Self { rules, by_word, wordless }
    }

    /// What the first rule that holds stands for.
    pub(crate) fn find(&self, tokens: &[u32], name: &Name) -> Option<&T> {
        self.decides(tokens, name, |_| true)
    }

    /// The same among the rules that say how a name begins.
    pub(crate) fn find_anchored(&self, tokens: &[u32], name: &Name) -> Option<&T> {
        self.decides(tokens, name, Pattern::is_anchored)
    }

    /// The first meaning of which this holds.
    pub(crate) fn first(&self, of: impl Fn(&T) -> bool) -> Option<&T> {
        self.rules.iter().map(|(.., meaning)| meaning).find(|meaning| of(meaning))
    }

    /// The labels that conditions name.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().flat_map(|(_, conditions, _)| conditions).map(|condition| condition.label.as_str())
    }

    /// How many rules there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.rules.len()
    }

    fn decides(&self, tokens: &[u32], name: &Name, of: impl Fn(&Pattern) -> bool) -> Option<&T> {
        let mut best = u32::MAX;
        let lists = tokens.iter().filter_map(|token| self.by_word.get(token)).chain([&self.wordless]);
        for at in lists.flat_map(|list| list.iter().copied()) {
            if at >= best {
                continue;
            }
            let (pattern, conditions, _) = &self.rules[at as usize];
            if of(pattern) && pattern.matches(tokens) && conditions.iter().all(|c| c.holds(name)) {
                best = at;
            }
        }
        self.rules.get(best as usize).map(|(.., meaning)| meaning)
    }
}

#[cfg(test)]
impl Condition {
    fn sample(&self) -> (String, String) {
        let value = self.values.first().map_or("x".to_string(), |value| value.replace('*', "x"));
        (self.label.clone(), value)
    }
}

#[cfg(test)]
impl<T> Rules<T> {
    /// The numbers of the rules that decide on no name, for those before them do on all.
    pub(crate) fn unreachable(&self) -> Vec<usize> {
        let is_reached = |at: usize| {
            let (pattern, conditions, _) = &self.rules[at];
            let name = Name::new("x", conditions.iter().map(Condition::sample).collect());
            let found = |tokens: &Vec<u32>| {
                self.decides(tokens, &name, |_| true).is_some_and(|meaning| std::ptr::eq(meaning, &self.rules[at].2))
            };
            pattern.samples().iter().any(found)
        };
        (0..self.rules.len()).filter(|at| !is_reached(*at)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_holds_decides() {
        let mut vocabulary = Vocabulary::default();
        let rows = [
            ("cpu", "mode=idle|iowait", 1),
            ("cpu", "", 2),
            ("", "quantile=*", 3),
            ("cpu total", "", 4),
            ("of", "a=*-count|b", 5),
        ];
        let rows = rows.map(|(p, c, n)| (p.to_string(), c.to_string(), n)).to_vec();
        let rules = Rules::new(rows, &mut vocabulary);
        let find = |text: &str| {
            let name = Name::parse(text);
            rules.find(&vocabulary.read(&name.name), &name).copied()
        };
        assert_eq!(find("cpu_total{mode=\"idle\"}"), Some(1));
        assert_eq!(find("cpu_total{mode=\"user\"}"), Some(2));
        assert_eq!(find("lat{quantile=\"0.5\"}"), Some(3));
        assert_eq!(find("lat{quantile=\"\"}"), None);
        assert_eq!(find("of{a=\"x-count\"}").and(find("of{a=\"b\"}")), Some(5));
        assert_eq!(find("of{a=\"x-count-2\"}").or(find("of{a=\"x-b\"}")), None);
    }
}
