//! Labels that name a service, and labels that name the one waited for.

use rustc_hash::{FxHashMap, FxHashSet};

use super::form::{Form, Owner, host, is_loopback, owner_of};
use super::pod::{is_short_number, without};
use super::telling::Telling;
use crate::Name;
use crate::text::rules::Rules;
use crate::text::table::rows;
use crate::text::tokens::Vocabulary;

/// A row of the table: a label, its form, the metrics it counts for, and whether it may name only the one that exposes.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) label: String,
    pub(super) form: Form,
    of: Option<Rules<()>>,
    /// True where it counts for all others.
    not: bool,
    pub(super) yields: bool,
    of_pod: OfPod,
}

/// Whether a label names the pod that has it, or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OfPod {
    Itself,
    Another,
    Either,
}

impl Row {
    /// True where the row counts for a metric.
    fn counts(&self, name: &Name, tokens: &[u32]) -> bool {
        self.of.as_ref().is_none_or(|of| of.find(tokens, name).is_some() != self.not)
    }
}

/// Labels that begin so, of some metrics or all, and the label that says in which namespace their values are.
#[derive(Debug)]
struct Namespaced {
    begins: String,
    label: String,
    of: Option<Rules<()>>,
}

/// A pattern of the metrics that a row counts for, of which there may be none.
fn pattern(of: &str, vocabulary: &mut Vocabulary) -> Option<Rules<()>> {
    (!of.is_empty()).then(|| Rules::new(vec![(of.to_string(), String::new(), ())], vocabulary))
}

/// A table of labels, most telling first.
#[derive(Debug)]
pub(crate) struct Labels {
    pub(super) rows: Vec<Row>,
    by_label: FxHashMap<String, Vec<usize>>,
    /// Where the labels begin that a scrape gives to all series of its target.
    pub(super) scrape: usize,
    /// Values that name no service: in any label, and in one that names a container.
    nobody: FxHashSet<String>,
    no_container: FxHashSet<String>,
    namespaces: Vec<Namespaced>,
}

impl Labels {
    /// The table of the labels that name a service.
    pub(crate) fn services(vocabulary: &mut Vocabulary) -> Self {
        Self::read(include_str!("../../tables/services.csv"), vocabulary)
    }

    /// The table of the labels that name the one waited for.
    pub(crate) fn peers(vocabulary: &mut Vocabulary) -> Self {
        Self::read(include_str!("../../tables/peers.csv"), vocabulary)
    }

    /// The table of the labels that name the one probed.
    pub(crate) fn probed(vocabulary: &mut Vocabulary) -> Self {
        Self::read(include_str!("../../tables/probed.csv"), vocabulary)
    }

    /// The table of the labels by which the one who serves an interface names it.
    pub(crate) fn served(vocabulary: &mut Vocabulary) -> Self {
        Self::read(include_str!("../../tables/served.csv"), vocabulary)
    }

    fn read(text: &str, vocabulary: &mut Vocabulary) -> Self {
        let mut row = |[label, form, of, yields]: [String; 4]| {
            let form = Form::named(&form)?;
            let (not, of) = of.strip_prefix('!').map_or((false, of.as_str()), |of| (true, of));
            let of = pattern(of, vocabulary);
            let of_pod = match yields.as_str() {
                "pod" => OfPod::Itself,
                "other" => OfPod::Another,
                _ if of.is_some() && !not => OfPod::Another,
                _ => OfPod::Either,
            };
            Some(Row { label, form, of, not, yields: ["yes", "pod"].contains(&yields.as_str()), of_pod })
        };
        let table: Vec<Row> = rows(text, ["label", "form", "of", "yields"]).into_iter().filter_map(&mut row).collect();
        let mut by_label: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (at, row) in table.iter().enumerate() {
            by_label.entry(row.label.clone()).or_default().push(at);
        }
        let none = rows(include_str!("../../tables/no_services.csv"), ["form", "value"]);
        let of =
            |wanted: &str| none.iter().filter(|[form, _]| form == wanted).map(|[_, value]| value.clone()).collect();
        let scrape = table.iter().rposition(|row| row.label == "job").unwrap_or(table.len());
        let namespaces = rows(include_str!("../../tables/namespaces.csv"), ["begins", "label", "of"]);
        let namespaced = |[begins, label, of]: [String; 3]| Namespaced { begins, label, of: pattern(&of, vocabulary) };
        let namespaces = namespaces.into_iter().map(namespaced).collect();
        Self { rows: table, by_label, scrape, nobody: of("any"), no_container: of("container"), namespaces }
    }

