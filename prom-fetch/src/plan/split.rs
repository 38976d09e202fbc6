//! Pieces of a fetch, and how a refused one becomes smaller ones.

use serde::{Deserialize, Serialize};

use super::query::{alternatives, quoted};
use super::range::Span;
use super::rest::{rest, rest_of};

/// What one request asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Which of the queries.
    pub query: usize,
    /// Its part of the time range.
    pub span: Span,
    /// Its part of the metric names.
    pub part: Part,
}

/// A part of the metric names of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// All of them.
    All,
    /// These.
    Named(Vec<String>),
    /// Those that these matchers select: what a list of names left out.
    Rest(String),
}

/// What to do about a piece that was too much at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Split {
    /// Ask for these instead: together they are the piece, in the order of time, then of names.
    Into(Vec<Piece>),
    /// First find the metric names of the query.
    Names,
    /// There is nothing smaller.
    Nothing,
}

/// Names go before times in a piece of at most this many times: the server has to find the series
/// again for each piece.
const FEW: i64 = 60;
/// Below VictoriaMetrics' limit of 16,384 bytes a query, with room for the matchers and escapes.
const NAMES_BYTES: usize = 8_000;

impl Piece {
    /// Halves the piece: in time while it is long, then by name when the query is `open` to that,
    /// then in time to single times.
    ///
    /// `known` holds the metric names of the query once they have been found; a last piece asks for what
    /// they do not name, since an index may know less than a query sees. `tick` is how many milliseconds
    /// count as one time (the step, or more when raw samples are asked for).
    pub fn split(&self, open: bool, known: Option<&[String]>, tick: i64) -> Split {
        let times = (self.span.end_ms - self.span.start_ms) / tick.max(self.span.step_ms) + 1;
        if times > FEW {
            return Split::Into(self.halves());
        }
        let parts = match (&self.part, known) {
            (Part::Named(names), _) if names.len() > 1 => halves(names),
            (Part::All, Some(names)) if !names.is_empty() => [halves(names), rest(names, NAMES_BYTES)].concat(),
            (Part::All, None) if open => return Split::Names,
            _ if times > 1 => return Split::Into(self.halves()),
            _ => return Split::Nothing,
        };
        Split::Into(parts.into_iter().map(|part| Piece { part, ..self.clone() }).collect())
    }

    fn halves(&self) -> Vec<Piece> {
        let spans = self.span.cut((self.span.points() + 1) / 2);
        spans.map(|span| Piece { span, ..self.clone() }).collect()
    }
}

/// The parts that may hold the metrics which `wanted` names: those it names among `names`, and whatever is
/// not among `names`.
pub fn parts_of(names: &[String], wanted: impl Fn(&str) -> bool) -> Vec<Part> {
    if names.is_empty() {
        return vec![Part::All];
    }
    let mine: Vec<String> = names.iter().filter(|name| wanted(name)).cloned().collect();
    [groups(&mine), rest(names, NAMES_BYTES)].concat()
}

/// The parts that may hold the series of these metrics of which the label has a value of one's `own`: those with such a
/// value among `values`, and those with a value that is not among them.
pub fn parts_by_label(metrics: &[String], label: &str, values: &[String], own: impl Fn(&str) -> bool) -> Vec<Part> {
    let mut parts = Vec::new();
    // A series without the label is one with an empty value.
    let values: Vec<String> = std::iter::once(String::new()).chain(values.iter().cloned()).collect();
    let mine: Vec<String> = values.iter().filter(|value| own(value)).cloned().collect();
    let mut matchers: Vec<String> =
        runs(&mine).iter().map(|run| format!("{label}=~{}", quoted(&alternatives(run)))).collect();
    matchers.extend(rest_of(label, &values, NAMES_BYTES));
    for metrics in runs(metrics) {
        let metrics = format!("__name__=~{}", quoted(&alternatives(&metrics)));
        parts.extend(matchers.iter().map(|matcher| Part::Rest(format!("{metrics},{matcher}"))));
    }
    parts
}

