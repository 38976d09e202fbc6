//! Pieces of a fetch, and how a refused one becomes smaller ones.

use crate::range::Span;

/// What one request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which of the queries.
    pub query: usize,
    /// Its part of the time range.
    pub span: Span,
    /// Its part of the metric names; all of them when absent.
    pub names: Option<Vec<String>>,
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
    /// `known` holds the metric names of the query once they have been found; `tick` is how many
    /// milliseconds count as one time (the step, or more when raw samples are asked for).
    pub fn split(&self, open: bool, known: Option<&[String]>, tick: i64) -> Split {
        let times = (self.span.end_ms - self.span.start_ms) / tick.max(self.span.step_ms) + 1;
        if times > FEW {
            return Split::Into(self.halves());
        }
        let names = match (&self.names, known) {
            (Some(names), _) => names.as_slice(),
            (None, Some(names)) => names,
            (None, None) if open => return Split::Names,
            (None, None) => &[],
        };
        if names.len() > 1 {
            return Split::Into(groups(names).map(|names| Piece { names: Some(names), ..self.clone() }).collect());
        }
        if times > 1 { Split::Into(self.halves()) } else { Split::Nothing }
    }

    fn halves(&self) -> Vec<Piece> {
        let spans = self.span.cut((self.span.points() + 1) / 2);
        spans.into_iter().map(|span| Piece { span, ..self.clone() }).collect()
    }
}

/// Two halves, each in runs of names that fit into a query.
fn groups(names: &[String]) -> impl Iterator<Item = Vec<String>> {
    let half = names.len().div_ceil(2);
    let mut groups: Vec<Vec<String>> = Vec::new();
    for half in names.chunks(half.max(1)) {
        let mut bytes = NAMES_BYTES;
        for name in half {
            bytes += name.len() + 1;
            if bytes > NAMES_BYTES {
                groups.push(Vec::new());
                bytes = name.len();
            }
            if let Some(group) = groups.last_mut() {
                group.push(name.clone());
            }
        }
    }
    groups.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(points: i64, names: Option<&[&str]>) -> Piece {
        let names = names.map(|names| names.iter().map(ToString::to_string).collect());
        Piece { query: 0, span: Span { start_ms: 0, end_ms: points - 1, step_ms: 1 }, names }
    }

    fn parts(split: Split) -> Vec<Piece> {
        match split {
            Split::Into(pieces) => pieces,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn long_pieces_are_halved_in_time() {
        let parts = parts(piece(1_001, None).split(true, None, 1));
        assert_eq!(parts.iter().map(|p| p.span.points()).collect::<Vec<_>>(), [501, 500]);
    }

    #[test]
    fn short_pieces_are_halved_by_name() {
        assert_eq!(piece(60, None).split(true, None, 1), Split::Names);
        let known = ["a", "b", "c"].map(String::from);
        let parts = parts(piece(60, None).split(true, Some(&known), 1));
        assert_eq!(parts, [piece(60, Some(&["a", "b"])), piece(60, Some(&["c"]))]);
    }

    #[test]
    fn one_name_is_halved_in_time_down_to_one_point() {
        assert_eq!(parts(piece(3, Some(&["a"])).split(true, None, 1)).len(), 2);
        assert_eq!(piece(1, Some(&["a"])).split(true, None, 1), Split::Nothing);
        assert_eq!(piece(1, None).split(false, None, 1), Split::Nothing);
        assert_eq!(parts(piece(2, None).split(true, Some(&[]), 1)).len(), 2);
        assert_eq!(piece(1_000, None).split(false, None, 1_000), Split::Nothing);
    }

    #[test]
    fn groups_of_names_fit_into_a_query_and_lose_none() {
        let names: Vec<String> = (0..1_000).map(|i| format!("{i:0100}")).collect();
        let groups: Vec<_> = groups(&names).collect();
        assert!(groups.iter().all(|g| g.iter().map(|n| n.len() + 1).sum::<usize>() <= NAMES_BYTES + 1));
        assert_eq!(groups.concat(), names);
    }
}
