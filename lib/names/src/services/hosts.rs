//! The hosts of jobs, and jobs whose hosts are services of their own.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use super::cgroup::is_id;
use super::form::{host, is_loopback};

/// The instances seen so far, by job.
#[derive(Debug, Default)]
pub(super) struct Instances(HashMap<String, HashSet<String>>);

impl Instances {
    pub(super) fn add(&mut self, job: &str, instance: &str) {
        match self.0.get_mut(job) {
            Some(known) if known.contains(instance) => {}
            Some(known) => _ = known.insert(instance.to_string()),
            None => _ = self.0.insert(job.to_string(), HashSet::from([instance.to_string()])),
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        other.0.into_iter().for_each(|(job, instances)| self.0.entry(job).or_default().extend(instances));
    }

    /// True where some differ by no more than their ports.
    pub(super) fn differ_by_port(&self) -> bool {
        self.by_host().values().any(|instances| instances.len() > 1)
    }

    /// The jobs that gather several services, each at a host that is called as it is. Prometheus means by a job one service and by its
    /// instances the replicas, so it is one where the hosts are addresses, or all begin with one word or bear the job's name
    /// (`web1`, `web2`; `eu-web`, `us-web` in `web`). Where another job has another port of such a host, the host is a machine. A
    /// URL is what a probe was told to ask, no target.
    pub(super) fn gathering(&self) -> HashSet<String> {
        let by_host = self.by_host();
        let gathers = |(job, own): (&String, &HashSet<String>)| {
            let hosts: HashSet<&str> = own.iter().map(|instance| host(instance)).collect();
            let words: HashSet<&str> = hosts.iter().map(|host| first_word(host)).collect();
            let is_own = |instance: &&str| own.contains(*instance) || is_url(instance);
            let is_service = |host: &&str| is_name(host) && by_host[*host].iter().all(is_own);
            let is_one =
                words.len() < 2 || own.iter().any(|at| is_url(at)) || hosts.iter().all(|host| host.contains(job));
            (!is_one && hosts.iter().all(is_service)).then(|| job.clone())
        };
        self.0.iter().filter(|(job, _)| !job.is_empty()).filter_map(gathers).collect()
    }

    fn by_host(&self) -> HashMap<&str, HashSet<&str>> {
        let mut found: HashMap<&str, HashSet<&str>> = HashMap::new();
        let all = self.0.values().flatten();
        all.for_each(|instance| _ = found.entry(host(instance)).or_default().insert(instance));
        found
    }
}

fn is_url(instance: &str) -> bool {
    instance.contains("://")
}

/// The letters that a host's name begins with.
fn first_word(host: &str) -> &str {
    host.split(|c: char| !c.is_alphabetic()).next().unwrap_or(host)
}

/// True for a host's name that is neither an address nor an id of a container, nor a machine's of a domain.
fn is_name(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    !address && !host.contains('.') && !is_id(host) && !is_loopback(host) && !first_word(host).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_gathers_services_where_its_hosts_are_called_as_they_are() {
        for (shop, others, gathers) in [
            (&["carts:80", "orders:80"][..], &[][..], true),
            (&["carts:80", "carts:81", "orders:80"], &["node:9100"], true),
            (&["carts:80", "orders:80"], &["carts:80"], true),
            (&["carts:80", "orders:80"], &["carts:9100"], false),
            (&["carts:80", "orders:80"], &["http://carts/health"], true),
            (&["http://carts", "http://orders"], &[], false),
            (&["carts:80", "10.0.0.2:80"], &[], false),
            (&["carts:80", "[::2]:80"], &[], false),
            (&["carts:80", "localhost:80"], &[], false),
            (&["c906d4fe9207:80", "d906d4fe9207:80"], &[], false),
            (&["carts1:80", "carts2:80"], &[], false),
            (&["carts-1:80", "carts-2:80"], &[], false),
            (&["ip-10-0-0-1:80", "ip-10-0-0-2:80"], &[], false),
            (&["eu-shop:80", "us-shop:80"], &[], false),
            (&["carts.eu.example.org:80", "carts.us.example.org:80"], &[], false),
            (&["alice.example.org:80", "bob.example.org:80"], &[], false),
            (&["carts:80"], &[], false),
        ] {
            let mut instances = Instances::default();
            shop.iter().for_each(|instance| instances.add("shop", instance));
            others.iter().for_each(|instance| instances.add("other", instance));
            assert_eq!(instances.gathering().contains("shop"), gathers, "{shop:?} {others:?}");
            assert!(!instances.gathering().contains("other"), "{others:?}");
        }
    }
}
