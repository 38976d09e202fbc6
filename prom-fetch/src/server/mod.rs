//! The server: requests to it, its refusals and its bodies. Nothing else here reaches the network.

mod access;
pub mod address;
mod body;
pub mod buildinfo;
pub mod interval;
pub mod known;
mod patience;
pub mod refusal;
mod trouble;
pub mod types;

use std::io::Read;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body};

pub use access::Access;
pub use patience::Deadline;
pub(crate) use patience::Patience;
pub use trouble::Trouble;
pub(crate) use trouble::reason;

use crate::limits;
use address::Request;
use body::Watched;
use refusal::{Refusal, complaint, judge, shortened};

/// Asks the server.
pub struct Client {
    agent: Agent,
    base: String,
    via: Option<String>,
    headers: HeaderMap,
    params: Vec<(String, String)>,
    timeout: Duration,
    retries: u32,
    deadline: Deadline,
    only_get: AtomicBool,
    /// Set with the first answer.
    ahead_ms: OnceLock<Option<i64>>,
}

const LONGEST_COMPLAINT: u64 = 1 << 16;
const LONGEST_LIST: u64 = 1 << 28;

impl Client {
    /// Prepares to ask; nothing is sent.
    pub fn new(access: &Access) -> Result<Client, String> {
        let base = address::base(&access.url)?;
        let (agent, via) = access.agent(&base)?;
        Ok(Client {
            agent,
            base,
            via,
            headers: access.header_map()?,
            params: access.params.clone(),
            timeout: access.timeout,
            retries: access.retries,
            deadline: Deadline::after(access.most),
            only_get: AtomicBool::new(false),
            ahead_ms: OnceLock::new(),
        })
    }

    /// The request as it will be sent, with the parameters that go with every one.
    pub fn complete(&self, mut request: Request) -> Request {
        request.form.extend(self.params.iter().cloned());
        request
    }

    /// The address of a request.
    pub fn place(&self, request: &Request) -> String {
        format!("{}{}", self.base, request.path)
    }

    /// How far the server's clock is ahead of ours, once it has answered.
    pub fn ahead_ms(&self) -> Option<i64> {
        self.ahead_ms.get().copied().flatten()
    }

    /// How often a request is to be made.
    pub(crate) fn patience(&self) -> Patience {
        Patience::new(self.retries, self.deadline)
    }

    /// The whole answer to a request of which the answer is short, asked for again when that may help.
    pub fn ask_whole(&self, request: &Request) -> Result<Vec<u8>, Trouble> {
        let mut patience = self.patience();
        loop {
            let trouble = match self.whole_once(request) {
                Ok(body) => return Ok(body),
                Err(trouble) => trouble,
            };
            if trouble.refusal != Refusal::Busy || !patience.wait(&trouble) {
                return Err(trouble);
            }
        }
    }

    fn whole_once(&self, request: &Request) -> Result<Vec<u8>, Trouble> {
        let mut body = Vec::new();
        let read = self.ask(request)?.take(limits::most(LONGEST_LIST)).read_to_end(&mut body);
        let broken =
            |e: std::io::Error| format!("{}: the body breaks off ({})", self.place(request), reason(&e.to_string()));
        read.map_err(|e| Trouble::passing(broken(e)))?;
        if body.len() as u64 == limits::most(LONGEST_LIST) {
            return Err(Trouble::last(format!(
                "{}: the answer is over 256 MiB, which --no-limits allows",
                self.place(request)
            )));
        }
        Ok(body)
    }

    /// Asks once, by POST if the server lets us.
    pub fn ask(&self, request: &Request) -> Result<impl Read + use<>, Trouble> {
        let request = self.complete(request.clone());
        let body = self.once(&request)?;
        Ok(Watched::new(body.into_reader(), self.timeout, self.deadline))
    }

    fn once(&self, request: &Request) -> Result<Body, Trouble> {
        if !request.get && !self.only_get.load(Relaxed) {
            let answer = self.send(request, false)?;
            // What proxies that let only GET pass say; the client library of Prometheus does the same.
            if !matches!(answer.status().as_u16(), 403 | 405 | 501) {
                return self.accept(request, answer);
            }
        }
        let answer = self.accept(request, self.send(request, true)?)?;
        self.only_get.fetch_or(!request.get, Relaxed);
        Ok(answer)
    }

    fn send(&self, request: &Request, get: bool) -> Result<Response<Body>, Trouble> {
        let (place, form) = (self.place(request), address::form(&request.form));
        let sent = if get {
            let mark = if form.is_empty() { "" } else { "?" };
            let mut asked = self.agent.get(format!("{place}{mark}{form}"));
            if let Some(headers) = asked.headers_mut() {
                headers.extend(self.headers.clone());
            }
            asked.config().timeout_global(self.deadline.left()).build().call()
        } else {
            let mut asked = self.agent.post(place).content_type("application/x-www-form-urlencoded");
            if let Some(headers) = asked.headers_mut() {
                headers.extend(self.headers.clone());
            }
            asked.config().timeout_global(self.deadline.left()).build().send(form)
        };
        let answer = sent.map_err(|e| self.lost(request, &e))?;
        self.ahead_ms.get_or_init(|| ahead_ms(answer.headers()));
        Ok(answer)
    }

    fn accept(&self, request: &Request, answer: Response<Body>) -> Result<Body, Trouble> {
        let status = answer.status();
        if status.is_success() {
            return Ok(answer.into_body());
        }
        let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_string);
        let place = self.place(request);
        if let (true, Some(target)) = (status.is_redirection(), header("location")) {
            let target = address::shown(&target);
            let text = format!("{place}: the server redirects, give the new address as --url: \"{target}\"");
            return Err(Trouble { status: Some(status.as_u16()), ..Trouble::last(text) });
        }
        let pause = header("retry-after").and_then(|text| patience::retry_after(&text, SystemTime::now()));
        let mut body = Vec::new();
        // A complaint that breaks off is still worth showing.
        let watched = Watched::new(answer.into_body().into_reader(), self.timeout, self.deadline);
        let _ = watched.take(LONGEST_COMPLAINT).read_to_end(&mut body);
        let words = complaint(&body).or(status.canonical_reason().map(str::to_string)).unwrap_or_default();
        let shown = shortened(&words);
        let text = format!("{place}: the server answers {}: \"{shown}\"", status.as_u16());
        Err(Trouble { text, refusal: judge(status.as_u16(), &words), status: Some(status.as_u16()), pause })
    }

    fn lost(&self, request: &Request, error: &ureq::Error) -> Trouble {
        let (what, refusal) = trouble::lost(error, self.ahead_ms.get().is_some());
        let via = self.via.as_ref().map_or_else(String::new, |proxy| format!(" (through the proxy {proxy})"));
        Trouble { refusal, ..Trouble::last(format!("{}: {what}{via}", self.place(request))) }
    }
}

/// The difference of the clocks, by the header `Date` (whole seconds).
fn ahead_ms(headers: &HeaderMap) -> Option<i64> {
    let text = headers.get("date")?.to_str().ok()?;
    let theirs = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_millisecond();
    let ours = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()?;
    Some(theirs - ours)
}
