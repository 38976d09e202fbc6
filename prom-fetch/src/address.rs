//! Addresses and requests as text.

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

/// The address of a server in the form that paths can be put behind; `http://` is added when there
/// is no scheme.
pub fn base(url: &str) -> Result<String, String> {
    let url = url.trim();
    let url = if url.contains("://") { url.to_string() } else { format!("http://{url}") };
    let refused = |what: &str| Err(format!("--url: {what}"));
    let host = match url.split_once("://") {
        Some(("http" | "https", rest)) => rest.split('/').next().unwrap_or_default(),
        _ => return Err(format!("--url: expected http:// or https://: \"{url}\"")),
    };
    if host.contains('@') {
        return refused("a name and password stand in it, use --user and --password-file");
    }
    if url.contains(['?', '#']) {
        return refused("it has parameters, use --param");
    }
    if host.is_empty() || url.contains(char::is_whitespace) {
        return Err(format!("--url: not an address: \"{url}\""));
    }
    Ok(url.trim_end_matches('/').to_string())
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
fn shell(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-._~:/=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(safe) {
        return text.to_string();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_in_front_is_kept() {
        assert_eq!(base("https://m.example/prometheus/").unwrap(), "https://m.example/prometheus");
        assert_eq!(base("localhost:9090").unwrap(), "http://localhost:9090");
        for url in ["ftp://x", "http://", "http://u:p@x", "http://x/?a=b", "http://a b"] {
            assert!(base(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_password_in_the_address_is_not_repeated() {
        assert!(!base("http://u:secret@x").unwrap_err().contains("secret"));
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
    fn forms_are_escaped() {
        let request = Request::post("/q").with("query", "{a=\"é b\"}").with("step", "1");
        assert_eq!(form(&request.form), "query=%7Ba%3D%22%C3%A9%20b%22%7D&step=1");
        assert_eq!(
            request.curl("http://x/q"),
            "curl -s http://x/q --data-urlencode 'query={a=\"é b\"}' --data-urlencode step=1"
        );
    }
}
