//! Whose series are, by their labels and names.

#![allow(clippy::unwrap_used)]

use names::{Catalogue, Name, Place, Selector};

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
        ("dapr_http_server_latency_sum{app_id=\"carts\",job=\"dapr\"}", "carts"),
        ("envoy_cluster_upstream_rq_time_sum{job=\"envoy\",local_cluster=\"carts\"}", "carts"),
        ("beyla_network_flow_bytes_total{job=\"b\",k8s_dst_owner_name=\"db\",k8s_src_owner_name=\"carts\"}", "carts"),
        ("kong_http_requests_total{job=\"kong\",service=\"shop.carts.80\"}", "carts"),
        ("node_systemd_unit_state{job=\"node\",name=\"carts.service\",state=\"active\"}", "carts"),
        ("node_systemd_socket_accepted_connections_total{job=\"node\",name=\"ssh.socket\"}", "node"),
        ("podman_container_cpu_seconds_total{id=\"7c906d4fe920\",job=\"podman\",pod_id=\"\"}", "7c906d4fe920"),
        ("podman_image_size{id=\"7c906d4fe920\",job=\"podman\"}", "podman"),
        ("dockerstats_cpu_usage_ratio{id=\"7c906d4fe920\",job=\"stats\",name=\"shop-carts-1\"}", "carts"),
        ("aws_applicationelb_request_count_sum{dimension_TargetGroup=\"targetgroup/carts/0123456789abcdef\"}", "carts"),
        ("aws_applicationelb_request_count_sum{dimension_LoadBalancer=\"app/web/0123456789abcdef\"}", "web"),
        ("pg_stat_activity_count{application_name=\"psql\",job=\"carts-db\",state=\"active\"}", "carts-db"),
    ] {
        assert_eq!(services(&[header]), [service], "{header}");
    }
}

#[test]
fn a_service_label_that_names_no_one_who_works_does_not_decide() {
    let kong = |of: &str| format!("kong_{of}_latency_ms_sum{{job=\"kong\",service=\"carts\"}}");
    let (own, upstream) = (kong("kong"), kong("upstream"));
    assert_eq!(services(&[&own, &upstream, "up{job=\"carts\"}"]), ["kong", "carts", "carts"]);
    let grpc = ["shop.Carts", "shop.Prices"].map(|interface| {
        format!("grpc_server_processing_duration_seconds_sum{{job=\"carts\",service=\"{interface}\"}}")
    });
    assert_eq!(services(&[&grpc[0], &grpc[1], "up{job=\"orders\"}"]), ["carts", "carts", "orders"]);
    // One that a scrape gives to all series of a target is a service.
    let of_a_target = ["shop1", "shop2"].map(|service| {
        format!("grpc_client_handling_seconds_sum{{grpc_method=\"Free\",job=\"shop\",service=\"{service}\"}}")
    });
    assert_eq!(services(&[&of_a_target[0], &of_a_target[1], "up{job=\"shop\"}"]), ["shop1", "shop2", "shop"]);
}

#[test]
fn a_container_of_a_common_name_is_its_pods() {
    let cpu = |container: &str, pod: &str| {
        format!("container_cpu_usage_seconds_total{{container=\"{container}\",job=\"kubelet\",pod=\"{pod}\"}}")
    };
    let headers = [
        cpu("server", "adservice-7c9d8f6b54-k2x9v"),
        cpu("server", "cartservice-5d4f6cbb7-hb4gx"),
        cpu("mysql", "orders-db-0"),
        cpu("mysql", "user-db-0"),
        cpu("redis", "redis-cart-7c9d8f6b54-k2x9v"),
        cpu("redis", "redis-cart-7c9d8f6b54-hb4gx"),
        cpu("orders", "orders-5d4f6cbb7-hb4gx"),
    ];
    let expected = ["adservice", "cartservice", "orders-db", "user-db", "redis-cart", "redis-cart", "orders"];
    assert_eq!(services(&headers.each_ref().map(String::as_str)), expected);
}

