//! The fetch: pieces asked for side by side, written in order, made smaller where they are refused.

mod seen;
mod tally;
mod work;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use serde::{Deserialize, Serialize};

use crate::plan::job::{Job, RAW_TICK_MS};
use crate::plan::pieces::Pieces;
use crate::plan::split::{Part, Piece, Split};
use crate::server::refusal::{Refusal, one_line};
use crate::server::{Client, Trouble};
pub use tally::{Share, Tally};
use work::{Event, work};

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
    /// A piece is whole: what is left to do, from which a later fetch can go on.
    fn whole(&mut self, left: &dyn Fn() -> Left) -> io::Result<()>;
}

/// What is left of a fetch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    waiting: Vec<Piece>,
    ahead: Pieces,
    names: Vec<Option<Vec<String>>>,
}

impl Left {
    /// All of it.
    pub fn all(job: &Job) -> Left {
        Left { waiting: Vec::new(), ahead: Pieces::new(job), names: vec![None; job.queries.len()] }
    }
}

/// Fetches what is left, or fails: then the lines that were handed out are not all there are.
pub fn fetch(client: &Arc<Client>, job: &Arc<Job>, left: Left, sink: &mut dyn Sink) -> Result<Tally, Error> {
    let waiting = left.waiting.into_iter().map(|piece| (piece, None)).collect();
    let tally = Tally { lines: vec![0; job.queries.len()], ..Tally::default() };
    let said = BTreeSet::new();
    let mut fetch = Fetch { client, job, sink, waiting, ahead: left.ahead, names: left.names, tally, said };
    fetch.run()?;
    Ok(fetch.tally)
}

struct Fetch<'a> {
    client: &'a Arc<Client>,
    job: &'a Arc<Job>,
    sink: &'a mut dyn Sink,
    waiting: VecDeque<(Piece, Option<Receiver<Event>>)>,
    ahead: Pieces,
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
            let (done, waiting) = (self.tally.pieces.0, self.waiting.len() as i64);
            self.tally.pieces.1 = self.ahead.left(self.job).saturating_add(done + waiting + 1);
            self.sink.progress(&self.tally);
            self.take(piece, &events)?;
        }
    }

    /// Asks for the first pieces, as many as may be under way.
    fn start(&mut self) {
        let jobs = self.job.jobs.max(1);
        while self.waiting.len() < jobs {
            let Some(piece) = self.ahead.next(self.job) else { break };
            self.waiting.push_back((piece, None));
        }
        for (piece, events) in self.waiting.iter_mut().take(jobs) {
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
                Ok(Event::News(text)) => self.say(text),
                Ok(Event::Done { warnings, share }) => return self.finish(&piece, &warnings, share),
                Ok(Event::Trouble(trouble)) if trouble.refusal == Refusal::TooMuch => {
                    return self.split(&piece, &trouble.text);
                }
                Ok(Event::Trouble(trouble)) => return Err(Error::Failed(trouble.text)),
                Err(_) => return Err(Error::Failed(String::from("a request ended without an answer"))),
            }
        }
    }

    fn finish(&mut self, piece: &Piece, warnings: &[String], share: Share) -> Result<(), Error> {
        for warning in warnings {
            self.say(format!("the server warns: \"{}\"", one_line(warning)));
        }
        self.tally.pieces.0 += 1;
        self.tally.lines[piece.query] += share.lines;
        self.tally.share.add(share);
        let (waiting, ahead, names) = (&self.waiting, &self.ahead, &self.names);
        let left = || Left {
            waiting: waiting.iter().map(|(piece, _)| piece.clone()).collect(),
            ahead: ahead.clone(),
            names: names.clone(),
        };
        self.sink.whole(&left).map_err(Error::Output)
    }

    fn split(&mut self, piece: &Piece, text: &str) -> Result<(), Error> {
        let open = self.job.queries[piece.query].is_open();
        let tick = if self.job.raw { RAW_TICK_MS } else { 1 };
        let mut split = piece.split(open, self.names[piece.query].as_deref(), tick);
        if split == Split::Names {
            let names = find_names(self.client, self.job, piece.query).map_err(|e| Error::Failed(e.text))?;
            split = piece.split(true, Some(&names), tick);
            self.names[piece.query] = Some(names);
        }
        let Split::Into(parts) = split else {
            return Err(Error::Failed(format!("{text}; there is no smaller piece to ask for")));
        };
        if self.said.insert(format!("query {}", piece.query)) {
            self.sink.note(&format!("{text}; asking for less at a time"));
        }
        let in_time = parts.iter().all(|part| part.part == Part::All);
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
        self.ahead.shorten(refused.query, most);
        let waiting = std::mem::take(&mut self.waiting);
        for (piece, events) in waiting {
            if events.is_none() && piece.query == refused.query && piece.part == Part::All {
                let cut = piece.span.cut(most);
                self.waiting.extend(cut.map(|span| (Piece { span, ..piece.clone() }, None)));
            } else {
                self.waiting.push_back((piece, events));
            }
        }
    }

    fn say(&mut self, text: String) {
        if self.said.insert(text.clone()) {
            self.sink.note(&text);
        }
    }
}

/// The values of a label among the series of a selector, as far as the server's index tells them.
pub fn find_values(client: &Client, job: &Job, label: &str, selector: &str) -> Result<Vec<String>, Trouble> {
    let request = job.values_request(label, selector);
    let values: Option<Vec<String>> = crate::server::known::ask(client, &request)?;
    values.ok_or_else(|| Trouble::last(format!("{}: the server lists no label values", client.place(&request))))
}

/// How many series a selector has for each value of a label, at the end of the range.
pub fn count_by(client: &Client, job: &Job, label: &str, selector: &str) -> Result<BTreeMap<String, u64>, Trouble> {
    let request = job.count_request(label, selector);
    let data: Option<Vector> = crate::server::known::ask(client, &request)?;
    let data = data.ok_or_else(|| Trouble::last(format!("{}: the server counts no series", client.place(&request))))?;
    let count = |one: Counted| {
        let value = one.metric.get(label).cloned().unwrap_or_default();
        (value, one.value.1.parse::<f64>().map_or(0, |count| count as u64))
    };
    Ok(data.result.into_iter().map(count).collect())
}

#[derive(Deserialize)]
struct Vector {
    result: Vec<Counted>,
}

#[derive(Deserialize)]
struct Counted {
    metric: BTreeMap<String, String>,
    value: (f64, String),
}

/// The metric names of a query, as far as the server's index tells them.
pub fn find_names(client: &Client, job: &Job, query: usize) -> Result<Vec<String>, Trouble> {
    let request = job.names_request(query);
    let names: Option<Vec<String>> = crate::server::known::ask(client, &request)?;
    names.ok_or_else(|| Trouble::last(format!("{}: the server lists no metric names", client.place(&request))))
}
