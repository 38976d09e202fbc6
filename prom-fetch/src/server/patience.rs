//! How often, and after how long, a server is asked again; and when the time is over.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::trouble::Trouble;

/// The end of the time that all of a fetch may take.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// After so long, or never.
    pub fn after(most: Option<Duration>) -> Deadline {
        Deadline(most.and_then(|most| Instant::now().checked_add(most)))
    }

    /// What is left of the time, when it has an end.
    pub fn left(&self) -> Option<Duration> {
        self.0.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// True when the time is over.
    pub fn is_over(&self) -> bool {
        self.left().is_some_and(|left| left.is_zero())
    }
}

/// The tries of one request.
#[derive(Clone, Debug)]
pub(crate) struct Patience {
    tried: u32,
    most: u32,
    deadline: Deadline,
}

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A server may ask for longer.
const LONGEST_WISH: Duration = Duration::from_secs(60);

impl Patience {
    pub(crate) fn new(most: u32, deadline: Deadline) -> Patience {
        Patience { tried: 0, most, deadline }
    }

    /// Begins to count anew: something has come.
    pub(crate) fn renew(&mut self) {
        self.tried = 0;
    }

    /// Waits as long as is wise before the next try; false when there is to be none.
    pub(crate) fn wait(&mut self, trouble: &Trouble) -> bool {
        if self.tried >= self.most || self.deadline.is_over() {
            return false;
        }
        let usual = FIRST_PAUSE.saturating_mul(1 << self.tried.min(10)).min(LONGEST_PAUSE);
        let pause = trouble.pause.map_or(usual, |wish| Duration::from_secs(wish).min(LONGEST_WISH));
        thread::sleep(self.deadline.left().map_or(pause, |left| pause.min(left)));
        self.tried += 1;
        !self.deadline.is_over()
    }
}

/// What `Retry-After` asks for, in seconds: it holds seconds or a date (RFC 9110, 10.2.3).
pub(super) fn retry_after(text: &str, now: SystemTime) -> Option<u64> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(seconds);
    }
    let then = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    let then = SystemTime::from(then);
    Some(then.duration_since(now).map_or(0, |left| left.as_secs() + u64::from(left.subsec_nanos() > 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(retry_after("120", now), Some(120));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now), Some(10));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:27 GMT", now), Some(0));
        assert_eq!(retry_after("soon", now), None);
    }

    #[test]
    fn tries_are_counted_and_renewed() {
        let trouble = Trouble { pause: Some(0), ..Trouble::passing(String::new()) };
        let mut patience = Patience::new(2, Deadline::default());
        assert!(patience.wait(&trouble) && patience.wait(&trouble) && !patience.wait(&trouble));
        patience.renew();
        assert!(patience.wait(&trouble));
        let over = Deadline::after(Some(Duration::ZERO));
        assert!(!Patience::new(2, over).wait(&trouble));
    }
}
