//! The end of a program that can have no more memory: one line that says what it was doing, and an exit status.
//!
//! Readers ask for what is large and refuse in words of their own. This is for all that is small, of which Rust says
//! "memory allocation of N bytes failed", without a name, and aborts. The only unsafe call of this crate is here; its
//! safe twin ends with the same status and says nothing. The gain: the line names the filter and its work.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering::Relaxed};

use signal_hook::consts::SIGABRT;
use signal_hook::flag::register_conditional_shutdown;
use signal_hook::low_level;

const LONGEST: usize = 160;

/// What is being done, in ASCII, ended by a 0: where a signal handler can read it.
static DOING: [AtomicU8; LONGEST] = [const { AtomicU8::new(0) }; LONGEST];

/// Keeps what is being done from now on.
pub(crate) fn doing(what: &str) {
    let shown = what.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c as u8 } else { b'?' });
    DOING.iter().zip(shown.chain(std::iter::repeat(0))).for_each(|(kept, byte)| kept.store(byte, Relaxed));
}

/// Ends with this exit status, and in words, when memory cannot be had.
pub(crate) fn end_in_order(status: u8) {
    let program = std::env::args_os().next().unwrap_or_default();
    let tool = Path::new(&program).file_name().unwrap_or_default().to_string_lossy();
    if tell_and_exit(&tool, status).is_err() {
        // Where there is no such signal there is nothing to do.
        let _ = register_conditional_shutdown(SIGABRT, status.into(), Arc::new(AtomicBool::new(true)));
    }
}

#[allow(unsafe_code)]
fn tell_and_exit(tool: &str, status: u8) -> io::Result<()> {
    let stderr = File::from(io::stderr().as_fd().try_clone_to_owned()?);
    let start = format!("{tool}: out of memory");
    let end = move || {
        let mut line = [0; 2 * LONGEST];
        let length = compose(&start, &mut line);
        // Nothing can be done for words that cannot be written.
        let _ = (&stderr).write_all(&line[..length]);
        low_level::exit(status.into());
    };
    // SAFETY: the handler takes no lock and asks for no memory: it copies bytes, writes them once and exits.
    unsafe { low_level::register(SIGABRT, end) }.map(drop)
}

/// The line, and its length.
fn compose(start: &str, line: &mut [u8]) -> usize {
    let doing = || DOING.iter().map(|byte| byte.load(Relaxed)).take_while(|byte| *byte != 0);
    let link: &str = if doing().next().is_some() { ": " } else { "" };
    let text = start.bytes().chain(link.bytes()).chain(doing()).chain([b'\n']);
    line.iter_mut().zip(text).map(|(place, byte)| *place = byte).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_was_done() {
        let mut line = [0; 2 * LONGEST];
        doing("reading gr\u{e4}d\u{1b}.csv");
        let length = compose("rank: out of memory", &mut line);
        assert_eq!(&line[..length], b"rank: out of memory: reading gr?d?.csv\n");
        doing(&"x".repeat(999));
        assert_eq!(compose("rank: out of memory", &mut line), 19 + 2 + LONGEST + 1);
        doing("");
        let length = compose("rank: out of memory", &mut line);
        assert_eq!(&line[..length], b"rank: out of memory\n");
    }
}
