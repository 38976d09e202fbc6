//! The network: requests to the server, its refusals and its bodies. Nothing else here reaches it.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ureq::http::{HeaderMap, HeaderName, HeaderValue, Response};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig};
use ureq::{Agent, Body};

use crate::address::{self, Request};
use crate::refusal::{Refusal, complaint, judge, shortened};

/// How the server is reached.
#[derive(Clone, Debug)]
pub struct Access {
    /// Its address, with any path in front of `/api/v1`.
    pub url: String,
    /// Further headers of every request.
    pub headers: Vec<(String, String)>,
    /// Further parameters of every request.
    pub params: Vec<(String, String)>,
    /// How long to wait for an answer to begin, and for each next part of it.
    pub timeout: Duration,
    /// How often to ask again when the server is busy or the connection is lost.
    pub retries: u32,
    /// Certificates (PEM) to trust instead of the built-in ones.
    pub trusted: Option<Vec<u8>>,
    /// The certificate (PEM) to show to the server, and its key.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
    /// True to accept any certificate.
    pub insecure: bool,
}

/// A request that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Where and what, for the user.
    pub text: String,
    /// What can be done about it.
    pub refusal: Refusal,
    /// True when the server answered at all.
    pub answered: bool,
    /// After how many seconds the server wants to be asked again.
    pub pause: Option<u64>,
}

/// Asks the server.
pub struct Client {
    agent: Agent,
    base: String,
    headers: HeaderMap,
    params: Vec<(String, String)>,
    retries: u32,
    only_get: AtomicBool,
    ahead_ms: OnceLock<i64>,
}

const CONNECT: Duration = Duration::from_secs(10);
/// A server that keeps to the same time limit says so itself, which tells more than silence.
const GRACE: Duration = Duration::from_secs(1);
const LONGEST_COMPLAINT: u64 = 1 << 16;
const LONGEST_LIST: u64 = 1 << 28;

