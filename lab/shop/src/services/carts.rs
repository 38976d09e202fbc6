//! The carts, one a customer, kept in memory.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::app::Shared;
use crate::services::{Answer, lock, text};

/// The items of each customer's cart.
pub(crate) type Carts = HashMap<String, Vec<Value>>;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/carts/{customer}", get(show).delete(empty))
        .route("/carts/{customer}/merge", get(merge))
        .route("/carts/{customer}/items", get(items).post(add))
        .route("/carts/{customer}/items/{item}", delete(remove))
}

async fn show(State(app): State<Shared>, Path(customer): Path<String>) -> Answer {
    let items = lock(&app.store.carts).get(&customer).cloned().unwrap_or_default();
    Ok(Json(json!({ "customerId": customer, "items": items })))
}

async fn empty(State(app): State<Shared>, Path(customer): Path<String>) -> StatusCode {
    lock(&app.store.carts).remove(&customer);
    StatusCode::ACCEPTED
}

/// The Sock Shop merges a visitor's cart into the customer's at login. Ours has no visitors' carts.
async fn merge(State(app): State<Shared>, Path(customer): Path<String>) -> StatusCode {
    lock(&app.store.carts).entry(customer).or_default();
    StatusCode::ACCEPTED
}

async fn items(State(app): State<Shared>, Path(customer): Path<String>) -> Answer {
    let items = lock(&app.store.carts).get(&customer).cloned().unwrap_or_default();
    Ok(Json(Value::Array(items)))
}

async fn add(
    State(app): State<Shared>,
    Path(customer): Path<String>,
    Json(item): Json<Value>,
) -> (StatusCode, Json<Value>) {
    lock(&app.store.carts).entry(customer).or_default().push(item.clone());
    (StatusCode::CREATED, Json(item))
}

async fn remove(State(app): State<Shared>, Path((customer, item)): Path<(String, String)>) -> StatusCode {
    if let Some(items) = lock(&app.store.carts).get_mut(&customer) {
        items.retain(|i| text(i, "itemId") != item);
    }
    StatusCode::ACCEPTED
}
