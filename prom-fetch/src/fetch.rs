//! The fetch: pieces asked for side by side, written in order, made smaller where they are refused.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use crate::address::Request;
use crate::http::Client;
use crate::query::Query;
use crate::range::{Span, seconds};
use crate::refusal::Refusal;
use crate::split::{Piece, Split};
use crate::types::Types;
use crate::work::{Event, Share, work};

/// What is to be fetched.
#[derive(Clone, Debug)]
pub struct Job {
    /// The queries; each is fetched over the whole range, one after the other.
    pub queries: Vec<Query>,
    /// The range; with a step of 1 ms for raw samples.
    pub span: Span,
    /// True for the samples as they were scraped, instead of values at the times of the range.
    pub raw: bool,
    /// How many requests may be under way at once.
    pub jobs: usize,
    /// How many times one request may ask for.
    pub points: i64,
    /// True to refuse native histograms, and answers with warnings.
    pub strict: bool,
    /// Further parameters of the queries, such as `lookback_delta`.
    pub params: Vec<(String, String)>,
    /// The types of the metrics.
    pub types: Types,
}

/// Why a fetch failed.
#[derive(Debug)]
pub enum Error {
    /// The server or the way to it.
    Failed(String),
    /// The lines could not be written.
    Output(io::Error),
}

/// Where the lines and the news go.
pub trait Sink {
    /// Takes whole lines.
    fn lines(&mut self, text: &[u8]) -> io::Result<()>;
    /// Says something that the user should know.
    fn note(&mut self, text: &str);
    /// Shows how far it is.
    fn progress(&mut self, tally: &Tally);
}

/// What has been fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pieces done, and pieces known of.
    pub pieces: (usize, usize),
    /// Lines and samples in them.
    pub share: Share,
}

/// A second is as little as raw samples are split into.
const RAW_TICK_MS: i64 = 1_000;
/// Pieces are not made smaller than this only to ask for several at once.
const LEAST_POINTS: i64 = 600;

impl Job {
    /// The pieces to begin with.
    pub fn pieces(&self) -> Vec<Piece> {
        let least = if self.raw { LEAST_POINTS * RAW_TICK_MS } else { LEAST_POINTS };
        let spans = self.span.share(self.jobs as i64, least, self.points);
        let pieces = |query| spans.iter().map(move |&span| Piece { query, span, names: None });
        (0..self.queries.len()).flat_map(pieces).collect()
    }

    /// The request that a piece is asked for with.
    pub fn request(&self, piece: &Piece) -> Request {
        let query = &self.queries[piece.query];
        let text = piece.names.as_ref().map_or_else(|| query.text.clone(), |names| query.narrowed(names));
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
}

/// Fetches everything, or fails: then the lines that were handed out are not all there are.
pub fn fetch(client: &Arc<Client>, job: &Arc<Job>, sink: &mut dyn Sink) -> Result<Tally, Error> {
    let waiting = job.pieces().into_iter().map(|piece| (piece, None)).collect();
    let names = vec![None; job.queries.len()];
    let mut fetch = Fetch { client, job, sink, waiting, names, tally: Tally::default(), said: BTreeSet::new() };
    fetch.run()?;
    Ok(fetch.tally)
}

struct Fetch<'a> {
    client: &'a Arc<Client>,
    job: &'a Arc<Job>,
    sink: &'a mut dyn Sink,
    waiting: VecDeque<(Piece, Option<Receiver<Event>>)>,
    names: Vec<Option<Vec<String>>>,
    tally: Tally,
    said: BTreeSet<String>,
}

/// Batches of lines that may wait for those before them, a piece.
const AHEAD: usize = 8;

