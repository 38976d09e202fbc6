//! How the server is reached: headers, certificates, a proxy.

use std::sync::Arc;
use std::time::Duration;

use ureq::http::{HeaderMap, HeaderName, HeaderValue};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig};
use ureq::{Agent, Proxy};

use super::address;

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
    /// How long the whole fetch may take.
    pub most: Option<Duration>,
    /// How often to ask again when the server is busy or the connection is lost.
    pub retries: u32,
    /// Certificates (PEM) to trust instead of the built-in ones.
    pub trusted: Option<Vec<u8>>,
    /// The certificate (PEM) to show to the server, and its key.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
    /// True to accept any certificate.
    pub insecure: bool,
}

const CONNECT: Duration = Duration::from_secs(10);
/// A server that keeps to the same time limit says so itself, which tells more than silence.
const GRACE: Duration = Duration::from_secs(1);

impl Access {
    /// The agent that asks the server at `base`, and the name of the proxy on the way.
    pub(super) fn agent(&self, base: &str) -> Result<(Agent, Option<String>), String> {
        let proxy = if address::is_near(base) { None } else { proxy(base)? };
        let via = proxy.as_ref().map(|proxy| format!("{}:{}", proxy.host(), proxy.port()));
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("prom-fetch/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(self.timeout + GRACE))
            .timeout_per_read(Some(self.timeout + GRACE))
            .proxy(proxy)
            .tls_config(self.tls()?);
        if address::is_near(base) {
            // On one machine packing costs more than it saves.
            config = config.accept_encoding("");
        }
        Ok((config.build().new_agent(), via))
    }

    /// The headers of every request.
    pub(super) fn header_map(&self) -> Result<HeaderMap, String> {
        self.headers.iter().map(header).collect()
    }

    fn tls(&self) -> Result<TlsConfig, String> {
        let mut tls = TlsConfig::builder().disable_verification(self.insecure);
        if let Some(pem) = &self.trusted {
            tls = tls.root_certs(RootCerts::Specific(Arc::new(certificates("--ca-cert", pem)?)));
        }
        if let Some((certificate, key)) = &self.identity {
            let chain = certificates("--client-cert", certificate)?;
            let key = PrivateKey::from_pem(key).map_err(|_| String::from("--client-key: no key in PEM form in it"))?;
            tls = tls.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
        }
        Ok(tls.build())
    }
}

/// The proxy that the environment names for this address, as curl reads it: by scheme, else for all.
fn proxy(base: &str) -> Result<Option<Proxy>, String> {
    let names = match base.starts_with("https:") {
        true => ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        // Not HTTP_PROXY: in a CGI program whoever asks can set it.
        false => ["http_proxy", "all_proxy", "ALL_PROXY", "ALL_PROXY"],
    };
    let found = names.iter().find_map(|name| Some((name, std::env::var(name).ok().filter(|text| !text.is_empty())?)));
    let Some((name, text)) = found else { return Ok(None) };
    let bad = |_| format!("{name}: expected the address of a proxy, such as http://proxy:3128");
    let proxy = Proxy::new(&text).map_err(bad)?;
    let host = base.split_once("://").map_or(base, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let without = std::env::var("no_proxy").or_else(|_| std::env::var("NO_PROXY")).unwrap_or_default();
    Ok(if is_spared(host, &without) { None } else { Some(proxy) })
}

/// True when `no_proxy` names this host: by itself, by a domain it is in, or by `*`.
fn is_spared(host: &str, list: &str) -> bool {
    let bare = host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or(host, |(bare, _)| bare);
    let matches = |entry: &str| {
        let domain = entry.trim_start_matches("*.").trim_start_matches('.');
        !domain.is_empty() && [host, bare].iter().any(|host| host.strip_suffix(domain).is_some_and(is_cut))
    };
    list.split(',').map(str::trim).any(|entry| entry == "*" || matches(entry))
}

fn is_cut(front: &str) -> bool {
    front.is_empty() || front.ends_with('.')
}

fn header((name, value): &(String, String)) -> Result<(HeaderName, HeaderValue), String> {
    let bad = || format!("--header: not the name and value of a header: \"{name}\"");
    let mut value = HeaderValue::try_from(value).map_err(|_| bad())?;
    value.set_sensitive(true);
    Ok((HeaderName::try_from(name).map_err(|_| bad())?, value))
}

fn certificates(option: &str, pem: &[u8]) -> Result<Vec<Certificate<'static>>, String> {
    let items = ureq::tls::parse_pem(pem).filter_map(|item| match item {
        Ok(PemItem::Certificate(one)) => Some(one),
        _ => None,
    });
    let found: Vec<_> = items.collect();
    if found.is_empty() { Err(format!("{option}: no certificate in PEM form in it")) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_domains_are_spared_the_proxy() {
        for (host, list) in
            [("a.example:9090", "example"), ("a.example", ".example"), ("a", "x, a"), ("b", "*"), ("a:1", "a:1")]
        {
            assert!(is_spared(host, list), "{host} {list}");
        }
        for (host, list) in [("anexample", "example"), ("a", ""), ("a", "b,"), ("a:1", "a:2")] {
            assert!(!is_spared(host, list), "{host} {list}");
        }
    }
}