#[test]
fn a_job_of_several_services_names_none_of_them() {
    let shop = ["up{instance=\"carts:80\",job=\"shop\"}", "up{instance=\"orders:80\",job=\"shop\"}"];
    let node = "node_load1{instance=\"node:9100\",job=\"node\"}";
    assert_eq!(services(&[shop[0], shop[1], node]), ["carts", "orders", "node"]);
    assert_eq!(
        services(&[shop[0], shop[1], node, "node_load1{instance=\"other:9200\",job=\"node\"}"])[..2],
        ["carts", "orders"]
    );
    let of_all = "shop_orders{job=\"shop\",name=\"x\"}";
    assert_eq!(services(&[shop[0], shop[1], node, of_all])[3], "shop", "of no target");
    let web = ["up{instance=\"web1:80\",job=\"web\"}", "up{instance=\"web2:80\",job=\"web\"}"];
    assert_eq!(services(&[web[0], web[1], node]), ["web", "web", "node"]);
}

#[test]
fn an_address_that_every_machine_has_tells_less_than_the_job() {
    let of_port = |host: &str, port: &str| format!("a{{instance=\"{host}:{port}\",job=\"carts\"}}");
    for host in ["localhost", "127.0.0.1", "[::1]", "host.docker.internal"] {
        let (one, other) = (of_port(host, "32768"), of_port(host, "8080"));
        assert_eq!(services(&[&one, "b{job=\"carts\"}"]), ["carts", "carts"], "{host}");
        assert_eq!(services(&[&one, &of_port("carts-db", "80")]), ["carts", "carts-db"], "{host}");
        assert_eq!(services(&[&one, &other]), [format!("{host}:32768"), format!("{host}:8080")], "{host}");
    }
    assert_eq!(services(&["a{instance=\"localhost:80\"}", "b{job=\"carts\"}"]), ["localhost", "carts"]);
}

#[test]
fn of_several_that_are_waited_for_one_that_is_there_is_meant() {
    let haproxy = "haproxy_server_response_time_average_seconds{job=\"lb\",proxy=\"carts\",server=\"srv1\"}";
    let peer = |headers: &[&str]| of(headers)[0].peer.clone();
    assert_eq!(peer(&[haproxy]).as_deref(), Some("srv1"));
    assert_eq!(peer(&[haproxy, "up{job=\"carts\"}"]).as_deref(), Some("carts"));
    assert_eq!(peer(&[haproxy, "up{job=\"carts\"}", "up{job=\"srv1\"}"]).as_deref(), Some("srv1"));
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
        ("haproxy_server_response_time_average_seconds{job=\"lb\",proxy=\"web\",server=\"carts1\"}", Some("carts1")),
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
        ("traces_service_graph_request_client_seconds_sum{client=\"web\",job=\"t\",server=\"carts\"}", Some("carts")),
        ("grpc_client_attempt_duration_seconds_sum{grpc_target=\"dns:///pay:50051\",job=\"web\"}", Some("pay")),
        ("grpc_client_attempt_duration_seconds_sum{grpc_target=\"dns://10.0.0.2/pay:50051\",job=\"web\"}", Some("pay")),
        (
            "grpc_client_attempt_duration_seconds_sum{grpc_target=\"xds:///pay.shop.svc.cluster.local:50051\",job=\"web\"}",
            Some("pay"),
        ),
        (
            "outbound_http_route_backend_response_duration_seconds_sum{backend_name=\"pay\",deployment=\"web\",\
             parent_name=\"all\"}",
            Some("pay"),
        ),
        ("gateway_requests_seconds_sum{job=\"gw\",routeUri=\"lb://carts\"}", Some("carts")),
        (
            "nginx_ingress_controller_request_duration_seconds_sum{exported_service=\"carts\",job=\"i\",service=\"i\"}",
            Some("carts"),
        ),
        ("nginx_ingress_controller_nginx_process_requests_total{job=\"i\",service=\"ingress\"}", None),
        ("kong_upstream_latency_ms_sum{job=\"kong\",service=\"shop.carts.80\"}", Some("carts")),
        ("dapr_component_state_latencies_sum{app_id=\"carts\",component=\"redis\",job=\"dapr\"}", Some("redis")),
        (
            "dapr_runtime_service_invocation_res_recv_latency_ms_sum{app_id=\"web\",job=\"dapr\",src_app_id=\"carts\"}",
            Some("carts"),
        ),
        (
            "envoy_cluster_upstream_rq_time_sum{consul_destination_service=\"carts\",envoy_cluster_name=\"a.b\",job=\"e\"}",
            Some("carts"),
        ),
        (
            "container_http_requests_duration_seconds_total_sum{container_id=\"/k8s/shop/web-0/web\",\
             destination=\"carts:80\"}",
            Some("carts"),
        ),
    ] {
        assert_eq!(of(&[header])[0].peer.as_deref(), peer, "{header}");
    }
}

