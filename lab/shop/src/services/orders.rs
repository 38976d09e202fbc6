//! Placing orders: asks user and carts, has payment take the money, hands the parcel to shipping, and keeps the order.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::app::Shared;
use crate::failure::Failure;
use crate::profile::Service;
use crate::services::{Answer, lock, text};

/// The newest orders of each customer, oldest first.
pub(crate) type Orders = HashMap<String, Vec<Value>>;

/// How many orders of a customer are kept.
const KEPT: usize = 10;
const SHIPPING_COST: f64 = 4.99;

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/orders", post(place)).route("/orders/search/customerId", get(of_customer))
}

async fn place(State(app): State<Shared>, Json(body): Json<Value>) -> Result<(StatusCode, Json<Value>), Failure> {
    let customer = text(&body, "customer").to_owned();
    let peers = &app.peers;
    let (address, card, items) = (
        format!("/customers/{customer}/addresses"),
        format!("/customers/{customer}/cards"),
        format!("/carts/{customer}/items"),
    );
    let (address, card, items) = tokio::try_join!(
        peers.get(Service::User, &address),
        peers.get(Service::User, &card),
        peers.get(Service::Carts, &items),
    )?;
    let amount = total(&items) + SHIPPING_COST;
    let payment = json!({ "customer": customer, "card": card, "amount": amount });
    let paid = peers.post(Service::Payment, "/paymentAuth", &payment).await?;
    if paid["authorised"] != json!(true) {
        return Err(Failure::new(StatusCode::NOT_ACCEPTABLE, "payment declined"));
    }
    let parcel = peers.post(Service::Shipping, "/shipping", &json!({ "name": customer })).await?;
    let order = json!({
        "customerId": customer, "address": address, "items": items, "total": amount, "shipment": parcel,
    });
    let mut orders = lock(&app.store.orders);
    let own = orders.entry(customer).or_default();
    if own.len() == KEPT {
        own.remove(0);
    }
    own.push(order.clone());
    Ok((StatusCode::CREATED, Json(order)))
}

async fn of_customer(State(app): State<Shared>, Query(query): Query<HashMap<String, String>>) -> Answer {
    let customer = query.get("custId").map_or("", String::as_str);
    let orders = lock(&app.store.orders).get(customer).cloned().unwrap_or_default();
    Ok(Json(Value::Array(orders)))
}

fn total(items: &Value) -> f64 {
    let price = |item: &Value| {
        let quantity = item["quantity"].as_f64().unwrap_or(1.0);
        quantity * item["unitPrice"].as_f64().unwrap_or(0.0)
    };
    items.as_array().map_or(0.0, |all| all.iter().map(price).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_counts_quantities() {
        let items = json!([{ "unitPrice": 5.0, "quantity": 2 }, { "unitPrice": 1.5 }]);
        assert_eq!(total(&items), 11.5);
        assert_eq!(total(&Value::Null), 0.0);
    }
}
