//! How far the reading of an input is, and long computing, for a person at a terminal.

use std::fmt::Display;
use std::io::{self, IsTerminal, Read, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::ending::doing;

/// What takes less is not spoken of.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(200);

/// Who reads; absent where nobody is to be told.
static TOOL: OnceLock<String> = OnceLock::new();
static QUIET: AtomicBool = AtomicBool::new(false);
/// True while a line of progress stands on the terminal.
static STANDS: AtomicBool = AtomicBool::new(false);

/// Shows progress from now on, when standard error is a terminal.
pub(crate) fn begin(tool: &str) {
    if io::stderr().is_terminal() {
        TOOL.get_or_init(|| tool.to_string());
    }
}

pub(crate) fn quiet(on: bool) {
    QUIET.store(on, Relaxed);
}

/// Takes the line of progress away, before something else is said.
pub(crate) fn wipe() {
    if STANDS.swap(false, Relaxed) {
        tell("\r\x1b[K");
    }
}

/// An input whose reading is shown.
pub(crate) struct Watched<R> {
    inner: R,
    length: Option<u64>,
    read: u64,
    next: Instant,
}

impl<R> Watched<R> {
    pub(crate) fn new(inner: R, length: Option<u64>) -> Self {
        Watched { inner, length, read: 0, next: Instant::now() + PATIENCE }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(tool) = TOOL.get() else { return self.inner.read(buffer) };
        let got = self.inner.read(buffer)?;
        self.read += got as u64;
        if got == 0 {
            wipe();
        } else if Instant::now() >= self.next && !QUIET.load(Relaxed) {
            self.next = Instant::now() + PAUSE;
            STANDS.store(true, Relaxed);
            tell(&format!("\r\x1b[K{tool}: {}", words(self.read, self.length)));
        }
        Ok(got)
    }
}

/// Computing that is shown while it lasts: what is done, and how much of it where that can be counted.
///
/// Nothing is done where standard error is no terminal; there a thread of its own tells every fifth of a second.
pub struct Working(Option<Arc<Work>>);

struct Work {
    tool: String,
    what: String,
    total: usize,
    done: AtomicUsize,
    begun: Instant,
    /// True when it is over; held while something is told.
    over: Mutex<bool>,
}

impl Working {
    /// Shows `what` from now on; `total` is how many parts it has, 0 where they are not counted.
    pub(crate) fn begin(what: impl Display, total: usize) -> Self {
        let what = what.to_string();
        doing(&what);
        let Some(tool) = TOOL.get().filter(|_| !QUIET.load(Relaxed)) else { return Working(None) };
        let (tool, done) = (tool.clone(), AtomicUsize::new(0));
        let work = Arc::new(Work { tool, what, total, done, begun: Instant::now(), over: Mutex::new(false) });
        let told = Arc::clone(&work);
        // Where there can be no thread, nothing is shown.
        let _ = thread::Builder::new().spawn(move || while told.tell_and_wait() {});
        Working(Some(work))
    }

    /// Counts what is done.
    pub fn counted(&self, parts: usize) {
        if let Some(work) = &self.0 {
            work.done.fetch_add(parts, Relaxed);
        }
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        doing("");
        if let Some(work) = &self.0 {
            *work.over.lock().unwrap_or_else(PoisonError::into_inner) = true;
            wipe();
        }
    }
}

impl Work {
    /// True until it is over.
    fn tell_and_wait(&self) -> bool {
        thread::sleep(PAUSE);
        let over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        if !*over && self.begun.elapsed() >= PATIENCE {
            STANDS.store(true, Relaxed);
            let far = how_far(self.done.load(Relaxed), self.total, self.begun.elapsed());
            tell(&format!("\r\x1b[K{}: {}, {far}", self.tool, self.what));
        }
        !*over
    }
}

fn how_far(done: usize, total: usize, elapsed: Duration) -> String {
    match total {
        0 => format!("{} s", elapsed.as_secs()),
        _ => format!("{} %", done.min(total).saturating_mul(100) / total),
    }
}

/// How much was read, and of how much where that is known.
fn words(read: u64, length: Option<u64>) -> String {
    let read_mb = read / 1_000_000;
    match length {
        Some(length) if length > 0 => format!("{read_mb} MB read, {} %", read.saturating_mul(100) / length),
        _ => format!("{read_mb} MB read"),
    }
}

fn tell(text: &str) {
    // Nothing can be done for words that cannot be printed.
    let _ = write!(io::stderr(), "{text}");
    let _ = io::stderr().flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_in_words() {
        assert_eq!(words(12_345_678, Some(24_691_356)), "12 MB read, 50 %");
        assert_eq!(words(12_345_678, None), "12 MB read");
        assert_eq!(words(0, Some(0)), "0 MB read");
    }

    #[test]
    fn work_is_counted_where_it_can_be() {
        assert_eq!(how_far(1, 4, Duration::from_secs(9)), "25 %");
        assert_eq!(how_far(0, 0, Duration::from_secs(9)), "9 s");
    }

    #[test]
    fn what_is_watched_is_read_whole() {
        let mut text = String::new();
        Watched::new(&b"abc"[..], Some(3)).read_to_string(&mut text).unwrap();
        assert_eq!(text, "abc");
    }
}
