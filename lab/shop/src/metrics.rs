//! The page of metrics, and the measuring of every request.

use std::fmt;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use opentelemetry::trace::FutureExt as _;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::app::Shared;
use crate::failure::Failure;
use crate::process::Process;
use crate::profile::Service;
use crate::station::Station;
use crate::traces;

/// The buckets of the Go client library, which the Sock Shop's services use.
const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: String,
    route: String,
    status_code: u16,
}

type Durations = Family<Labels, Histogram, fn() -> Histogram>;

/// What a service tells Prometheus.
pub(crate) struct Metrics {
    registry: Registry,
    durations: Durations,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Every series bears the label `service`.
    pub(crate) fn new(service: Service, station: &Station, workers: usize) -> Metrics {
        let label = ("service".into(), service.name().into());
        let mut registry = Registry::with_labels([label].into_iter());
        let durations = Durations::new_with_constructor(|| Histogram::new(BUCKETS));
        let limit: Gauge = Gauge::default();
        limit.set(i64::try_from(workers).unwrap_or(i64::MAX));
        registry.register("request_duration_seconds", "Time from a request's arrival to its answer", durations.clone());
        registry.register("workers_busy", "Workers at work", station.busy.clone());
        registry.register("workers_limit", "Workers there are", limit);
        registry.register("queue_length", "Requests that wait for a worker", station.queued.clone());
        registry.register_collector(Box::new(Process));
        Metrics { registry, durations }
    }
}

/// Answers `GET /metrics`.
pub(crate) async fn page(State(app): State<Shared>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &app.metrics.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(CONTENT_TYPE, kind)], text).into_response()
        }
        Err(e) => Failure::internal(&e.to_string()).into_response(),
    }
}

/// Takes the request through the station, then to its handler; measures and traces both together.
pub(crate) async fn measure(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().to_string();
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "unknown".to_owned(), |path| path.as_str().to_owned());
    let span = app.traces.receive(format!("{method} {route}"), request.headers());
    let response = match app.station.work().await {
        Ok(()) => next.run(request).with_context(span.clone()).await,
        Err(failure) => failure.into_response(),
    };
    traces::end(&span, response.status().is_server_error());
    let labels = Labels { method, route, status_code: response.status().as_u16() };
    let seconds = start.elapsed().as_secs_f64();
    app.metrics.durations.get_or_create(&labels).observe(seconds);
    response
}
