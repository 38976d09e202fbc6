//! Payment: declines what is dear, as the Sock Shop's does.

use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::app::Shared;

/// Amounts above this are declined.
const LIMIT: f64 = 105.0;

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/paymentAuth", post(authorise))
}

async fn authorise(Json(body): Json<Value>) -> Json<Value> {
    let amount = body["amount"].as_f64().unwrap_or(f64::INFINITY);
    Json(json!({ "authorised": amount <= LIMIT }))
}
