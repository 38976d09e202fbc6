//! Requests that fail, in words that name the way out.

use std::io::{self, ErrorKind};

use super::refusal::Refusal;

/// A request that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Where and what, for the user.
    pub text: String,
    /// What can be done about it.
    pub refusal: Refusal,
    /// The HTTP status, when the server answered at all.
    pub status: Option<u16>,
    /// After how many seconds the server wants to be asked again.
    pub pause: Option<u64>,
}

impl Trouble {
    /// One that asking again does not mend.
    pub fn last(text: String) -> Trouble {
        Trouble { text, refusal: Refusal::Final, status: None, pause: None }
    }

    /// One that may have passed when the server is asked again.
    pub fn passing(text: String) -> Trouble {
        Trouble { refusal: Refusal::Busy, ..Trouble::last(text) }
    }

    /// True for a server that does not have what was asked for: 404, and how some say it.
    pub fn is_absent(&self) -> bool {
        matches!(self.status, Some(400 | 404 | 501))
    }
}

/// Why a request got no answer, and whether that may pass; `known` when the server has answered before,
/// so its name and address are right.
pub(super) fn lost(error: &ureq::Error, known: bool) -> (String, Refusal) {
    use ureq::{Error, Timeout};
    let busy = |yes: bool| if yes { Refusal::Busy } else { Refusal::Final };
    match error {
        Error::Io(e) => io_words(e, known),
        Error::Timeout(Timeout::Connect) => (String::from("no connection in 10 s"), busy(known)),
        Error::Timeout(Timeout::Global) => (String::from("not done within --max-time"), Refusal::Final),
        Error::Timeout(_) => (String::from("no answer in time, see --timeout"), Refusal::Final),
        Error::HostNotFound => (String::from("no such host"), busy(known)),
        Error::Rustls(e) => (tls_words(&e.to_string()), Refusal::Final),
        Error::ConnectProxyFailed(_) => (String::from("the proxy refuses the connection"), busy(known)),
        Error::Protocol(_) => {
            (String::from("the answer is not HTTP; where TLS is spoken, use https://"), Refusal::Final)
        }
        // The others may quote addresses.
        _ => (String::from("the request cannot be sent"), Refusal::Final),
    }
}

fn io_words(e: &io::Error, known: bool) -> (String, Refusal) {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, UnexpectedEof};
    let inner = e.get_ref().map(ToString::to_string);
    if let Some(words) = inner.filter(|words| words.contains("ertificate") || words.contains("corrupt message")) {
        return (tls_words(&words), Refusal::Final);
    }
    let refusal = match e.kind() {
        ConnectionReset | ConnectionAborted | BrokenPipe | UnexpectedEof => Refusal::Busy,
        ConnectionRefused if known => Refusal::Busy,
        _ => Refusal::Final,
    };
    (reason(&e.to_string()), refusal)
}

/// What is wrong with the TLS of the other side.
fn tls_words(text: &str) -> String {
    let way_out = match text {
        _ if text.contains("InvalidContentType") => return String::from("no TLS is spoken there, use http://"),
        _ if text.contains("CaUsedAsEndEntity") => "it is self-signed; --insecure accepts it",
        _ if text.contains("UnknownIssuer") => "see --ca-cert, or --insecure if it is self-signed",
        _ => "see --ca-cert and --client-cert",
    };
    format!("{}, {way_out}", reason(text))
}

/// The system's words in lower case, without its error number.
pub(crate) fn reason(text: &str) -> String {
    let text = text.strip_prefix("io: ").unwrap_or(text);
    let text = text.split(" (os error").next().unwrap_or(text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().collect::<String>() + letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_connection_passes_only_where_a_server_was() {
        let refused = || ureq::Error::Io(io::Error::from(ErrorKind::ConnectionRefused));
        assert_eq!(lost(&refused(), false).1, Refusal::Final);
        assert_eq!(lost(&refused(), true).1, Refusal::Busy);
        assert_eq!(lost(&ureq::Error::Io(io::Error::from(ErrorKind::ConnectionReset)), false).1, Refusal::Busy);
    }

    #[test]
    fn certificates_come_with_the_way_out() {
        let words = tls_words("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))");
        assert!(words.ends_with("it is self-signed; --insecure accepts it"), "{words}");
        assert_eq!(
            tls_words("received corrupt message of type InvalidContentType"),
            "no TLS is spoken there, use http://"
        );
    }
}
