//! What is written and what is said while a fetch goes on.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use grid::Io;
use prom_fetch::fetch::{Left, Sink, Tally};

use super::resume::Keeper;

/// Lines to standard output; notes, and progress on a terminal, to standard error.
pub(crate) struct Talk<'a> {
    io: &'a mut Io,
    terminal: bool,
    keeper: Option<Keeper>,
    drawn: Option<Instant>,
    pieces: (i64, i64),
    pub(crate) bytes: usize,
}

const OFTEN: Duration = Duration::from_millis(200);

impl<'a> Talk<'a> {
    /// Shows progress on standard error when that is a `terminal`.
    pub(crate) fn new(io: &'a mut Io, terminal: bool, keeper: Option<Keeper>) -> Self {
        Talk { io, terminal, keeper, drawn: None, pieces: (0, 0), bytes: 0 }
    }

    /// Wipes the progress off the terminal; the keeper, who is no longer told anything.
    pub(crate) fn end(mut self) -> Option<Keeper> {
        self.clear();
        self.keeper.take()
    }

    fn clear(&mut self) {
        if self.drawn.take().is_some() {
            // What cannot be shown on the terminal is not missing from the result.
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }

    fn draw(&mut self) {
        if self.terminal && self.drawn.is_none_or(|at| at.elapsed() > OFTEN) {
            let ((done, all), megabytes) = (self.pieces, self.bytes / 1_000_000);
            let _ = write!(io::stderr(), "\r{done} of {all} requests, {megabytes} MB\x1b[K");
            self.drawn = Some(Instant::now());
        }
    }
}

impl Sink for Talk<'_> {
    fn lines(&mut self, text: &[u8]) -> io::Result<()> {
        self.bytes += text.len();
        self.draw();
        self.io.write_all(text)
    }

    fn note(&mut self, text: &str) {
        self.clear();
        self.io.note(text);
    }

    fn progress(&mut self, tally: &Tally) {
        self.pieces = tally.pieces;
        self.draw();
    }

    fn whole(&mut self, left: &dyn Fn() -> Left) -> io::Result<()> {
        match &mut self.keeper {
            Some(keeper) if keeper.is_due() => {
                self.io.flush()?;
                keeper.keep(left())
            }
            _ => Ok(()),
        }
    }
}
