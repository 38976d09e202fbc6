//! Which service a series belongs to, by its labels or its name, and for whom it waits.

pub(crate) mod container;
pub(crate) mod exposer;
pub(crate) mod header;
pub(crate) mod labels;
pub(crate) mod monitoring;

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};

use crate::services::labels::{Owner, Seen, Telling};
use crate::services::monitoring::Targets;
use crate::{Catalogue, Name};

/// [`Place::from`] of what a load generator put on and saw.
pub const OUTCOME: &str = "outcome";

/// The place of a series: its service, where that was read, and its own name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The service, where one is known.
    pub service: Option<String>,
    /// What told it: a label's name, `name`, `edge` (a call, charged to the callee), `pattern`, `services` (the
    /// user's table), `outcome` (of a load generator: no service), `machine` (all containers together: no service),
    /// or nothing.
    pub from: String,
    /// The metric's own name, from which its kind is told.
    pub metric: String,
    /// True when the service is only a caller's view of another (`…_client`, `…_remote`).
    pub caller: bool,
    /// The one that is waited for, where a proxy's or a client's series names it.
    pub peer: Option<String>,
    /// True for what the monitoring says of itself, and for an exporter's own process.
    pub monitoring: bool,
}

/// What the names of all series of a grid say about each other, and so whose each is: see [`Catalogue::survey`].
/// It holds what tells services apart, not the names, so that it does not grow with the grid.
pub struct Survey<'a> {
    catalogue: &'a Catalogue,
    /// True where most series have labels: there a name without any is an aggregate, `node_load1`, not a service's.
    labelled: bool,
    telling: Telling,
    exporters: Targets,
    /// The services of containers, by the containers' names.
    containers: HashMap<String, String>,
    services: HashSet<String>,
}