#[test]
fn what_a_proxy_routes_to_is_a_service_that_is_there() {
    let traefik = |service: &str| {
        format!("traefik_service_request_duration_seconds_sum{{job=\"traefik\",service=\"{service}\"}}")
    };
    let haproxy = "haproxy_backend_response_time_average_seconds{job=\"lb\",proxy=\"shop_svc_carts_http\"}";
    let envoy = "envoy_cluster_upstream_rq_time_sum{envoy_cluster_name=\"httproute/shop/carts/rule/0\",job=\"gw\"}";
    let routes = ["shop-carts-80@kubernetes", "carts-shop@docker", "shop-orders-80@kubernetes"].map(traefik);
    let headers = ["up{job=\"carts\"}", "up{job=\"orders\"}", &routes[0], &routes[1], &routes[2], haproxy, envoy];
    assert_eq!(services(&headers)[2..5], ["carts", "carts", "orders"]);
    let peers: Vec<_> = of(&headers).into_iter().map(|place| place.peer.unwrap_or_default()).collect();
    assert_eq!(peers[2..], ["carts", "carts", "orders", "carts", "carts"]);
}

#[test]
fn releases_and_replicas_of_a_container_are_its_service() {
    let cpu = |container: &str, pod: &str| {
        format!("container_cpu_usage_seconds_total{{container=\"{container}\",job=\"kubelet\",pod=\"{pod}\"}}")
    };
    let of_pods = |pods: &[(&str, &str)]| {
        let headers: Vec<String> = pods.iter().map(|(container, pod)| cpu(container, pod)).collect();
        services(&headers.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let releases =
        [("carts", "carts-v1-7d9f8bcd54-bcdfg"), ("carts", "carts-v2-7d9f8bcd54-zx8kq"), ("orders", "orders-0")];
    assert_eq!(of_pods(&releases), ["carts", "carts", "orders"]);
    let servers = [("server", "carts-7d9f8bcd54-bcdfg"), ("server", "orders-7d9f8bcd54-zx8kq"), ("redis", "redis-0")];
    assert_eq!(of_pods(&servers), ["carts", "orders", "redis"]);
}

#[test]
fn how_requests_end_is_no_service() {
    let headers = ["carts_cpu", "failed_requests", "pending_tasks", "rejected_requests_total"].map(Name::parse);
    let places = Catalogue::default().places(&headers);
    let services: Vec<_> = places.iter().map(|place| place.service.as_deref()).collect();
    assert_eq!(services, [Some("carts"), None, None, None]);
}

#[test]
fn a_host_of_a_job_of_several_services_loses_the_number_of_its_replica() {
    let up = |instance: &str, job: &str| format!("up{{instance=\"{instance}\",job=\"{job}\"}}");
    let headers =
        [up("front-end-1:80", "shop"), up("front-end-2:80", "shop"), up("orders-1:80", "shop"), up("n:9100", "node")];
    assert_eq!(services(&headers.each_ref().map(String::as_str)), ["front-end", "front-end", "orders", "node"]);
}

#[test]
fn who_serves_an_interface_is_the_one_its_callers_wait_for() {
    let server = "grpc_server_handling_seconds_sum{grpc_service=\"shop.Seats\",job=\"seats\"}";
    let client = "grpc_client_handling_seconds_sum{grpc_service=\"shop.Seats\",job=\"web\"}";
    let peer = |headers: &[&str]| of(headers)[0].peer.clone();
    assert_eq!(peer(&[client, server]).as_deref(), Some("seats"));
    assert_eq!(peer(&[client]).as_deref(), Some("shop.Seats"), "nobody says who serves it");
    let other = "grpc_server_handling_seconds_sum{grpc_service=\"shop.Seats\",job=\"stalls\"}";
    assert_eq!(peer(&[client, server, other]).as_deref(), Some("shop.Seats"), "two serve it");
    let micrometer = "grpc_client_processing_duration_seconds_sum{job=\"web\",service=\"shop.Seats\"}";
    assert_eq!(peer(&[micrometer, server]).as_deref(), Some("seats"));
    let target = "grpc_client_processing_duration_seconds_sum{instance=\"web:80\",service=\"web\"}";
    assert_eq!(peer(&[target, server]), None, "the target's own label");
    let telemetry = "rpc_client_duration_milliseconds_sum{job=\"web\",rpc_service=\"shop.Seats\"}";
    let container = "rpc_server_duration_milliseconds_sum{container=\"shop-seats-1\",rpc_service=\"shop.Seats\"}";
    let others = ["up{container=\"shop-web-1\"}", "up{container=\"shop-carts-1\"}"];
    assert_eq!(peer(&[telemetry, container, others[0], others[1]]).as_deref(), Some("seats"));
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
    let selector = Selector::parse("{pid=~\"1.*\"}").unwrap();
    let catalogue = Catalogue::default().with_services(vec![(selector, "carts".to_string())]);
    let places = catalogue.places(&[Name::parse("cpu{job=\"x\",pid=\"12\"}"), Name::parse("cpu{job=\"x\",pid=\"2\"}")]);
    assert_eq!((places[0].service.as_deref(), places[0].from.as_str()), (Some("carts"), "services"));
    assert_eq!(places[1].service.as_deref(), Some("x"));
}

#[test]
fn an_exporter_speaks_of_the_one_it_is_about() {
    let redis = [
        "container_memory_rss{container_label_com_docker_compose_service=\"redis\",job=\"cadvisor\"}",
        "redis_connected_clients{instance=\"redis-exporter:9121\",job=\"redis-exporter\"}",
        "up{instance=\"redis-exporter:9121\",job=\"redis-exporter\"}",
        "process_cpu_seconds_total{instance=\"redis-exporter:9121\",job=\"redis-exporter\"}",
        "mysql_up{job=\"mysql-exporter\"}",
        "container_memory_rss{container_label_com_docker_compose_service=\"redis-exporter\",job=\"cadvisor\"}",
    ];
    let found = ["redis", "redis", "redis-exporter", "redis-exporter", "mysql-exporter", "redis-exporter"];
    assert_eq!(services(&redis), found);
    let kafka = ["kafka_consumergroup_lag{consumergroup=\"enrich\",job=\"kafka\"}", "up{job=\"enrich\"}"];
    assert_eq!(services(&kafka), ["enrich", "enrich"]);
}

#[test]
fn what_is_said_of_several_machines_is_each_one_s() {
    let series = [
        "node_load1{instance=\"carts:9100\",job=\"node\"}",
        "node_load1{instance=\"web-2:9100\",job=\"node\"}",
        "node_load1{instance=\"10.0.0.5:9100\",job=\"node\"}",
        "process_cpu_seconds_total{instance=\"carts:8080\",job=\"spring\"}",
        "process_cpu_seconds_total{instance=\"orders:8080\",job=\"spring\"}",
    ];
    assert_eq!(services(&series), ["carts", "web-2", "10.0.0.5", "carts", "orders"]);
    assert_eq!(services(&[series[0], "up{job=\"shop\"}"]), ["node", "shop"]);
    let local = ["node_load1{instance=\"localhost:9100\",job=\"node\"}", "up{job=\"shop\"}"];
    assert_eq!(services(&local), ["node", "shop"]);
}

#[test]
fn the_jobs_of_a_cron_job_are_one() {
    let jobs =
        ["28391040", "28391100"].map(|time| format!("kube_job_status_failed{{job=\"ksm\",job_name=\"sync-{time}\"}}"));
    assert_eq!(services(&[&jobs[0], &jobs[1], "up{job=\"api\"}"]), ["sync", "sync", "api"]);
}

#[test]
fn a_chart_s_name_in_pods_of_several_workloads_leaves_it_to_the_pod() {
    let series = |app: &str, pod: &str| {
        format!("up{{app_kubernetes_io_name=\"{app}\",job=\"pods\",pod=\"{pod}-5f7c9d8b4-bcd5f\"}}")
    };
    let shop = [series("microservice", "cart"), series("microservice", "catalog"), series("orders", "shop-orders")];
    assert_eq!(services(&shop.each_ref().map(String::as_str)), ["cart", "catalog", "shop-orders"]);
    let colours = [series("api", "api-blue"), series("api", "api-green"), series("orders", "orders")];
    assert_eq!(services(&colours.each_ref().map(String::as_str)), ["api", "api", "orders"]);
}

/// The services of series of Kubernetes, of which each line is `metric|label=value ...|service`.
fn in_kubernetes(lines: &str) {
    let (mut headers, mut expected) = (Vec::new(), Vec::new());
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let [metric, labels, service] = line.split('|').collect::<Vec<_>>().try_into().unwrap();
        let labels: Vec<String> =
            labels.split(' ').filter_map(|l| l.split_once('=')).map(|(l, v)| format!("{l}=\"{v}\"")).collect();
        headers.push(format!("{metric}{{{}}}", labels.join(",")));
        expected.push(service);
    }
    let found = services(&headers.iter().map(String::as_str).collect::<Vec<_>>());
    let found: Vec<String> = headers.iter().zip(found).map(|(header, service)| format!("{header} {service}")).collect();
    let expected: Vec<String> =
        headers.iter().zip(expected).map(|(header, service)| format!("{header} {service}")).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_pod_is_one_service_whatever_its_labels_call_it() {
    in_kubernetes(
        "container_cpu_usage_seconds_total|container=orders job=kubelet namespace=shop pod=shop-orders-7d9f8bcd54-bcdfg service=kps-kubelet|shop-orders
         container_network_receive_bytes_total|job=kubelet namespace=shop pod=shop-orders-7d9f8bcd54-bcdfg service=kps-kubelet|shop-orders
         container_cpu_usage_seconds_total|container=istio-proxy job=kubelet namespace=shop pod=shop-orders-7d9f8bcd54-bcdfg service=kps-kubelet|shop-orders
         kube_deployment_status_replicas|deployment=shop-orders job=ksm namespace=shop pod=ksm-5f6d9c7b8-x2k9p service=ksm|shop-orders
         kube_pod_status_ready|job=ksm namespace=shop pod=shop-orders-7d9f8bcd54-bcdfg service=ksm|shop-orders
         kube_horizontalpodautoscaler_status_current_replicas|horizontalpodautoscaler=keda-hpa-shop-orders job=ksm namespace=shop pod=ksm-5f6d9c7b8-x2k9p|shop-orders
         http_requests_total|job=orders-svc namespace=shop pod=shop-orders-7d9f8bcd54-bcdfg service=orders-svc|shop-orders
         nginx_ingress_controller_requests|exported_namespace=shop exported_service=orders-svc job=ingress namespace=ingress pod=ingress-5f6d9c7b8-x2k9p|shop-orders
         traces_spanmetrics_calls_total|job=otel namespace=obs pod=otel-5f6d9c7b8-x2k9p service_name=orders|shop-orders
         traces_spanmetrics_calls_total|job=otel namespace=obs pod=otel-5f6d9c7b8-x2k9p service_name=web|web
         otelcol_exporter_queue_size|job=otel namespace=obs pod=otel-5f6d9c7b8-x2k9p|otel
         container_cpu_usage_seconds_total|container=postgresql job=kubelet namespace=shop pod=shop-postgresql-0 service=kps-kubelet|shop-postgresql
         pg_stat_activity_count|container=metrics job=shop-postgresql-metrics namespace=shop pod=shop-postgresql-0 service=shop-postgresql-metrics|shop-postgresql
         kubelet_volume_stats_used_bytes|job=kubelet namespace=shop persistentvolumeclaim=data-shop-postgresql-0 service=kps-kubelet|shop-postgresql
         kubelet_volume_stats_used_bytes|job=kubelet namespace=shop persistentvolumeclaim=other service=kps-kubelet|kps-kubelet
         pg_up|job=pg-exporter namespace=obs pod=pg-exporter-7d9f8bcd54-x2k9p server=shop-postgresql:5432|shop-postgresql
         process_cpu_seconds_total|job=pg-exporter namespace=obs pod=pg-exporter-7d9f8bcd54-x2k9p|pg-exporter
         kube_deployment_status_replicas|deployment=shop-worker job=ksm namespace=shop|shop-worker
         node_load1|instance=10.0.0.1:9100 job=worker|worker",
    );
}

#[test]
fn releases_and_parts_are_of_one_service_where_it_is_known() {
    in_kubernetes(
        "container_memory_rss|container=reviews job=kubelet namespace=shop pod=reviews-v1-7d9f8bcd54-bcdfg|reviews
         container_memory_rss|container=reviews job=kubelet namespace=shop pod=reviews-v2-7d9f8bcd54-bcdfg|reviews
         istio_requests_total|destination_canonical_service=reviews destination_workload=reviews-v2 job=envoy namespace=shop pod=web-7d9f8bcd54-bcdfg|reviews
         istio_requests_total|destination_canonical_service=prices destination_workload=prices-v1 job=envoy namespace=shop pod=web-7d9f8bcd54-bcdfg|prices
         kube_deployment_status_replicas|deployment=api-blue job=ksm namespace=shop|api
         kube_deployment_status_replicas|deployment=api-green job=ksm namespace=shop|api
         kube_deployment_status_replicas|deployment=left-green job=ksm namespace=shop|left-green
         container_memory_rss|container=redis job=kubelet namespace=shop pod=cart-redis-master-0|cart-redis
         container_memory_rss|container=redis job=kubelet namespace=shop pod=cart-redis-replicas-0|cart-redis
         container_memory_rss|container=user-container job=kubelet namespace=shop pod=resize-00003-deployment-7d9f8bcd54-bcdfg|resize",
    );
}

#[test]
fn a_service_that_several_namespaces_have_is_told_by_its_namespace() {
    in_kubernetes(
        "container_memory_rss|container=api job=kubelet namespace=prod pod=cart-7d9f8bcd54-bcdfg|prod/cart
         container_memory_rss|container=api job=kubelet namespace=staging pod=cart-7d9f8bcd54-x2k9p|staging/cart
         container_memory_rss|container=db job=kubelet namespace=staging pod=cart-db-0|cart-db
         kube_deployment_status_replicas|deployment=cart exported_namespace=prod job=ksm namespace=obs pod=ksm-5f6d9c7b8-x2k9p|prod/cart
         kube_pod_status_ready|exported_namespace=staging job=ksm namespace=obs pod=cart-7d9f8bcd54-x2k9p|staging/cart
         kube_resourcequota|job=ksm namespace=prod pod=ksm-5f6d9c7b8-x2k9p|ksm
         traefik_service_requests_total|job=traefik namespace=kube-system pod=traefik-7d9f8bcd54-bcdfg service=prod-cart-80@kubernetes|prod/cart
         kong_http_requests_total|job=kong namespace=kong pod=kong-7d9f8bcd54-bcdfg service=staging.cart.80|staging/cart
         probe_duration_seconds|instance=http://cart.prod.svc.cluster.local/ job=blackbox|prod/cart
         traces_spanmetrics_calls_total|job=otel service_name=cart|cart",
    );
}

#[test]
fn what_runs_outside_kubernetes_is_not_called_as_its_containers_are() {
    in_kubernetes(
        "container_memory_rss|container=redis job=kubelet namespace=shop pod=cart-7d9f8bcd54-bcdfg service=kubelet|cart
         container_memory_rss|container=web job=kubelet namespace=shop pod=shop-web-7d9f8bcd54-bcdfg service=kubelet|shop-web
         container_memory_rss|container=mysql job=kubelet namespace=data pod=keycloak-mysql-0 service=kubelet|keycloak-mysql
         redis_connected_clients|instance=10.0.0.5:6379 job=redis|redis
         http_requests_total|instance=vm1:80 job=vms service=web|web
         traces_spanmetrics_calls_total|job=otel namespace=obs service_name=web|web
         cpu|container_label_com_docker_compose_service=mysql job=cadvisor|mysql
         kube_pod_status_ready|exported_job=ksm job=federate namespace=shop pod=cart-7d9f8bcd54-bcdfg|cart
         redis_up|addr=redis://localhost:6379 job=sidecars namespace=shop pod=cart-7d9f8bcd54-bcdfg|cart
         traces_spanmetrics_calls_total|job=gw namespace=shop pod=gw-7d9f8bcd54-bcdfg service_name=cart|cart",
    );
    in_kubernetes(
        "http_requests_total|job=carts pod=pod-1 service=carts|carts
         http_requests_total|job=orders pod=pod-1 service=orders|orders",
    );
    let rds = "db_client_operation_duration_seconds{db_system_name=\"mysql\",namespace=\"shop\",service_name=\"web\"}";
    let kept = "container_memory_rss{container=\"mysql\",namespace=\"data\",pod=\"keycloak-mysql-0\"}";
    assert_eq!(of(&[rds, kept])[0].peer.as_deref(), Some("mysql"));
}
