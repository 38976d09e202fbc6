//! The body of an answer, watched: it may be long, but not slow for ever.

use std::io::{self, ErrorKind, Read};
use std::time::{Duration, Instant};

use super::patience::Deadline;

/// Less than this in a second, over a whole `--timeout`, is no answer.
const LEAST_BYTES_PER_S: u64 = 1_000;

/// Reads on until the body ends, the time is over, or it only drips.
pub(crate) struct Watched<R> {
    inner: R,
    deadline: Deadline,
    timeout: Duration,
    waited: Duration,
    bytes: u64,
}

impl<R> Watched<R> {
    pub(crate) fn new(inner: R, timeout: Duration, deadline: Deadline) -> Self {
        Watched { inner, deadline, timeout, waited: Duration::ZERO, bytes: 0 }
    }

    /// Counts only the time in which the network was waited for: whoever takes the lines may be slow.
    fn check(&mut self) -> io::Result<()> {
        if self.deadline.is_over() {
            return Err(io::Error::new(ErrorKind::QuotaExceeded, "not done within --max-time"));
        }
        if self.waited >= self.timeout {
            let least = LEAST_BYTES_PER_S * self.timeout.as_secs().max(1);
            if self.bytes < least {
                return Err(io::Error::new(ErrorKind::QuotaExceeded, "it drips, with less than 1 kB/s, see --timeout"));
            }
            (self.waited, self.bytes) = (Duration::ZERO, 0);
        }
        Ok(())
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        let begun = Instant::now();
        let read = self.inner.read(out);
        self.waited += begun.elapsed();
        self.bytes += *read.as_ref().unwrap_or(&0) as u64;
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Drip;

    impl Read for Drip {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            std::thread::sleep(Duration::from_millis(5));
            out[0] = b' ';
            Ok(1)
        }
    }

    #[test]
    fn a_drip_ends_and_so_does_the_time() {
        let end = |timeout, most: Option<Duration>| {
            let mut body = Watched::new(Drip, Duration::from_millis(timeout), Deadline::after(most));
            io::copy(&mut body, &mut io::sink()).unwrap_err().to_string()
        };
        assert!(end(50, None).starts_with("it drips"));
        assert_eq!(end(60_000, Some(Duration::from_millis(50))), "not done within --max-time");
    }
}
