//! The pieces to begin with, made when they are wanted: there may be millions.

use serde::{Deserialize, Serialize};

use super::job::Job;
use super::range::Span;
use super::split::Piece;

/// The way through a job: the queries one after the other, in each the times, in each the parts of the names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pieces {
    query: usize,
    start_ms: i64,
    part: usize,
    points: i64,
}

impl Pieces {
    /// At the beginning.
    pub fn new(job: &Job) -> Pieces {
        Pieces { query: 0, start_ms: job.span.start_ms, part: 0, points: job.points }
    }

    /// The next piece.
    pub fn next(&mut self, job: &Job) -> Option<Piece> {
        let parts = job.parts.get(self.query)?;
        let rest = Span { start_ms: self.start_ms, ..job.span };
        let span = rest.cut(self.points).next()?;
        let piece = Piece { query: self.query, span, part: parts.get(self.part)?.clone() };
        self.part += 1;
        if self.part == parts.len() {
            self.part = 0;
            self.start_ms = span.end_ms + span.step_ms;
            if self.start_ms > job.span.end_ms {
                *self = Pieces { query: self.query + 1, ..Pieces::new(job) };
            }
        }
        Some(piece)
    }

    /// How many are still to come.
    pub fn left(&self, job: &Job) -> i64 {
        let pieces = |start_ms: i64, points: i64, parts: usize| {
            let span = Span { start_ms, ..job.span };
            ((span.points() + points - 1) / points).saturating_mul(parts as i64)
        };
        let Some(parts) = job.parts.get(self.query) else { return 0 };
        let here = pieces(self.start_ms, self.points, parts.len()) - self.part as i64;
        let later = job.parts[self.query + 1..].iter().map(|parts| pieces(job.span.start_ms, job.points, parts.len()));
        later.fold(here, i64::saturating_add)
    }

    /// Makes what is left of a query no longer than this many times a piece.
    pub fn shorten(&mut self, query: usize, most: i64) {
        // Parts of the same times go on as they began.
        if query == self.query && self.part == 0 {
            self.points = self.points.min(most.max(1));
        }
    }
}
