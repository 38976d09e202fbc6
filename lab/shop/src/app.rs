//! What the handlers of a service share, and how its router is put together.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

use crate::args::Args;
use crate::calls::Peers;
use crate::metrics::{self, Metrics};
use crate::services;
use crate::services::Store;
use crate::station::Station;
use crate::traces::Traces;

/// One service: its workers, its metrics, its data, and the way to the others.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) station: Station,
    pub(crate) metrics: Metrics,
    pub(crate) peers: Peers,
    pub(crate) traces: Arc<Traces>,
    pub(crate) store: Store,
}

pub(crate) type Shared = Arc<App>;

/// The service's routes, each behind the station, and `/health` and `/metrics`, which answer at any load.
pub(crate) fn router(args: Args) -> Result<Router, String> {
    let profile = args.profile();
    if profile.workers == 0 {
        return Err("needs at least one worker".to_owned());
    }
    let station = Station::new(profile, args.queue, Duration::from_millis(args.patience_ms));
    let traces = Arc::new(Traces::open(args.service, args.spans.as_deref())?);
    let app = Arc::new(App {
        metrics: Metrics::new(args.service, &station, profile.workers),
        station,
        peers: Peers::new(args.peers, Duration::from_millis(args.timeout_ms), traces.clone())?,
        traces,
        store: Store::default(),
    });
    Ok(services::routes(args.service)
        .route_layer(from_fn_with_state(app.clone(), metrics::measure))
        .route("/health", get(async || "OK"))
        .route("/metrics", get(metrics::page))
        .with_state(app))
}
