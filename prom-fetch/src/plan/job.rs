//! What is to be fetched, and the request for each piece of it.

use super::packing::Wanted;
use super::pieces::Pieces;
use super::query::Query;
use super::range::{Span, seconds};
use super::split::{Part, Piece};
use crate::server::address::Request;
use crate::server::types::Types;

/// What is to be fetched.
#[derive(Clone, Debug)]
pub struct Job {
    /// The queries; each is fetched over the whole range, one after the other.
    pub queries: Vec<Query>,
    /// For each query the parts of its metric names that are asked for; all at once, if nothing else is wanted.
    pub parts: Vec<Vec<Part>>,
    /// The range; with a step of 1 ms for raw samples.
    pub span: Span,
    /// True for the samples as they were scraped, instead of values at the times of the range.
    pub raw: bool,
    /// How many requests may be under way at once.
    pub jobs: usize,
    /// How many times a piece has at first.
    pub points: i64,
    /// How long an old sample stands in for a missing one, as far as is known.
    pub lookback_ms: i64,
    /// The shard that the series must be of, if only one is wanted.
    pub wanted: Option<Wanted>,
    /// True to refuse native histograms, and answers with warnings.
    pub strict: bool,
    /// Further parameters of the queries, such as `lookback_delta`.
    pub params: Vec<(String, String)>,
    /// The types of the metrics.
    pub types: Types,
}

/// A second is as little as raw samples are split into.
pub(crate) const RAW_TICK_MS: i64 = 1_000;
/// Pieces are not made smaller than this only to ask for several at once.
const LEAST_POINTS: i64 = 600;

impl Job {
    /// How many times a piece has at first, when a request may ask for `most` and `jobs` go side by side.
    pub fn share(span: &Span, raw: bool, jobs: usize, most: i64) -> i64 {
        let least = if raw { LEAST_POINTS * RAW_TICK_MS } else { LEAST_POINTS };
        span.share(jobs as i64, least, most)
    }

    /// The pieces to begin with.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> {
        let mut pieces = Pieces::new(self);
        std::iter::from_fn(move || pieces.next(self))
    }

    /// The request that a piece is asked for with.
    pub fn request(&self, piece: &Piece) -> Request {
        let text = self.queries[piece.query].narrowed(&piece.part);
        let Span { start_ms, end_ms, step_ms } = piece.span;
        let mut request = if self.raw {
            // Prometheus 3 leaves the left end of a range out, so it begins a millisecond earlier.
            let range = format!("{text}[{}ms]", end_ms - start_ms + 1);
            Request::post("/api/v1/query").with("query", range).with("time", seconds(end_ms))
        } else {
            let request = Request::post("/api/v1/query_range").with("query", text);
            request.with("start", seconds(start_ms)).with("end", seconds(end_ms)).with("step", seconds(step_ms))
        };
        request.form.extend(self.params.iter().cloned());
        request
    }

    /// The request for how many series a selector has for each value of a label, at the end of the range.
    pub fn count_request(&self, label: &str, selector: &str) -> Request {
        let request = Request::post("/api/v1/query").with("query", format!("count by ({label}) ({selector})"));
        let mut request = request.with("time", seconds(self.span.end_ms));
        request.form.extend(self.params.iter().cloned());
        request
    }

    /// The request for the metric names of a query: also of those that end before the range begins and are
    /// still seen in it.
    pub fn names_request(&self, query: usize) -> Request {
        self.values_request("__name__", &self.queries[query].text)
    }

    /// The request for the values that a label has among the series of a selector, in the same range.
    pub fn values_request(&self, label: &str, selector: &str) -> Request {
        let reach = if self.raw { 0 } else { self.lookback_ms };
        let Span { start_ms, end_ms, .. } = self.span;
        let request = Request::get(&format!("/api/v1/label/{label}/values")).with("match[]", selector);
        request.with("start", seconds(start_ms.saturating_sub(reach))).with("end", seconds(end_ms))
    }
}
