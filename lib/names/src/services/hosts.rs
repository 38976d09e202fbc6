//! The hosts of jobs, and jobs whose hosts are services of their own.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use super::cgroup::is_id;
use super::form::{host, is_loopback, is_url};
use super::insert;

/// The instances seen so far, by job.
#[derive(Debug, Default)]
pub(super) struct Instances {
    jobs: HashMap<String, HashSet<String>>,
    /// Of jobs the instances that say how the machine is that they run on.
    machines: HashMap<String, HashSet<String>>,
}

impl Instances {
    pub(super) fn add(&mut self, job: &str, instance: &str) {
        insert(&mut self.jobs, job, instance);
    }

    /// This target said how its machine is.
    pub(super) fn add_machine(&mut self, job: &str, instance: &str) {
        insert(&mut self.machines, job, instance);
    }

    pub(super) fn join(&mut self, other: Self) {
        for (own, others) in [(&mut self.jobs, other.jobs), (&mut self.machines, other.machines)] {
            others.into_iter().for_each(|(job, instances)| own.entry(job).or_default().extend(instances));
        }
    }

    /// The jobs that say of several machines how each is, and nothing else.
    pub(super) fn of_machines(&self) -> HashSet<String> {
        let several = |(job, machines): (&String, &HashSet<String>)| {
            let hosts: HashSet<&str> = machines.iter().filter(|at| !is_loopback(at)).map(|at| host(at)).collect();
            let is_all = self.jobs.get(job).is_some_and(|instances| instances.len() == machines.len());
            (!job.is_empty() && is_all && hosts.len() > 1).then(|| job.clone())
        };
        self.machines.iter().filter_map(several).collect()
    }

    /// True where some differ by no more than their ports.
    pub(super) fn differ_by_port(&self) -> bool {
        by_host(&self.jobs, |_, _| true).values().any(|instances| instances.len() > 1)
    }

    /// The jobs that gather several services, each at a host that is called as it is. Prometheus means by a job one service and by its
    /// instances the replicas, so it is one where the hosts are addresses, or all begin with one word or bear the job's name
    /// (`web1`, `web2`; `eu-web`, `us-web` in `web`). Where another job has another port of such a host, the host is a machine, but for one
    /// that says how each machine is. A URL of HTTP is what a probe was told to ask, no target.
    pub(super) fn gathering(&self) -> HashSet<String> {
        let is_machine = |job: &str, instance: &str| self.machines.get(job).is_some_and(|own| own.contains(instance));
        let by_host = by_host(&self.jobs, |job, instance| !is_machine(job, instance));
        let gathers = |(job, own): (&String, &HashSet<String>)| {
            let hosts: HashSet<&str> = own.iter().map(|instance| host(instance)).collect();
            let words: HashSet<&str> = hosts.iter().map(|host| first_word(host)).collect();
            let is_own = |instance: &&str| own.contains(*instance) || is_url(instance);
            let is_service = |host: &&str| is_name(host) && by_host.get(host).into_iter().flatten().all(is_own);
            let is_one =
                words.len() < 2 || own.iter().any(|at| is_url(at)) || hosts.iter().all(|host| host.contains(job));
            (!is_one && hosts.iter().all(is_service)).then(|| job.clone())
        };
        self.jobs.iter().filter(|(job, _)| !job.is_empty()).filter_map(gathers).collect()
    }
}

/// Some targets' instances, by their hosts.
fn by_host(
    jobs: &HashMap<String, HashSet<String>>,
    counts: impl Fn(&str, &str) -> bool,
) -> HashMap<&str, HashSet<&str>> {
    let mut found: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (job, instances) in jobs {
        for instance in instances.iter().filter(|instance| counts(job, instance)) {
            found.entry(host(instance)).or_default().insert(instance);
        }
    }
    found
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
            (&["redis://carts:6379", "redis://orders:6379"], &[], true),
        ] {
            let mut instances = Instances::default();
            shop.iter().for_each(|instance| instances.add("shop", instance));
            others.iter().for_each(|instance| instances.add("other", instance));
            assert_eq!(instances.gathering().contains("shop"), gathers, "{shop:?} {others:?}");
            assert!(!instances.gathering().contains("other"), "{others:?}");
        }
    }

    #[test]
    fn the_machines_that_services_run_on_are_told_by_their_hosts() {
        let mut instances = Instances::default();
        ["carts:80", "orders:80"].iter().for_each(|instance| instances.add("shop", instance));
        ["carts:9100", "orders:9100", "10.0.0.2:9100"].iter().for_each(|instance| instances.add("node", instance));
        instances.add("alone", "db:9100");
        let machines =
            [("node", "carts:9100"), ("node", "orders:9100"), ("node", "10.0.0.2:9100"), ("alone", "db:9100")];
        machines.iter().for_each(|(job, instance)| instances.add_machine(job, instance));
        ["10.1.0.1:1", "10.1.0.2:1", "10.1.0.3:1"].iter().for_each(|instance| instances.add("endpoints", instance));
        ["10.1.0.1:1", "10.1.0.2:1"].iter().for_each(|instance| instances.add_machine("endpoints", instance));
        assert_eq!(instances.of_machines(), HashSet::from(["node".to_string()]));
        assert_eq!(instances.gathering(), HashSet::from(["shop".to_string()]));
    }
}