impl<'a> Survey<'a> {
    /// Reads all names twice, each with how many series it stands for.
    pub(crate) fn of<N: Borrow<Name>, I>(catalogue: &'a Catalogue, names: impl Fn() -> I) -> Self
    where
        I: Iterator<Item = (N, usize)>,
    {
        let built_in = catalogue.built_in();
        let mut seen = Seen::default();
        let (mut labelled, mut plain, mut exporters) = (0_usize, 0_usize, Targets::new());
        for (name, times) in names() {
            let (name, tokens) = (name.borrow(), built_in.vocabulary.read(&name.borrow().name));
            seen.add(&built_in.services, name, &tokens, times);
            built_in.monitoring.mark(name, &tokens, &mut exporters);
            // What a load generator saw does not count.
            let of_system = if built_in.outcomes.find(&tokens, name).is_none() { times } else { 0 };
            let count = if name.labels.is_empty() { &mut plain } else { &mut labelled };
            *count += of_system;
        }
        let (telling, labelled) = (seen.telling(), labelled > plain);
        let mut survey =
            Survey { catalogue, labelled, telling, exporters, containers: HashMap::new(), services: HashSet::new() };
        survey.name_services(names().map(|(name, _)| name));
        survey
    }

    /// Finds the services, and those of containers, which needs the names of all of them and of the other services.
    fn name_services(&mut self, names: impl Iterator<Item: Borrow<Name>>) {
        let (mut services, mut containers) = (HashSet::new(), HashSet::new());
        let add = |set: &mut HashSet<String>, text: &str| _ = set.contains(text) || set.insert(text.to_string());
        for name in names {
            let (place, owner) = self.owner(name.borrow(), &self.tokens(name.borrow()));
            place.service.iter().for_each(|service| add(&mut services, service));
            owner.container().into_iter().for_each(|container| add(&mut containers, container));
        }
        let mut names: Vec<&str> = containers.iter().map(String::as_str).collect();
        names.sort_unstable();
        self.containers = container::services(&names, &services);
        let named = names.iter().map(|name| self.containers.get(*name).map_or(*name, String::as_str).to_string());
        services.extend(named.collect::<Vec<_>>());
        self.services = services;
    }

    /// Whose a series of the grid is.
    pub fn place(&self, name: &Name) -> Place {
        let (built_in, tokens) = (self.catalogue.built_in(), self.tokens(name));
        let (mut place, owner) = self.owner(name, &tokens);
        if let Some(container) = owner.container() {
            place.service = Some(self.containers.get(container).map_or(container, String::as_str).to_string());
        }
        self.charge_callee(&mut place);
        self.charge_probed(&mut place, name, &tokens);
        place.caller = place.service.as_deref().is_some_and(|service| built_in.headers.is_caller(service));
        place.peer = built_in.peers.named(name, &tokens).next().map(|(_, peer)| peer);
        place.monitoring = built_in.monitoring.is_own(name, &tokens, &self.exporters);
        place
    }

    fn tokens(&self, name: &Name) -> Vec<u32> {
        self.catalogue.built_in().vocabulary.read(&name.name)
    }

    /// What a series says of its place by itself.
    fn owner(&self, name: &Name, tokens: &[u32]) -> (Place, Owner) {
        match self.catalogue.asked(name) {
            Some(place) => (place, Owner::Nobody),
            None if name.labels.is_empty() => (by_name(self.catalogue, name, self.labelled), Owner::Nobody),
            None => by_label(self.catalogue, name, tokens, &self.telling),
        }
    }

    /// A call `<caller>_<callee>` between two services that are there themselves is charged to the
    /// callee: the caller's clock is where a slow callee shows. So is one whose metric says that it is an edge.
    fn charge_callee(&self, place: &mut Place) {
        let Some(service) = place.service.as_ref().filter(|_| place.from == "name") else { return };
        let known = |part: &str| self.services.contains(part);
        let mut cuts = service.match_indices('_').map(|(at, _)| (&service[..at], &service[at + 1..]));
        let both = cuts.clone().find(|(from, to)| known(from) && known(to));
        let edge = || self.catalogue.built_in().headers.is_edge(&place.metric).then(|| cuts.next_back()).flatten();
        if let Some((_, callee)) = both.or_else(edge) {
            (place.service, place.from) = (Some(callee.to_string()), "edge".to_string());
        }
    }

    /// What a probe found is charged to the one probed, where that is a service of the grid.
    fn charge_probed(&self, place: &mut Place, name: &Name, tokens: &[u32]) {
        if self.catalogue.asked(name).is_some() {
            return;
        }
        let mut probed = self.catalogue.built_in().probed.named(name, tokens);
        if let Some((label, service)) = probed.find(|(_, service)| self.services.contains(service)) {
            (place.service, place.from) = (Some(service), label.to_string());
        }
    }
}

fn by_label(catalogue: &Catalogue, name: &Name, tokens: &[u32], telling: &Telling) -> (Place, Owner) {
    let metric = catalogue.own_name(name);
    if catalogue.outcome(name).is_some() {
        return (Place { from: OUTCOME.to_string(), metric, ..Place::default() }, Owner::Nobody);
    }
    let (label, owner) = catalogue.built_in().services.owner(name, tokens, telling);
    let service = match &owner {
        Owner::Service(service) => Some(service.clone()),
        _ => None,
    };
    (Place { service, from: label.to_string(), metric, ..Place::default() }, owner)
}

fn by_name(catalogue: &Catalogue, name: &Name, labelled: bool) -> Place {
    let metric = catalogue.own_name(name);
    if catalogue.outcome(name).is_some() {
        return Place { from: OUTCOME.to_string(), metric, ..Place::default() };
    }
    let split = catalogue.built_in().headers.split(&name.name);
    match split.filter(|_| !labelled || name.name.contains('|')) {
        Some((service, _)) => {
            Place { service: Some(service.to_string()), from: "name".to_string(), metric, ..Place::default() }
        }
        None => Place { metric, ..Place::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[&str]) -> Vec<Place> {
        Catalogue::default().places(&headers.iter().map(|header| Name::parse(header)).collect::<Vec<_>>())
    }

    fn services(headers: &[&str]) -> Vec<String> {
        of(headers).into_iter().map(|place| place.service.unwrap_or_else(|| "-".to_string())).collect()
    }

    #[test]
    fn calls_are_charged_to_the_callee() {
        let places = of(&["web|cpu", "cart|cpu", "web_cart|p50", "web_client|p50", "a_b|source_50_latency"]);
        let found: Vec<_> = places.iter().map(|p| p.service.as_deref().unwrap_or("-")).collect();
        assert_eq!(found, ["web", "cart", "cart", "web_client", "b"]);
        assert_eq!((places[2].from.as_str(), places[2].caller, places[3].caller), ("edge", false, true));
    }

    #[test]
    fn the_first_label_that_tells_series_apart_decides() {
        let shop = ["up{instance=\"carts:80\",job=\"shop\"}", "up{instance=\"user:80\",job=\"shop\"}"];
        assert_eq!(services(&shop), ["carts", "user"]);
        let compose = "cpu{container_label_com_docker_compose_service=\"user\",job=\"cadvisor\"}";
        assert_eq!(services(&["up{job=\"carts\"}", compose, "x"]), ["carts", "user", "-"]);
        for label in [
            "service_name",
            "\"service.name\"",
            "application_name",
            "dd_service",
            "\"k8s.deployment.name\"",
            "kubernetes_name",
        ] {
            let series = ["carts", "orders"].map(|service| format!("{{\"m\",job=\"otel\",{label}=\"{service}\"}}"));
            assert_eq!(services(&[&series[0], &series[1]]), ["carts", "orders"], "{label}");
        }
    }

    #[test]
    fn a_label_of_the_one_that_exposes_does_not_decide() {
        let cpu = |name: &str, service: &str| {
            format!(
                "container_cpu_usage_seconds_total{{container=\"{name}\",job=\"kubelet\",namespace=\"shop\",\
                 pod=\"{service}-6d5f4c7b9-xk2lp\",service=\"kube-prometheus-stack-kubelet\"}}"
            )
        };
        let own = |metric: &str, more: &str| format!("{metric}{{job=\"carts\",service=\"carts\",{more}}}");
        let apps = [
            own("requests_total", "pod=\"carts-6d5f4c7b9-xk2lp\""),
            own("requests_total", "pod=\"carts-6d5f4c7b9-zzzzz\""),
        ];
        let grid = |series: [String; 2]| {
            let all: Vec<&str> = series.iter().chain(&apps).map(String::as_str).chain(["up{job=\"x\"}"]).collect();
            services(&all)[..4].to_vec()
        };
        let expected = ["carts", "orders", "carts", "carts"];
        assert_eq!(grid([cpu("carts", "carts"), cpu("orders", "orders")]), expected);
        assert_eq!(grid([cpu("app", "carts"), cpu("app", "orders")]), expected);
        let each = |labels: &str| ["carts", "orders"].map(|service| labels.replace("CARTS", service));
        for labels in [
            "k8s_pod_cpu_usage{job=\"otel\",k8s_pod_name=\"CARTS-6d5f4c7b9-xk2lp\",service=\"otel-collector\"}",
            "jvm_threads{app=\"collector\",job=\"otel\",k8s_deployment_name=\"CARTS\",service=\"otel-collector\"}",
            "probe_success{instance=\"http://CARTS/health\",job=\"blackbox\"}",
            "systemd_unit_state{job=\"systemd\",name=\"CARTS.service\",state=\"active\"}",
            "redis_connected_clients{addr=\"redis://CARTS:6379\",job=\"redis\"}",
        ] {
            assert_eq!(grid(each(labels)), expected, "{labels}");
        }
        let side = |container: &str| own("up", &format!("container=\"{container}\",service_name=\"carts\""));
        assert_eq!(grid([side("carts"), side("carts")])[..2], ["carts", "carts"]);
    }

    #[test]
    fn what_an_exporter_sees_is_said_of_the_one_it_names() {
        for (header, service) in [
            ("traces_service_graph_request_server_seconds_sum{client=\"web\",job=\"t\",server=\"carts\"}", "carts"),
            ("traces_service_graph_request_failed_total{client=\"web\",job=\"t\",server=\"carts\"}", "carts"),
            ("traces_service_graph_request_client_seconds_sum{client=\"web\",job=\"t\",server=\"carts\"}", "web"),
            ("hubble_http_request_duration_seconds_sum{destination=\"shop/carts\",job=\"h\"}", "carts"),
            ("windows_process_cpu_time_total{job=\"w\",process=\"carts\"}", "carts"),
            (
                "istio_requests_total{destination_canonical_service=\"carts\",destination_workload=\"carts-v1\",job=\"i\"}",
                "carts",
            ),
        ] {
            assert_eq!(services(&[header]), [service], "{header}");
        }
    }

    #[test]
    fn all_containers_together_are_the_machine() {
        let cpu = |labels: &str| format!("container_cpu_usage_seconds_total{{{labels},job=\"cadvisor\"}}");
        let id = "7c906d4fe920249f459b56875a349e4d52b02ba0c866ebd5d44a9e81a4e5af1e";
        let headers = [cpu("id=\"/\""), cpu(&format!("id=\"/docker/{id}\"")), cpu("id=\"/system.slice\"")];
        assert_eq!(services(&headers.each_ref().map(String::as_str)), ["-", "7c906d4fe920", "-"]);
        let names = ["dockercompose_carts_1", "dockercompose_front-end_1"];
        let headers = names.map(|name| cpu(&format!("id=\"/docker/{id}\",name=\"{name}\"")));
        assert_eq!(services(&headers.each_ref().map(String::as_str)), ["carts", "front-end"]);
    }

    #[test]
    fn a_value_that_is_no_service_names_none() {
        let headers = [
            "node_os_info{instance=\"a:9100\",job=\"node\",name=\"Debian GNU/Linux\"}",
            "jvm_memory_used_bytes{area=\"heap\",id=\"G1 Eden Space\",job=\"carts\"}",
            "container_network_receive_bytes_total{container=\"POD\",job=\"kubelet\",pod=\"carts-7d9f8bcd54-bcdfg\"}",
            "container_cpu_usage_seconds_total{container=\"istio-proxy\",job=\"kubelet\",pod=\"carts-7d9f8bcd54-bcdfg\"}",
            "istio_requests_total{destination_workload=\"unknown\",job=\"istio\"}",
            "namedprocess_namegroup_num_procs{groupname=\"nginx\",job=\"process\"}",
        ];
        assert_eq!(services(&headers), ["node", "carts", "carts", "carts", "istio", "nginx"]);
    }

    #[test]
    fn the_one_waited_for_is_a_peer() {
        for (header, peer) in [
            (
                "haproxy_server_response_time_average_seconds{job=\"lb\",proxy=\"web\",server=\"carts1\"}",
                Some("carts1"),
            ),
            ("haproxy_backend_response_time_average_seconds{job=\"lb\",proxy=\"carts\"}", Some("carts")),
            ("traefik_service_request_duration_seconds_sum{job=\"t\",service=\"carts@docker\"}", Some("carts")),
            ("django_db_query_duration_seconds_sum{alias=\"default\",vendor=\"postgresql\"}", Some("postgresql")),
            ("pgbouncer_pools_client_waiting_connections{database=\"shop\"}", Some("shop")),
            ("http_client_request_duration_seconds_sum{job=\"web\",server_address=\"carts:80\"}", Some("carts")),
            ("{\"db.client.operation.duration\",\"db.system\"=\"mongodb\"}", Some("mongodb")),
            ("request_duration_seconds_sum{job=\"carts\"}", None),
            ("mongodb_driver_commands_seconds_sum{job=\"carts\",server_address=\"carts-db:27017\"}", Some("carts-db")),
            ("spring_cloud_gateway_requests_seconds_sum{job=\"gw\",routeUri=\"lb://carts\"}", Some("carts")),
            (
                "envoy_cluster_upstream_rq_time_sum{cluster_name=\"outbound|80||carts.shop.svc.cluster.local\",job=\"e\"}",
                Some("carts"),
            ),
            (
                "traces_service_graph_request_client_seconds_sum{client=\"web\",job=\"t\",server=\"carts\"}",
                Some("carts"),
            ),
        ] {
            assert_eq!(of(&[header])[0].peer.as_deref(), peer, "{header}");
        }
    }

    #[test]
    fn what_a_probe_found_is_said_of_a_service_that_is_there() {
        let status = |proxy: &str, server: &str| {
            format!("haproxy_server_status{{job=\"lb\",proxy=\"{proxy}\",server=\"{server}\",state=\"UP\"}}")
        };
        let checks = [status("app", "app-1"), status("app", "srv2"), status("api", "srv1")];
        let [first, second, third] = checks.each_ref().map(String::as_str);
        let headers = [first, second, third, "up{job=\"app\"}", "up{job=\"app-1\"}"];
        assert_eq!(services(&headers)[..3], ["app-1", "app", "lb"]);
        assert_eq!(services(&["haproxy_backend_current_queue{job=\"lb\",proxy=\"app\"}", headers[3]]), ["lb", "app"]);
    }

    #[test]
    fn the_process_of_an_exporter_is_the_monitoring() {
        let headers = [
            "process_cpu_seconds_total{job=\"node\"}",
            "node_exporter_build_info{job=\"node\"}",
            "node_load1{job=\"node\"}",
            "go_goroutines{job=\"carts\"}",
            "prometheus_tsdb_head_series{job=\"p\"}",
            "scrape_samples_scraped{job=\"carts\"}",
            "scrape_duration_seconds{job=\"carts\"}",
        ];
        let found: Vec<bool> = of(&headers).into_iter().map(|place| place.monitoring).collect();
        assert_eq!(found, [true, true, false, false, true, true, false]);
    }

    #[test]
    fn a_users_table_goes_first() {
        let selector = crate::Selector::parse("{pid=~\"1.*\"}").unwrap();
        let catalogue = Catalogue::default().with_services(vec![(selector, "carts".to_string())]);
        let places =
            catalogue.places(&[Name::parse("cpu{job=\"x\",pid=\"12\"}"), Name::parse("cpu{job=\"x\",pid=\"2\"}")]);
        assert_eq!((places[0].service.as_deref(), places[0].from.as_str()), (Some("carts"), "services"));
        assert_eq!(places[1].service.as_deref(), Some("x"));
    }
}