    /// The labels that say in which namespace others' values are.
    pub(crate) fn of_namespaces(&self) -> impl Iterator<Item = &str> {
        self.namespaces.iter().map(|row| row.label.as_str())
    }

    /// The namespace that a label's value is in; nothing where no label says so.
    pub(super) fn namespace<'a>(&self, label: &str, name: &'a Name, tokens: &[u32]) -> &'a str {
        let counts = |row: &&Namespaced| {
            label.starts_with(&row.begins) && row.of.as_ref().is_none_or(|of| of.find(tokens, name).is_some())
        };
        let told = self.namespaces.iter().filter(counts).filter_map(|row| name.label(&row.label));
        told.into_iter().find(|value| !value.is_empty()).unwrap_or_default()
    }

    /// True for a label that a scrape gives to all series of its target.
    pub(super) fn is_of_target(&self, label: &str) -> bool {
        self.by_label.get(label).and_then(|rows| rows.last()).is_some_and(|at| *at >= self.scrape)
    }

    /// True for a label that may name the target of a scrape.
    pub(super) fn names_target(&self, label: &str) -> bool {
        let is_target = |at: usize, row: &Row| at >= self.scrape || row.yields || row.form == Form::Pod;
        let rows = self.by_label.get(label).into_iter().flatten().map(|at| (*at, &self.rows[*at]));
        rows.into_iter().any(|(at, row)| is_target(at, row) && row.form != Form::Container)
    }

    /// True for the label of a scrape's job or of a target.
    pub(super) fn is_of_job(&self, label: &str) -> bool {
        ["job", "instance"].contains(&label)
    }

    /// True for a label that says of which kind the named one is, as a database's product does.
    pub(super) fn is_kind(&self, label: &str) -> bool {
        self.form(label) == Some(Form::Kind)
    }

    /// True for a row that may name another than the pod that has the label.
    pub(super) fn may_name_another(&self, at: usize) -> bool {
        let Row { form, of_pod, .. } = &self.rows[at];
        at < self.scrape && *of_pod != OfPod::Itself && ![Form::Pod, Form::Container, Form::Cgroup].contains(form)
    }

    /// True for a row that counts for some metrics only.
    pub(super) fn is_of_some(&self, at: usize) -> bool {
        self.rows[at].of.is_some() && !self.rows[at].not
    }

    /// True for a row that names another than the pod, whatever the others name.
    pub(super) fn names_another(&self, at: usize) -> bool {
        self.rows[at].of_pod == OfPod::Another
    }

    /// True for a label of the table.
    pub(crate) fn has(&self, label: &str) -> bool {
        self.by_label.contains_key(label)
    }

    /// How a label's value names a service, of any metric.
    pub(super) fn form(&self, label: &str) -> Option<Form> {
        let rows = || self.by_label.get(label).into_iter().flatten().map(|at| &self.rows[*at]);
        rows().find(|row| row.of.is_none()).or_else(|| rows().next()).map(|row| row.form)
    }

    /// All labels of the table.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        self.by_label.keys().map(String::as_str)
    }

    /// For each row, whether it counts for a metric of these words.
    pub(crate) fn counting(&self, tokens: &[u32]) -> impl Iterator<Item = bool> {
        self.rows.iter().map(|row| row.counts(&Name::default(), tokens))
    }

    /// How many rows there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows whose labels are there, count for the metric and name a service, and those labels' values; in the order
    /// of the table.
    pub(super) fn there<'a>(&self, name: &'a Name, tokens: &[u32]) -> Vec<(usize, &'a str)> {
        let mut found: Vec<(usize, &str)> = Vec::new();
        for (label, value) in name.labels.iter().filter(|(_, value)| !value.is_empty()) {
            let Some(rows) = self.by_label.get(label) else { continue };
            let counts = |at: &&usize| self.rows[**at].counts(name, tokens) && self.names_one(&self.rows[**at], value);
            found.extend(rows.iter().filter(counts).map(|at| (*at, value.as_str())));
        }
        found.sort_unstable();
        found
    }

    /// True for a value that may name a service.
    fn names_one(&self, row: &Row, value: &str) -> bool {
        let words = value.contains(' ') && row.label == "name";
        let container = row.form == Form::Container && self.no_container.contains(value);
        !words && !container && !self.nobody.contains(value)
    }

    /// The label that decides whose a series is, and whose: the first that is there and tells series apart, else
    /// the first that is there. One that names only the one that exposes leaves it to those after it. A cgroup that holds
    /// several containers is the machine's.
    pub(crate) fn owner(&self, name: &Name, tokens: &[u32], telling: &Telling) -> (&str, Owner) {
        let (mut first, there) = (None, self.there(name, tokens));
        let job = name.label("job").unwrap_or_default();
        if let Some(place) = telling.workloads.decides(self, name, tokens, &there) {
            let machine = self.target(&there, job, telling).filter(|_| telling.is_of_machines(job));
            let (at, value) = there[place];
            return machine.unwrap_or((&self.rows[at].label, owner_of(self.rows[at].form, value, telling.ports)));
        }
        for (place, &(at, value)) in there.iter().enumerate() {
            let row = &self.rows[at];
            let owner = owner_of(row.form, value, telling.ports);
            // An address that all machines have says less than the job of the target.
            let nowhere = at > self.scrape && is_loopback(value) && !telling.is_told_by_port(job);
            let after = &there[place + 1..];
            let target = || self.target(after, job, telling).filter(|_| at == self.scrape);
            match owner {
                Owner::Nobody => continue,
                Owner::Machine => return ("machine", Owner::Machine),
                _ if !nowhere && telling.rows.contains(&at) && !telling.yields(job, at, after) => {
                    return target().unwrap_or((&row.label, owner));
                }
                _ => first = first.or(Some((row.label.as_str(), owner))),
            }
        }
        first.unwrap_or(("", Owner::Nobody))
    }

    /// The host of a target whose job leaves it to the hosts, without its port; a service's without the number of a replica.
    fn target(&self, there: &[(usize, &str)], job: &str, telling: &Telling) -> Option<(&str, Owner)> {
        let (machine, service) = (telling.is_of_machines(job), telling.gathers(job));
        let mut rows = there.iter().map(|(at, value)| (&self.rows[*at], *value));
        let (row, value) = rows.find(|(row, _)| row.label == "instance").filter(|_| machine || service)?;
        let host = if machine { value } else { of_replica(value) };
        Some((&row.label, owner_of(row.form, host, false)))
    }

    /// Those that are named, each with the label that does, the most telling first.
    pub(crate) fn named<'a>(&'a self, name: &'a Name, tokens: &[u32]) -> impl Iterator<Item = (&'a str, Owner)> {
        let owner = |(at, value): (usize, &str)| {
            let Row { label, form, .. } = &self.rows[at];
            (label.as_str(), owner_of(*form, value, false))
        };
        self.there(name, tokens).into_iter().map(owner).filter(|(_, owner)| owner.name().is_some())
    }
}

/// The host of an instance without the number that it has as a replica, as `front-end-2`.
fn of_replica(instance: &str) -> &str {
    let host = host(instance);
    without(host, is_short_number).unwrap_or(host)
}
