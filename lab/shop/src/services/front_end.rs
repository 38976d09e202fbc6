//! The only service that customers see. It keeps nothing but asks the others; a cookie tells who is logged in.

use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::app::Shared;
use crate::failure::Failure;
use crate::profile::Service;
use crate::services::{Answer, text};

pub(crate) fn routes() -> Router<Shared> {
    let page = get(async || Html("<!doctype html><title>Socks</title><h1>Socks</h1>"));
    Router::new()
        .route("/", page.clone())
        .route("/index.html", page.clone())
        .route("/category.html", page.clone())
        .route("/detail.html", page.clone())
        .route("/basket.html", page)
        .route("/catalogue", get(async |State(app): State<Shared>| fetch(&app, "/catalogue").await))
        .route("/catalogue/size", get(async |State(app): State<Shared>| fetch(&app, "/catalogue/size").await))
        .route("/catalogue/{id}", get(sock))
        .route("/tags", get(async |State(app): State<Shared>| fetch(&app, "/tags").await))
        .route("/register", post(register))
        .route("/login", get(login))
        .route("/addresses", post(add_address))
        .route("/cards", post(add_card))
        .route("/cart", get(cart).post(add_to_cart).delete(empty_cart))
        .route("/cart/{id}", delete(remove_from_cart))
        .route("/orders", get(orders).post(order))
}

async fn fetch(app: &Shared, path: &str) -> Answer {
    app.peers.get(Service::Catalogue, path).await.map(Json)
}

async fn sock(State(app): State<Shared>, Path(id): Path<String>) -> Answer {
    fetch(&app, &format!("/catalogue/{id}")).await
}

async fn register(State(app): State<Shared>, Json(body): Json<Value>) -> Result<Response, Failure> {
    let answer = app.peers.post(Service::User, "/register", &body).await?;
    Ok(logged_in(text(&answer, "id")))
}

async fn login(State(app): State<Shared>, headers: HeaderMap) -> Result<Response, Failure> {
    let who = headers.get("authorization").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let answer = app.peers.get_as(Service::User, "/login", who).await?;
    let id = text(&answer["user"], "id");
    app.peers.get(Service::Carts, &format!("/carts/{id}/merge")).await?;
    Ok(logged_in(id))
}

async fn add_address(State(app): State<Shared>, headers: HeaderMap, Json(body): Json<Value>) -> Answer {
    let path = format!("/customers/{}/addresses", customer(&headers)?);
    app.peers.post(Service::User, &path, &body).await.map(Json)
}

async fn add_card(State(app): State<Shared>, headers: HeaderMap, Json(body): Json<Value>) -> Answer {
    let path = format!("/customers/{}/cards", customer(&headers)?);
    app.peers.post(Service::User, &path, &body).await.map(Json)
}

async fn cart(State(app): State<Shared>, headers: HeaderMap) -> Answer {
    let path = format!("/carts/{}/items", customer(&headers)?);
    app.peers.get(Service::Carts, &path).await.map(Json)
}

/// Asks the catalogue for the price, then puts the sock into the cart.
async fn add_to_cart(
    State(app): State<Shared>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<StatusCode, Failure> {
    let (customer, id) = (customer(&headers)?, text(&body, "id"));
    let sock = app.peers.get(Service::Catalogue, &format!("/catalogue/{id}")).await?;
    let quantity = body["quantity"].as_u64().unwrap_or(1);
    let item = json!({ "itemId": id, "quantity": quantity, "unitPrice": sock["price"] });
    app.peers.post(Service::Carts, &format!("/carts/{customer}/items"), &item).await?;
    Ok(StatusCode::CREATED)
}

async fn empty_cart(State(app): State<Shared>, headers: HeaderMap) -> Result<StatusCode, Failure> {
    let path = format!("/carts/{}", customer(&headers)?);
    app.peers.delete(Service::Carts, &path).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn remove_from_cart(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    let path = format!("/carts/{}/items/{id}", customer(&headers)?);
    app.peers.delete(Service::Carts, &path).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Makes sure that the customer exists, then leaves the rest to orders.
async fn order(State(app): State<Shared>, headers: HeaderMap) -> Result<(StatusCode, Json<Value>), Failure> {
    let customer = customer(&headers)?;
    app.peers.get(Service::User, &format!("/customers/{customer}")).await?;
    let placed = app.peers.post(Service::Orders, "/orders", &json!({ "customer": customer })).await?;
    Ok((StatusCode::CREATED, Json(placed)))
}

async fn orders(State(app): State<Shared>, headers: HeaderMap) -> Answer {
    let path = format!("/orders/search/customerId?custId={}", customer(&headers)?);
    app.peers.get(Service::Orders, &path).await.map(Json)
}

fn logged_in(id: &str) -> Response {
    let cookie = format!("logged_in={id}; Path=/");
    ([(SET_COOKIE, cookie)], Json(json!({ "id": id }))).into_response()
}

/// The customer of the cookie `logged_in`.
fn customer(headers: &HeaderMap) -> Result<String, Failure> {
    let cookies = headers.get("cookie").and_then(|v| v.to_str().ok()).unwrap_or_default();
    cookies
        .split(';')
        .find_map(|cookie| cookie.trim().strip_prefix("logged_in="))
        .filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'))
        .map(str::to_owned)
        .ok_or_else(|| Failure::refused("log in first"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_names_the_customer() {
        let mut headers = HeaderMap::new();
        assert!(customer(&headers).is_err());
        headers.insert("cookie", "a=b; logged_in=kim-7".parse().unwrap());
        assert_eq!(customer(&headers).ok(), Some("kim-7".to_owned()));
        headers.insert("cookie", "logged_in=../x".parse().unwrap());
        assert!(customer(&headers).is_err());
    }
}