/// Two halves, each in runs of names that fit into a query.
fn halves(names: &[String]) -> Vec<Part> {
    names.chunks(names.len().div_ceil(2).max(1)).flat_map(groups).collect()
}

/// Runs of names that fit into a query.
fn groups(names: &[String]) -> Vec<Part> {
    runs(names).into_iter().map(Part::Named).collect()
}

fn runs(names: &[String]) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut bytes = NAMES_BYTES;
    for name in names {
        bytes += name.len() + 1;
        if bytes > NAMES_BYTES {
            groups.push(Vec::new());
            bytes = name.len();
        }
        if let Some(group) = groups.last_mut() {
            group.push(name.clone());
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> Part {
        Part::Named(names.iter().map(ToString::to_string).collect())
    }

    fn piece(points: i64, part: Part) -> Piece {
        Piece { query: 0, span: Span { start_ms: 0, end_ms: points - 1, step_ms: 1 }, part }
    }

    fn parts(split: Split) -> Vec<Piece> {
        match split {
            Split::Into(pieces) => pieces,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn long_pieces_are_halved_in_time() {
        let parts = parts(piece(1_001, Part::All).split(true, None, 1));
        assert_eq!(parts.iter().map(|p| p.span.points()).collect::<Vec<_>>(), [501, 500]);
    }

    #[test]
    fn short_pieces_are_halved_by_name_and_what_has_no_known_name_is_asked_for_last() {
        assert_eq!(piece(60, Part::All).split(true, None, 1), Split::Names);
        let known = ["a", "b", "c"].map(String::from);
        let parts = parts(piece(60, Part::All).split(true, Some(&known), 1));
        let rest = Part::Rest(String::from("__name__!~\"a|b|c\""));
        assert_eq!(parts, [named(&["a", "b"]), named(&["c"]), rest].map(|part| piece(60, part)));
    }

    #[test]
    fn one_name_is_halved_in_time_down_to_one_point() {
        assert_eq!(parts(piece(3, named(&["a"])).split(true, None, 1)).len(), 2);
        assert_eq!(piece(1, named(&["a"])).split(true, None, 1), Split::Nothing);
        assert_eq!(piece(1, Part::All).split(false, None, 1), Split::Nothing);
        assert_eq!(parts(piece(2, Part::All).split(true, Some(&[]), 1)).len(), 2);
        assert_eq!(piece(1_000, Part::All).split(false, None, 1_000), Split::Nothing);
        assert_eq!(piece(1, Part::Rest(String::new())).split(true, Some(&[String::from("a")]), 1), Split::Nothing);
    }

    /// A series without the label has an empty value.
    #[test]
    fn parts_by_label_are_what_has_own_values_and_what_is_not_listed() {
        let texts = |values: &[&str], own: &[&str]| -> Vec<String> {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            let parts = parts_by_label(&[String::from("h_sum")], "pod", &values, |value| own.contains(&value));
            parts.into_iter().map(|part| if let Part::Rest(text) = part { text } else { String::new() }).collect()
        };
        let rest = r#"__name__=~"h_sum",pod!~"|a|b\"c""#;
        assert_eq!(texts(&["a", "b\"c"], &["", "a"]), [r#"__name__=~"h_sum",pod=~"|a""#, rest]);
        assert_eq!(texts(&["a", "b\"c"], &[]), [rest]);
    }

    #[test]
    fn groups_of_names_fit_into_a_query_and_lose_none() {
        let names: Vec<String> = (0..1_000).map(|i| format!("{i:0100}")).collect();
        let mut all = Vec::new();
        for part in halves(&names) {
            let Part::Named(group) = part else { panic!("{part:?}") };
            assert!(group.iter().map(|n| n.len() + 1).sum::<usize>() <= NAMES_BYTES + 1);
            all.extend(group);
        }
        assert_eq!(all, names);
    }
}
