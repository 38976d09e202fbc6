//! One request, from asking to the lines of its answer; run on a thread of its own.

use std::collections::BTreeSet;
use std::io::Read;
use std::ops::RangeInclusive;
use std::sync::mpsc::SyncSender;

use crate::fetch::Job;
use crate::http::{Client, Trouble};
use crate::line;
use crate::refusal::Refusal;
use crate::reply::{self, Ending, Series};
use crate::split::Piece;
use crate::text::Fault;
use crate::types::Types;

/// What comes of a request, in this order: lines, then either of the others.
#[derive(Debug)]
pub(crate) enum Event {
    /// Whole series lines.
    Lines(Vec<u8>),
    /// The answer is complete.
    Done {
        /// What stood around the series.
        ending: Ending,
        /// What the lines hold.
        share: Share,
    },
    /// It failed; before the first line if it is not final.
    Trouble(Trouble),
}

/// What some lines hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Lines.
    pub lines: usize,
    /// Samples.
    pub samples: usize,
    /// Infinite samples, written as `null`.
    pub infinite: usize,
    /// Names of series with native histograms, which were passed over.
    pub histograms: BTreeSet<String>,
}

impl Share {
    pub(crate) fn add(&mut self, other: Share) {
        self.lines += other.lines;
        self.samples += other.samples;
        self.infinite += other.infinite;
        self.histograms.extend(other.histograms);
    }
}

/// Lines are handed on when they come to this many bytes.
const BATCH: usize = 1 << 18;

/// Asks for a piece and sends what comes of it, until nobody takes it any more.
pub(crate) fn work(client: &Client, job: &Job, piece: &Piece, send: &SyncSender<Event>) {
    let request = job.request(piece);
    let last = match client.ask(&request) {
        Err(trouble) => Event::Trouble(trouble),
        Ok(body) => {
            let types = job.queries[piece.query].is_selector().then_some(&job.types);
            let lines =
                Lines { types, strict: job.strict, send, batch: Vec::new(), share: Share::default(), refused: None };
            let within = job.raw.then_some(piece.span.start_ms..=piece.span.end_ms);
            lines.copy(body, within).unwrap_or_else(|flaw| {
                let text = format!("{}: {flaw}", client.place(&request));
                Event::Trouble(Trouble { text, refusal: Refusal::Final, answered: true, pause: None })
            })
        }
    };
    // It fails when the fetch has ended: then there is nobody to tell.
    let _ = send.send(last);
}

struct Lines<'a> {
    types: Option<&'a Types>,
    strict: bool,
    send: &'a SyncSender<Event>,
    batch: Vec<u8>,
    share: Share,
    refused: Option<String>,
}

impl Lines<'_> {
    /// Turns an answer into lines and sends them; the last event, or what is wrong with the answer.
    fn copy(mut self, body: impl Read, within: Option<RangeInclusive<i64>>) -> Result<Event, String> {
        let outcome = reply::read(body, within, &mut |series| self.add(series));
        let _ = self.send.send(Event::Lines(std::mem::take(&mut self.batch)));
        match outcome {
            Ok(ending) if self.strict && !ending.warnings.is_empty() => {
                Err(format!("a warning, refused by --strict: \"{}\"", ending.warnings[0]))
            }
            Ok(ending) => match ending.flaw() {
                None => Ok(Event::Done { ending, share: self.share }),
                Some(flaw) => Err(flaw),
            },
            Err(Fault::Broken(what)) => Err(what),
            Err(Fault::Stopped) => Err(self.refused.unwrap_or_default()),
        }
    }

    /// Adds a series; false when it is refused or nobody takes the lines any more.
    fn add(&mut self, series: &Series) -> bool {
        let name = series.label("__name__");
        if series.histograms {
            self.share.histograms.insert(name.to_string());
            if self.strict {
                self.refused = Some(format!("native histograms, refused by --strict: \"{name}\""));
                return false;
            }
        }
        if series.points.count() == 0 {
            return true;
        }
        self.share.lines += 1;
        self.share.samples += series.points.count();
        self.share.infinite += series.points.infinite();
        line::write(&mut self.batch, series, self.types);
        if self.batch.len() < BATCH {
            return true;
        }
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH + BATCH / 4));
        self.send.send(Event::Lines(batch)).is_ok()
    }
}
