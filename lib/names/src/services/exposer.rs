//! What the names of metrics say of the one that exposes them.

use crate::text::rules::Rules;
use crate::text::table::rows;
use crate::text::tokens::Vocabulary;

/// What the one is that exposes a metric, where the metric's name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposer {
    /// A database or a cache: it answers, and asks nobody.
    Store,
    /// What services run on.
    Machine,
}

/// The table of exposers.
pub(crate) fn built_in(vocabulary: &mut Vocabulary) -> Rules<Exposer> {
    let row = |[pattern, what]: [String; 2]| match what.as_str() {
        "store" => Some((pattern, String::new(), Exposer::Store)),
        "machine" => Some((pattern, String::new(), Exposer::Machine)),
        _ => None,
    };
    Rules::new(
        rows(include_str!("../../tables/exposers.csv"), ["pattern", "what"]).into_iter().filter_map(row).collect(),
        vocabulary,
    )
}

#[cfg(test)]
mod tests {
    use crate::{Catalogue, Exposer, Name};

    #[test]
    fn a_server_is_told_from_its_clients_poolers_and_brokers() {
        let of = |name: &str| Catalogue::default().read(&Name::parse(name)).exposer;
        for store in [
            "pg_stat_activity_count{datname=\"shop\"}",
            "mysql_global_status_threads_running{instance=\"db:9104\"}",
            "redis_connected_clients{job=\"redis\"}",
            "mongodb_ss_connections{conn_type=\"current\"}",
            "ClickHouseMetrics_Query{job=\"clickhouse\"}",
            "etcd_server_has_leader{job=\"etcd\"}",
            "collectd_openldap_derive_total{type=\"operations-completed\"}",
            "zk_avg_latency{instance=\"zk:9141\"}",
            "minio_s3_requests_waiting_total{server=\"m:9000\"}",
            "aws_rds_cpuutilization_average{dimension_DBInstanceIdentifier=\"shop\"}",
        ] {
            assert_eq!(of(store), Some(Exposer::Store), "{store}");
        }
        for machine in ["node_load1{instance=\"host:9100\"}", "windows_cpu_time_total{core=\"0,0\",mode=\"idle\"}"] {
            assert_eq!(of(machine), Some(Exposer::Machine), "{machine}");
        }
        for other in [
            "mongodb_driver_pool_size{job=\"orders\"}",
            "redis_pool_hits_total{job=\"orders\"}",
            "go_sql_in_use_connections{db_name=\"shop\"}",
            "hikaricp_connections_pending{pool=\"shop\"}",
            "pgbouncer_pools_client_waiting_connections{database=\"shop\"}",
            "rabbitmq_queue_messages_ready{queue=\"orders\"}",
            "nodejs_eventloop_lag_seconds{job=\"front-end\"}",
            "carts-db_cpu",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
