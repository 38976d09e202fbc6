//! One piece, from asking to the lines of its answer, until it is whole; run on a thread of its own.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::mpsc::SyncSender;

use super::seen::{Seen, Sight};
use super::tally::Share;
use crate::plan::job::Job;
use crate::plan::split::Piece;
use crate::reply::{self, Bounds, Ending, Fault, Series, line};
use crate::server::refusal::{Refusal, one_line};
use crate::server::types::Types;
use crate::server::{Client, Trouble};

/// What comes of a piece, in this order: lines and news, then either of the others.
#[derive(Debug)]
pub(crate) enum Event {
    /// Whole series lines.
    Lines(Vec<u8>),
    /// Something that the user should know.
    News(String),
    /// The answer is complete.
    Done {
        /// The server's warnings.
        warnings: Vec<String>,
        /// What the lines hold.
        share: Share,
    },
    /// It failed; before the first line if the piece may be split.
    Trouble(Trouble),
}

/// Lines are handed on when they come to this many bytes.
const BATCH: usize = 1 << 18;
/// A server may send points just outside the range that was asked for.
const MARGIN: i64 = 2;

/// Asks for a piece, again and again until it is whole, and sends what comes of it.
pub(crate) fn work(client: &Client, job: &Job, piece: &Piece, send: &SyncSender<Event>) {
    let mut lines = Lines::new(client, job, piece, send);
    let mut patience = client.patience();
    loop {
        let before = lines.seen.len();
        let mut trouble = match lines.copy() {
            Ok(warnings) => return lines.done(warnings),
            Err(trouble) => trouble,
        };
        if lines.seen.len() > before {
            patience.renew();
        }
        if trouble.refusal == Refusal::TooMuch && lines.seen.len() > 0 {
            // Part of it is written: smaller pieces would repeat that, so only the same piece can go on.
            trouble.refusal = Refusal::Busy;
        }
        if trouble.refusal != Refusal::Busy || !patience.wait(&trouble) {
            // It fails when the fetch has ended: then there is nobody to tell.
            let _ = send.send(Event::Trouble(trouble));
            return;
        }
        lines.say(format!("{}; asking again", trouble.text));
    }
}

struct Lines<'a> {
    client: &'a Client,
    job: &'a Job,
    piece: &'a Piece,
    types: Option<&'a Types>,
    send: &'a SyncSender<Event>,
    seen: Seen,
    batch: Vec<u8>,
    share: Share,
    twice: BTreeSet<String>,
    refused: Option<String>,
}

impl<'a> Lines<'a> {
    fn new(client: &'a Client, job: &'a Job, piece: &'a Piece, send: &'a SyncSender<Event>) -> Self {
        let types = job.queries[piece.query].is_selector().then_some(&job.types);
        let (batch, seen, share) = (Vec::new(), Seen::default(), Share::default());
        Lines { client, job, piece, types, send, seen, batch, share, twice: BTreeSet::new(), refused: None }
    }

    fn say(&self, text: String) {
        let _ = self.send.send(Event::News(text));
    }

    fn done(mut self, warnings: Vec<String>) {
        self.flush();
        if let Some(first) = self.twice.first() {
            let count = self.twice.len();
            self.say(format!("series twice in one answer, the second left out: {count}, the first is of \"{first}\""));
        }
        let _ = self.send.send(Event::Done { warnings, share: self.share });
    }

    /// Asks once and turns the answer into lines; its warnings.
    fn copy(&mut self) -> Result<Vec<String>, Trouble> {
        let request = self.job.request(self.piece);
        let body = self.client.ask(&request)?;
        self.seen.next_answer();
        let read = self.read(body);
        self.flush();
        let place = self.client.place(&request);
        let text = |flaw: String| format!("{place}: {flaw}");
        match read {
            Ok(ending) if self.job.strict && !ending.warnings.is_empty() => {
                let warning = one_line(&ending.warnings[0]);
                Err(Trouble::last(text(format!("a warning, refused by --strict: \"{warning}\""))))
            }
            Ok(ending) => match ending.flaw() {
                None => Ok(ending.warnings),
                Some(flaw) => Err(Trouble::last(text(flaw))),
            },
            Err(Fault::Cut(what)) => Err(Trouble::passing(text(what))),
            Err(Fault::Broken(what)) => Err(Trouble::last(text(what))),
            Err(Fault::Stopped) => Err(Trouble::last(text(self.refused.take().unwrap_or_default()))),
        }
    }

    fn read(&mut self, body: impl Read) -> Result<Ending, Fault> {
        let span = self.piece.span;
        let points = usize::try_from(span.points().saturating_add(MARGIN)).unwrap_or(usize::MAX);
        let bounds = Bounds { within: self.job.raw.then_some(span.start_ms..=span.end_ms), points };
        reply::read(body, bounds, &mut |series| self.add(series))
    }

    fn flush(&mut self) {
        let _ = self.send.send(Event::Lines(std::mem::take(&mut self.batch)));
    }

    /// Adds a series; false when it is refused or nobody takes the lines any more.
    fn add(&mut self, series: &Series) -> bool {
        let name = series.label("__name__");
        if self.job.wanted.as_ref().is_some_and(|wanted| !wanted.has(|label| series.label(label))) {
            return true;
        }
        match self.seen.note(series) {
            Sight::New => {}
            Sight::Written => return true,
            Sight::Twice => {
                self.twice.insert(one_line(name));
                return true;
            }
            Sight::Torn => {
                return self.refuse(format!("a series comes twice, with different samples: \"{}\"", one_line(name)));
            }
        }
        if series.histograms {
            self.share.histograms.insert(name.to_string());
            if self.job.strict {
                return self.refuse(format!("native histograms, refused by --strict: \"{name}\""));
            }
        }
        if series.points.count() == 0 {
            return true;
        }
        self.share.count(series, self.types);
        line::write(&mut self.batch, series, self.types);
        if self.batch.len() < BATCH {
            return true;
        }
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH + BATCH / 4));
        self.send.send(Event::Lines(batch)).is_ok()
    }

    fn refuse(&mut self, why: String) -> bool {
        self.refused = Some(why);
        false
    }
}