impl Fetch<'_> {
    fn run(&mut self) -> Result<(), Error> {
        loop {
            self.start();
            let Some((piece, Some(events))) = self.waiting.pop_front() else { return Ok(()) };
            self.tally.pieces.1 = self.tally.pieces.0 + self.waiting.len() + 1;
            self.sink.progress(&self.tally);
            self.take(piece, &events)?;
        }
    }

    /// Asks for the first pieces, as many as may be under way.
    fn start(&mut self) {
        for (piece, events) in self.waiting.iter_mut().take(self.job.jobs.max(1)) {
            if events.is_none() {
                let (send, receive) = sync_channel(AHEAD);
                let (client, job, piece) = (Arc::clone(self.client), Arc::clone(self.job), piece.clone());
                thread::spawn(move || work(&client, &job, &piece, &send));
                *events = Some(receive);
            }
        }
    }

    fn take(&mut self, piece: Piece, events: &Receiver<Event>) -> Result<(), Error> {
        loop {
            match events.recv() {
                Ok(Event::Lines(lines)) => self.sink.lines(&lines).map_err(Error::Output)?,
                Ok(Event::Done { ending, share }) => {
                    for warning in &ending.warnings {
                        self.say(format!("the server warns: \"{warning}\""));
                    }
                    self.tally.pieces.0 += 1;
                    self.tally.share.add(share);
                    return Ok(());
                }
                Ok(Event::Trouble(trouble)) if trouble.refusal == Refusal::TooMuch => {
                    return self.split(&piece, &trouble.text);
                }
                Ok(Event::Trouble(trouble)) => return Err(Error::Failed(trouble.text)),
                Err(_) => return Err(Error::Failed(String::from("a request ended without an answer"))),
            }
        }
    }

    fn split(&mut self, piece: &Piece, text: &str) -> Result<(), Error> {
        let query = &self.job.queries[piece.query];
        let tick = if self.job.raw { RAW_TICK_MS } else { 1 };
        let mut split = piece.split(query.is_open(), self.names[piece.query].as_deref(), tick);
        if split == Split::Names {
            let names = self.find_names(query)?;
            split = piece.split(true, Some(&names), tick);
            self.names[piece.query] = Some(names);
        }
        let Split::Into(parts) = split else {
            return Err(Error::Failed(format!("{text}; there is no smaller piece to ask for")));
        };
        if self.said.insert(format!("query {}", piece.query)) {
            self.sink.note(&format!("{text}; asking for less at a time"));
        }
        let in_time = parts.iter().all(|part| part.names.is_none());
        for part in parts.into_iter().rev() {
            self.waiting.push_front((part, None));
        }
        if in_time {
            self.shorten(piece);
        }
        Ok(())
    }

    /// After a piece was halved in time: cuts what is still to be asked for to the same length.
    fn shorten(&mut self, refused: &Piece) {
        let most = (refused.span.points() + 1) / 2;
        let waiting = std::mem::take(&mut self.waiting);
        for (piece, events) in waiting {
            if events.is_none() && piece.query == refused.query && piece.names.is_none() {
                let cut = piece.span.cut(most).into_iter();
                self.waiting.extend(cut.map(|span| (Piece { span, ..piece.clone() }, None)));
            } else {
                self.waiting.push_back((piece, events));
            }
        }
    }

    fn find_names(&self, query: &Query) -> Result<Vec<String>, Error> {
        let Span { start_ms, end_ms, .. } = self.job.span;
        let request = Request::get("/api/v1/label/__name__/values").with("match[]", query.text.clone());
        let request = request.with("start", seconds(start_ms)).with("end", seconds(end_ms));
        let body = self.client.ask_whole(&request).map_err(|trouble| Error::Failed(trouble.text))?;
        names(&body)
            .ok_or_else(|| Error::Failed(format!("{}: no list of all metric names", self.client.place(&request))))
    }

    fn say(&mut self, text: String) {
        if self.said.insert(text.clone()) {
            self.sink.note(&text);
        }
    }
}

/// The names in an answer of `/api/v1/label/__name__/values`; `None` when they may not be all.
fn names(body: &[u8]) -> Option<Vec<String>> {
    #[derive(serde::Deserialize)]
    struct Answer {
        data: Vec<String>,
        #[serde(default)]
        warnings: Vec<String>,
        #[serde(default, rename = "isPartial")]
        partial: bool,
    }
    let answer: Answer = serde_json::from_slice(body).ok()?;
    (answer.warnings.is_empty() && !answer.partial).then_some(answer.data)
}
