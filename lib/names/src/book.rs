//! The headers of a grid, each part of them held once and read once.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::kinds::aspect::phenomenon;
use crate::services::labels::Labels;
use crate::words::{Word, Words};
use crate::{Catalogue, Exposer, KIND, Name, Reading, Survey, TREATMENT, UNIT, is_legacy_name};

/// The headers of a grid. What is asked of a name depends on the metric's name and on a few labels, so it is asked once
/// for all series that share them: a grid has a thousand names and some thousand targets, however many series it has.
/// The answers are those of [`Catalogue::read`] and [`Catalogue::places`] for each header.
pub struct Book<'c> {
    catalogue: &'c Catalogue,
    /// The labels on which a reading depends beside those of a status, and those on which a place does.
    telling: HashSet<String>,
    placing: HashSet<String>,
    /// The beginnings of the headers, each up to its first brace, and whose labels count for a metric of that name.
    starts: Words,
    heads: Vec<Head>,
    /// What follows; and of it the labels that count for a reading and for a place.
    rests: Words,
    tails: Vec<Option<(Word, Word)>>,
    /// Labels that count, as the header of a metric `x` that has no others.
    parts: Words,
    /// What the metric names say that have the same part in finding a place.
    classes: HashMap<Vec<bool>, u32>,
    meaning_of: FxHashMap<(Word, Part), u32>,
    meanings: Vec<Meaning<'c>>,
    place_of: FxHashMap<(Head, Part), u32>,
    places: Vec<Group>,
    words: Words,
}

/// A header of a [`Book`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    start: Word,
    rest: Word,
    meaning: u32,
    place: u32,
}

/// What the name of a metric and the labels that count say of it; texts are words of the [`Book`].
#[derive(Debug, Clone, Copy)]
pub struct Meaning<'c> {
    /// What it measures.
    pub reading: Reading<'c>,
    /// The kind of the reading.
    pub kind: Word,
    /// The metric's name.
    pub name: Word,
    /// Its own name, as [`Catalogue::own_name`] has it.
    pub own: Word,
    /// The name of its [`phenomenon`].
    pub phenomenon: Word,
    /// Name and quantile, where it has labels: series that share them differ in what lies below the service.
    pub family: Option<Word>,
}

/// How the beginning of a header is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Head {
    /// By its words alone: the class of names with the same.
    Class(u32),
    /// Each with what follows it: a name without labels, or no plain selector.
    Alone(Word),
}

/// The labels that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    /// These alone.
    Some(Word),
    /// All that follows the beginning.
    All(Word),
}

/// The series that have one place, one of them by the beginning of its header.
struct Group {
    start: Word,
    part: Part,
    count: usize,
}

impl<'c> Book<'c> {
    /// An empty book. `also` are labels that [`Book::place_name`] shall have beside those that tell a place.
    pub fn new(catalogue: &'c Catalogue, also: &[&str]) -> Self {
        let mut placing = catalogue.placing_labels();
        placing.extend(also.iter().map(|label| (*label).to_string()));
        Book {
            catalogue,
            telling: catalogue.telling_labels(),
            placing,
            starts: Words::default(),
            heads: Vec::new(),
            rests: Words::default(),
            tails: Vec::new(),
            parts: Words::default(),
            classes: HashMap::new(),
            meaning_of: FxHashMap::default(),
            meanings: Vec::new(),
            place_of: FxHashMap::default(),
            places: Vec::new(),
            words: Words::default(),
        }
    }

    /// Adds the header of one more series.
    pub fn add(&mut self, header: &str) -> Header {
        let (start, rest) = header.split_at(header.find('{').map_or(header.len(), |at| at + 1));
        let (start, rest) = (self.start(start), self.rest(rest));
        let head = self.heads[start.number() - 1];
        let tail = self.tails[rest.number() - 1].filter(|_| matches!(head, Head::Class(_)));
        let telling = tail.filter(|_| !self.catalogue.has_pattern());
        let placing = tail.filter(|_| !self.catalogue.is_asked());
        let meaning = self.mean(start, telling.map_or(Part::All(rest), |(telling, _)| Part::Some(telling)));
        let place = match placing {
            Some((_, placing)) => self.belong(head, start, Part::Some(placing)),
            None => self.belong(Head::Alone(start), start, Part::All(rest)),
        };
        Header { start, rest, meaning, place }
    }

    /// The text of a header.
    pub fn text(&self, header: Header) -> String {
        [self.starts.text(header.start), self.rests.text(header.rest)].concat()
    }