impl Client {
    /// Prepares to ask; nothing is sent.
    pub fn new(access: &Access) -> Result<Client, String> {
        let base = address::base(&access.url)?;
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("prom-fetch/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(access.timeout + GRACE))
            .timeout_per_read(Some(access.timeout + GRACE))
            .tls_config(tls(access)?);
        if address::is_near(&base) {
            // On one machine packing costs more than it saves.
            config = config.accept_encoding("");
        }
        let headers = access.headers.iter().map(header).collect::<Result<HeaderMap, String>>()?;
        Ok(Client {
            agent: config.build().new_agent(),
            base,
            headers,
            params: access.params.clone(),
            retries: access.retries,
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
        self.ahead_ms.get().copied()
    }

    /// Asks, by POST if the server lets us, and again when that may help.
    pub fn ask(&self, request: &Request) -> Result<impl Read + use<>, Trouble> {
        let request = self.complete(request.clone());
        let mut tried = 0;
        loop {
            match self.once(&request) {
                Ok(body) => return Ok(body.into_reader()),
                Err(trouble) if trouble.refusal == Refusal::Busy && tried < self.retries => {
                    let pause = trouble.pause.map_or(Duration::from_millis(250 << tried.min(5)), Duration::from_secs);
                    thread::sleep(pause.min(Duration::from_secs(30)));
                    tried += 1;
                }
                Err(trouble) => return Err(trouble),
            }
        }
    }

    /// The whole answer to a request of which the answer is short.
    pub fn ask_whole(&self, request: &Request) -> Result<Vec<u8>, Trouble> {
        let mut body = Vec::new();
        let read = self.ask(request)?.take(LONGEST_LIST).read_to_end(&mut body);
        read.map_err(|e| self.failed(request, &format!("the body breaks off ({e})")))?;
        Ok(body)
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
            asked.call()
        } else {
            let mut asked = self.agent.post(place).content_type("application/x-www-form-urlencoded");
            if let Some(headers) = asked.headers_mut() {
                headers.extend(self.headers.clone());
            }
            asked.send(form)
        };
        let answer = sent.map_err(|e| self.lost(request, e))?;
        if let Some(ahead) = ahead_ms(answer.headers()) {
            self.ahead_ms.get_or_init(|| ahead);
        }
        Ok(answer)
    }

    fn accept(&self, request: &Request, answer: Response<Body>) -> Result<Body, Trouble> {
        let status = answer.status();
        if status.is_success() {
            return Ok(answer.into_body());
        }
        let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_string);
        if let (true, Some(target)) = (status.is_redirection(), header("location")) {
            return Err(
                self.failed(request, &format!("the server redirects, give the new address as --url: \"{target}\""))
            );
        }
        let pause = header("retry-after").and_then(|text| text.parse().ok());
        let mut body = Vec::new();
        // A complaint that breaks off is still worth showing.
        let _ = answer.into_body().into_reader().take(LONGEST_COMPLAINT).read_to_end(&mut body);
        let words = complaint(&body).or(status.canonical_reason().map(str::to_string)).unwrap_or_default();
        let shown = shortened(&words);
        let text = format!("{}: the server answers {}: \"{shown}\"", self.place(request), status.as_u16());
        Err(Trouble { text, refusal: judge(status.as_u16(), &words), answered: true, pause })
    }

    fn lost(&self, request: &Request, error: ureq::Error) -> Trouble {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
        let (what, again) = match &error {
            ureq::Error::Io(e) => {
                let again = matches!(e.kind(), ConnectionReset | ConnectionAborted | BrokenPipe | UnexpectedEof);
                (reason(&e.to_string()), again)
            }
            ureq::Error::Timeout(ureq::Timeout::Connect) => (String::from("no connection in 10 s"), false),
            ureq::Error::Timeout(_) => (String::from("no answer in time, see --timeout"), false),
            other => (reason(&other.to_string()), false),
        };
        let way_out = if what.contains("ertificate") { ", see --ca-cert and --client-cert" } else { "" };
        let refusal = if again { Refusal::Busy } else { Refusal::Final };
        let text = format!("{}: {what}{way_out}", self.place(request));
        Trouble { text, refusal, answered: false, pause: None }
    }

    fn failed(&self, request: &Request, what: &str) -> Trouble {
        let text = format!("{}: {what}", self.place(request));
        Trouble { text, refusal: Refusal::Final, answered: true, pause: None }
    }
}

fn header((name, value): &(String, String)) -> Result<(HeaderName, HeaderValue), String> {
    let bad = || format!("--header: not the name and value of a header: \"{name}\"");
    let mut value = HeaderValue::try_from(value).map_err(|_| bad())?;
    value.set_sensitive(true);
    Ok((HeaderName::try_from(name).map_err(|_| bad())?, value))
}

fn tls(access: &Access) -> Result<TlsConfig, String> {
    let mut tls = TlsConfig::builder().disable_verification(access.insecure);
    if let Some(pem) = &access.trusted {
        tls = tls.root_certs(RootCerts::Specific(Arc::new(certificates("--ca-cert", pem)?)));
    }
    if let Some((certificate, key)) = &access.identity {
        let chain = certificates("--client-cert", certificate)?;
        let key = PrivateKey::from_pem(key).map_err(|_| String::from("--client-key: no key in PEM form in it"))?;
        tls = tls.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
    }
    Ok(tls.build())
}

fn certificates(option: &str, pem: &[u8]) -> Result<Vec<Certificate<'static>>, String> {
    let items = ureq::tls::parse_pem(pem).filter_map(|item| match item {
        Ok(PemItem::Certificate(one)) => Some(one),
        _ => None,
    });
    let found: Vec<_> = items.collect();
    if found.is_empty() { Err(format!("{option}: no certificate in PEM form in it")) } else { Ok(found) }
}

/// The difference of the clocks, by the header `Date` (whole seconds).
fn ahead_ms(headers: &HeaderMap) -> Option<i64> {
    let text = headers.get("date")?.to_str().ok()?;
    let theirs = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_millisecond();
    let ours = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()?;
    Some(theirs - ours)
}

/// The system's words in lower case, without its error number.
fn reason(text: &str) -> String {
    let text = text.strip_prefix("io: ").unwrap_or(text);
    let text = text.split(" (os error").next().unwrap_or(text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().collect::<String>() + letters.as_str())
}
