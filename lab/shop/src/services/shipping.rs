//! Shipping: numbers the parcels.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::app::Shared;
use crate::services::lock;

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/shipping", get(count).post(send))
}

async fn count(State(app): State<Shared>) -> Json<Value> {
    Json(json!({ "sent": *lock(&app.store.parcels) }))
}

async fn send(State(app): State<Shared>, Json(parcel): Json<Value>) -> (StatusCode, Json<Value>) {
    let mut parcels = lock(&app.store.parcels);
    *parcels += 1;
    (StatusCode::CREATED, Json(json!({ "id": parcels.to_string(), "name": parcel["name"] })))
}
