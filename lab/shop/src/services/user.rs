//! The customers: registration, login, addresses and cards, kept in memory.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::failure::Failure;
use crate::services::{Answer, lock, text};

/// A customer by user name, which is the customer's id as well.
pub(crate) type Users = HashMap<String, Customer>;

#[derive(Debug, Default)]
pub(crate) struct Customer {
    password: String,
    addresses: Vec<Value>,
    cards: Vec<Value>,
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/login", get(login))
        .route("/register", post(register))
        .route("/customers/{id}", get(customer))
        .route("/customers/{id}/addresses", get(addresses).post(add_address))
        .route("/customers/{id}/cards", get(cards).post(add_card))
}

async fn register(State(app): State<Shared>, Json(body): Json<Value>) -> Answer {
    let (name, password) = (text(&body, "username"), text(&body, "password"));
    if name.is_empty() {
        return Err(Failure::new(StatusCode::BAD_REQUEST, "a customer needs a name"));
    }
    let mut users = lock(&app.store.users);
    if users.contains_key(name) {
        return Err(Failure::new(StatusCode::CONFLICT, "this name is taken"));
    }
    users.insert(name.to_owned(), Customer { password: password.to_owned(), ..Customer::default() });
    Ok(Json(json!({ "id": name })))
}

async fn login(State(app): State<Shared>, headers: HeaderMap) -> Answer {
    let (name, password) =
        credentials(&headers).ok_or_else(|| Failure::refused("log in with a name and a password"))?;
    match lock(&app.store.users).get(&name) {
        Some(customer) if customer.password == password => Ok(Json(json!({ "user": { "id": name } }))),
        _ => Err(Failure::refused("wrong name or password")),
    }
}

async fn customer(State(app): State<Shared>, Path(id): Path<String>) -> Answer {
    with(&app, &id, |_| json!({ "id": id, "username": id }))
}

async fn addresses(State(app): State<Shared>, Path(id): Path<String>) -> Answer {
    with(&app, &id, |customer| Value::Array(customer.addresses.clone()))
}

async fn cards(State(app): State<Shared>, Path(id): Path<String>) -> Answer {
    with(&app, &id, |customer| Value::Array(customer.cards.clone()))
}

async fn add_address(State(app): State<Shared>, Path(id): Path<String>, Json(address): Json<Value>) -> Answer {
    with(&app, &id, |customer| {
        customer.addresses = vec![address];
        json!({ "id": id })
    })
}

async fn add_card(State(app): State<Shared>, Path(id): Path<String>, Json(card): Json<Value>) -> Answer {
    with(&app, &id, |customer| {
        customer.cards = vec![card];
        json!({ "id": id })
    })
}

fn with(app: &Shared, id: &str, change: impl FnOnce(&mut Customer) -> Value) -> Answer {
    let mut users = lock(&app.store.users);
    let customer = users.get_mut(id).ok_or_else(|| Failure::missing("customer"))?;
    Ok(Json(change(customer)))
}

/// Name and password of a header `Authorization: Basic base64(name:password)`.
fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let header = headers.get("authorization")?.to_str().ok()?;
    let bytes = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let pair = String::from_utf8(bytes).ok()?;
    let (name, password) = pair.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_a_name_and_a_password() {
        let mut headers = HeaderMap::new();
        assert_eq!(credentials(&headers), None);
        headers.insert("authorization", "Basic YTpiOmM=".parse().unwrap());
        assert_eq!(credentials(&headers), Some(("a".to_owned(), "b:c".to_owned())));
        headers.insert("authorization", "Basic !".parse().unwrap());
        assert_eq!(credentials(&headers), None);
    }
}