    /// What a header says of its metric.
    pub fn meaning(&self, header: Header) -> &Meaning<'c> {
        &self.meanings[header.meaning as usize]
    }

    /// What the headers say, each once.
    pub fn meanings(&self) -> impl Iterator<Item = &Meaning<'c>> {
        self.meanings.iter()
    }

    /// The number of the place of a series: series of one number have the same.
    pub fn place(&self, header: Header) -> usize {
        header.place as usize
    }

    /// How many places have a number.
    pub fn place_count(&self) -> usize {
        self.places.len()
    }

    /// The name of a series of a place, with the labels that count for it.
    pub fn place_name(&self, place: usize) -> Name {
        self.name(self.places[place].start, self.places[place].part)
    }

    /// What all series say about each other: it gives the places of [`Book::place_name`], but for the own name.
    pub fn survey(&self) -> Survey<'c> {
        let group = |group: &Group| (self.name(group.start, group.part), group.count);
        Survey::of(self.catalogue, || self.places.par_iter().map(group))
    }

    /// Keys in whose order the headers are in that of their texts.
    pub fn keys(&self) -> impl Fn(Header) -> (u32, u32) + use<'c> {
        // No beginning but a whole header begins another, for each ends with its first brace.
        let (starts, rests) = (self.starts.ranks(), self.rests.ranks());
        move |header| (starts[header.start.number() - 1], rests[header.rest.number() - 1])
    }

    /// The texts of the meanings, to which others may be added.
    pub fn words(&mut self) -> &mut Words {
        &mut self.words
    }

    /// The text of a word.
    pub fn word(&self, word: Word) -> &str {
        self.words.text(word)
    }

    fn start(&mut self, text: &str) -> Word {
        let word = self.starts.add(text);
        if word.number() > self.heads.len() {
            let head = match metric(text).and_then(|name| self.catalogue.class(name)) {
                Some(class) => {
                    let next = self.classes.len() as u32;
                    Head::Class(*self.classes.entry(class).or_insert(next))
                }
                None => Head::Alone(word),
            };
            self.heads.push(head);
        }
        word
    }

    fn rest(&mut self, text: &str) -> Word {
        let word = self.rests.add(text);
        if word.number() > self.tails.len() {
            let name = Name::parse(&format!("x{{{text}"));
            // Without labels a name tells its place itself.
            let plain = name.name == "x" && !name.labels.is_empty();
            let tail = plain.then(|| (self.part(&name, true), self.part(&name, false)));
            self.tails.push(tail);
        }
        word
    }

    /// The labels that count; of a name with others only, one that says nothing.
    fn part(&mut self, name: &Name, telling: bool) -> Word {
        let statuses = &self.catalogue.built_in().statuses;
        let counts = |(label, value): &&(String, String)| match telling {
            true => self.telling.contains(label) || statuses.may_tell(label, value),
            false => self.placing.contains(label),
        };
        let mut labels: Vec<_> = name.labels.iter().filter(counts).cloned().collect();
        if labels.is_empty() {
            labels.push(Default::default());
        }
        self.parts.add(&Name { name: "x".to_string(), labels }.to_string())
    }

    fn name(&self, start: Word, part: Part) -> Name {
        let start = self.starts.text(start);
        match (part, metric(start)) {
            (Part::Some(part), Some(name)) => Name { name: name.to_string(), ..Name::parse(self.parts.text(part)) },
            (Part::Some(rest) | Part::All(rest), _) => Name::parse(&[start, self.rests.text(rest)].concat()),
        }
    }

    fn mean(&mut self, start: Word, part: Part) -> u32 {
        if let Some(&known) = self.meaning_of.get(&(start, part)) {
            return known;
        }
        let name = self.name(start, part);
        let family = || format!("{}\u{0}{}", name.name, name.label("quantile").unwrap_or_default());
        let reading = self.catalogue.read(&name);
        self.meanings.push(Meaning {
            reading,
            kind: self.words.add(reading.kind),
            name: self.words.add(&name.name),
            own: self.words.add(&self.catalogue.own_name(&name)),
            phenomenon: self.words.add(&phenomenon(&name).name),
            family: (!name.labels.is_empty()).then(|| self.words.add(&family())),
        });
        let number = self.meanings.len() as u32 - 1;
        self.meaning_of.insert((start, part), number);
        number
    }

    fn belong(&mut self, head: Head, start: Word, part: Part) -> u32 {
        let next = self.places.len() as u32;
        let number = *self.place_of.entry((head, part)).or_insert(next);
        if number == next {
            self.places.push(Group { start, part, count: 0 });
        }
        self.places[number as usize].count += 1;
        number
    }
}

/// The metric's name at the beginning of a plain selector.
fn metric(start: &str) -> Option<&str> {
    start.strip_suffix('{').map(str::trim_start).filter(|name| is_legacy_name(name))
}

impl Catalogue {
    /// The labels on which a [`Reading`] depends, beside those of a status.
    fn telling_labels(&self) -> HashSet<String> {
        let built_in = self.built_in();
        let rules = built_in.kinds.labels().chain(built_in.outcomes.labels());
        rules.chain([KIND, TREATMENT, UNIT, "mode", "quantile"]).map(str::to_string).collect()
    }

    /// The labels on which a place depends where the user's tables do not tell it.
    fn placing_labels(&self) -> HashSet<String> {
        let built_in = self.built_in();
        let labels = built_in.of_places().into_iter().flat_map(Labels::labels);
        let namespaces = built_in.services.of_namespaces();
        labels.chain(namespaces).chain(["job", "instance"]).map(str::to_string).collect()
    }

    /// What a metric's name says of the place of its series, beside their labels: names of one class find the same
    /// place by the same labels. `None` where that depends on the own name.
    fn class(&self, name: &str) -> Option<Vec<bool>> {
        let built_in = self.built_in();
        let tokens = built_in.vocabulary.read(name);
        // An own name may end with a status: it is an edge's or not by what stands before the first `_`.
        let edge = built_in.headers.is_edge(name);
        let rows = built_in.of_places().into_iter().flat_map(|labels| labels.counting(&tokens));
        let outcome = built_in.outcomes.find(&tokens, &Name::default()).is_some();
        let exposer = built_in.exposers.find(&tokens, &Name::default());
        let exposers = [Exposer::Store, Exposer::Machine].map(|one| exposer == Some(&one));
        let rows = rows.chain(built_in.monitoring.class(&tokens)).chain(exposers);
        let class = || rows.chain([outcome, edge]).collect();
        (!edge || name.contains('_')).then(class)
    }
}
