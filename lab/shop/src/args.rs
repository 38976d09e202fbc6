//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::profile::{Profile, Service};

/// One service of a small shop, with a worker limit, a cost a request and a page of metrics.
///
/// Example: shop --service orders --port 8085 --peers carts=127.0.0.1:8083 --peers user=127.0.0.1:8087
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Args {
    /// Which service to be
    #[arg(long)]
    pub(crate) service: Service,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    pub(crate) host: IpAddr,
    /// Port to listen on
    #[arg(long, default_value_t = 80)]
    pub(crate) port: u16,
    /// Where another service is; without it, port 80 of the host that bears the service's name
    #[arg(long, value_name = "SERVICE=HOST:PORT", value_parser = peer)]
    pub(crate) peers: Vec<(Service, String)>,
    /// The service that saturates first
    #[arg(long, value_name = "SERVICE")]
    pub(crate) bottleneck: Option<Service>,
    /// Requests that are worked on at a time
    #[arg(long)]
    pub(crate) workers: Option<usize>,
    /// Processor time a request
    #[arg(long, value_name = "MICROSECONDS")]
    pub(crate) cpu_us: Option<u64>,
    /// Waiting time a request, as for a disk
    #[arg(long, value_name = "MICROSECONDS")]
    pub(crate) wait_us: Option<u64>,
    /// Memory that is in use before the first request
    #[arg(long, default_value_t = 32, value_name = "MEBIBYTES")]
    pub(crate) resident_mb: usize,
    /// Requests that may wait for a worker; one more is refused with 503
    #[arg(long, default_value_t = 100)]
    pub(crate) queue: usize,
    /// How long a request waits for a worker before it is refused with 503
    #[arg(long, default_value_t = 3_000, value_name = "MILLISECONDS")]
    pub(crate) patience_ms: u64,
    /// How long to wait for the answer of another service
    #[arg(long, default_value_t = 5_000, value_name = "MILLISECONDS")]
    pub(crate) timeout_ms: u64,
    /// Write a span per request and per call to this file, as lines of OTLP's JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) spans: Option<PathBuf>,
}

impl Args {
    /// What a request costs here: the service's own profile, then what the command line says.
    pub(crate) fn profile(&self) -> Profile {
        let own = Profile::of(self.service, self.bottleneck == Some(self.service));
        Profile {
            workers: self.workers.unwrap_or(own.workers),
            cpu: self.cpu_us.map_or(own.cpu, Duration::from_micros),
            wait: self.wait_us.map_or(own.wait, Duration::from_micros),
        }
    }
}

fn peer(text: &str) -> Result<(Service, String), String> {
    let (name, address) = text.split_once('=').ok_or_else(|| "expected SERVICE=HOST:PORT".to_owned())?;
    let service = <Service as clap::ValueEnum>::from_str(name, false)?;
    Ok((service, address.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_a_known_service_and_an_address() {
        assert_eq!(peer("front-end=127.0.0.1:1"), Ok((Service::FrontEnd, "127.0.0.1:1".to_owned())));
        assert!(peer("carts").is_err());
        assert!(peer("basket=127.0.0.1:1").is_err());
    }

    #[test]
    fn the_command_line_overrides_the_profile() {
        let args = Args::parse_from(["shop", "--service", "carts", "--workers", "3", "--cpu-us", "7"]);
        let profile = args.profile();
        assert_eq!((profile.workers, profile.cpu), (3, Duration::from_micros(7)));
        assert_eq!(profile.wait, Profile::of(Service::Carts, false).wait);
    }
}
