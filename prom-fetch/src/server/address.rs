//! Addresses and requests as text.

use std::borrow::Cow;

/// A request, still without the address of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The path behind the server's address, `/api/v1/query_range`.
    pub path: String,
    /// The parameters, in the order they are sent.
    pub form: Vec<(String, String)>,
    /// True for an endpoint that knows only GET.
    pub get: bool,
}

impl Request {
    /// A request by GET.
    pub fn get(path: &str) -> Request {
        Request { path: path.to_string(), form: Vec::new(), get: true }
    }

    /// A request by POST, as a form.
    pub fn post(path: &str) -> Request {
        Request { get: false, ..Request::get(path) }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Request {
        self.form.push((name.to_string(), value.into()));
        self
    }

    /// The command line of curl that asks the same of the server at `place`.
    pub fn curl(&self, place: &str) -> String {
        let mut line = String::from(if self.get { "curl -sG " } else { "curl -s " });
        line.push_str(&shell(place));
        for (name, value) in &self.form {
            line.push_str(" --data-urlencode ");
            line.push_str(&shell(&format!("{name}={value}")));
        }
        line
    }
}

/// What people copy along with the address: pages of the servers, and the paths of the API itself.
const PAGES: [&str; 9] = [
    "/api/v1/query_range",
    "/api/v1/query",
    "/api/v1",
    "/classic/graph",
    "/graph",
    "/query",
    "/targets",
    "/vmui",
    "/-/ready",
];

/// The address of a server in the form that paths can be put behind; `http://` is added when there
/// is no scheme, and a page of the server is taken off the end.
///
/// No message quotes the address: whatever its form, a password may stand in it.
pub fn base(url: &str) -> Result<String, String> {
    let refused = |what: &str| Err(format!("--url: {what}"));
    let url = url.trim();
    if url.contains('@') {
        return refused("a name and password (before \"@\") do not belong in it, use --user and --password-file");
    }
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") {
        return refused("expected http:// or https:// and a host");
    }
    let rest = without_page(rest);
    if rest.contains(['?', '#']) {
        return refused("it has parameters, use --param");
    }
    let host = rest.split('/').next().unwrap_or_default();
    if !is_host(host) || rest.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return refused("expected a host, and a port of digits if any: http://prometheus:9090");
    }
    Ok(format!("{scheme}://{}", rest.trim_end_matches('/')))
}

fn without_page(rest: &str) -> &str {
    let path = rest.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    PAGES.iter().find_map(|page| path.strip_suffix(page)).unwrap_or(rest)
}

fn is_host(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let bare = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    let named = |c: char| c.is_alphanumeric() || "-._".contains(c);
    let is_named = match bare {
        Some(address) => address.contains(':') && address.chars().all(|c| c.is_ascii_hexdigit() || ":.".contains(c)),
        None => !host.is_empty() && host.chars().all(named),
    };
    is_named && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// An address that somebody else sent, without what may be secret in it: user, password, parameters.
pub fn shown(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let url = match (url.split_once("//"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, behind))) => format!("{scheme}//{behind}"),
        (None, Some((_, behind))) => behind.to_string(),
        _ => url.to_string(),
    };
    url.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// True when the server is on this machine.
pub fn is_near(base: &str) -> bool {
    let host = base.split_once("://").map_or(base, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    matches!(host, "localhost" | "[::1]") || host.starts_with("127.")
}

/// Parameters as `application/x-www-form-urlencoded`.
pub fn form(parameters: &[(String, String)]) -> String {
    let pairs = parameters.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Text as one word for a shell.
fn shell(text: &str) -> Cow<'_, str> {
    shlex::Quoter::new().allow_nul(true).quote(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_in_front_is_kept_and_a_page_is_not() {
        for (url, expected) in [
            ("https://m.example/prometheus/", "https://m.example/prometheus"),
            ("localhost:9090", "http://localhost:9090"),
            ("HTTPS://[::1]:9090", "https://[::1]:9090"),
            ("http://p:9090/graph?g0.expr=up&g0.tab=1", "http://p:9090"),
            ("http://p:9090/api/v1/query_range", "http://p:9090"),
            ("https://p/select/0/prometheus/api/v1/", "https://p/select/0/prometheus"),
        ] {
            assert_eq!(base(url).unwrap(), expected, "{url}");
        }
        for url in ["ftp://x", "http://", "http://x/?a=b", "http://a b", "http://x:y", "http://x:99999", "", "http:/x"]
        {
            assert!(base(url).is_err(), "{url}");
        }
    }

    /// Whatever a password is put into, no message repeats it.
    #[test]
    fn no_message_repeats_a_password() {
        for url in [
            "http://bob:SECRET@host",
            "HTTP://bob:SECRET@host",
            "https://bob:SECRET@host:9090/prometheus",
            "htp://bob:SECRET@host",
            "ftp://bob:SECRET@host",
            "://bob:SECRET@host",
            "//bob:SECRET@host",
            "bob:SECRET@host",
            "http:/bob:SECRET@host",
            "http:bob:SECRET@host",
            "http:///bob:SECRET@host",
            "http://bob:pass/SECRET@host",
            "http://bob:pass?SECRET@host",
            "http://bob:pass#SECRET@host",
            "http://bob:pass SECRET@host",
            "http://bob:SECRET%40host",
            "http://SECRET@host/graph",
            "http://bob@example:SECRET@host",
            "http://bob:SECRET@[::1]:9090",
            "\thttp://bob:SECRET@host\n",
            "SECRET://host",
            "http://host:SECRET",
            "http://host/?token=SECRET",
            "http://host/#SECRET",
        ] {
            let refusal = base(url).unwrap_err();
            assert!(!refusal.contains("SECRET") && !refusal.contains("bob"), "{url}: {refusal}");
        }
    }

    #[test]
    fn foreign_addresses_are_shown_without_secrets() {
        assert_eq!(shown("https://bob:SECRET@sso.example/login?token=SECRET"), "https://sso.example/login");
        assert_eq!(shown("//bob:pass/SECRET@x/"), "//x/");
        assert_eq!(shown("/login\x1b[31m#SECRET"), "/login[31m");
    }

    #[test]
    fn near_servers_are_told_by_their_name() {
        for near in ["http://localhost:9090", "http://127.0.0.1", "http://[::1]:80/x"] {
            assert!(is_near(near), "{near}");
        }
        assert!(!is_near("http://prometheus:9090"));
        assert!(!is_near("http://localhost.example"));
    }

    #[test]
    fn a_shell_reads_what_was_asked() {
        let request = Request::post("/q").with("~a", "it's `x` $y!^ \\ ~").with("", "");
        let words = shlex::split(&request.curl("~/q")).unwrap();
        assert_eq!(words[2..], ["~/q", "--data-urlencode", "~a=it's `x` $y!^ \\ ~", "--data-urlencode", "="]);
    }

    #[test]
    fn forms_are_escaped() {
        let request = Request::post("/q").with("query", "{a=\"é b\"}").with("step", "1");
        assert_eq!(form(&request.form), "query=%7Ba%3D%22%C3%A9%20b%22%7D&step=1");
        assert_eq!(
            request.curl("http://x/q"),
            "curl -s http://x/q --data-urlencode 'query={a=\"é b\"}' --data-urlencode 'step=1'"
        );
    }
}
