//! The socks on sale: nine of them, always the same.

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::app::Shared;
use crate::failure::Failure;
use crate::services::Answer;

/// Name, price, tag. The id of a sock is its place in the list, from 1.
const SOCKS: [(&str, f64, &str); 9] = [
    ("Plain", 5.0, "grey"),
    ("Ribbed", 7.5, "grey"),
    ("Wool", 14.0, "warm"),
    ("Knee-high", 12.0, "warm"),
    ("Ankle", 6.0, "sport"),
    ("Runner", 9.5, "sport"),
    ("Dotted", 8.0, "colour"),
    ("Striped", 8.5, "colour"),
    ("Odd pair", 4.0, "colour"),
];

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/catalogue", get(async || Json(Value::Array((1..=SOCKS.len()).filter_map(sock).collect()))))
        .route("/catalogue/size", get(async || Json(json!({ "size": SOCKS.len() }))))
        .route("/catalogue/{id}", get(one))
        .route("/tags", get(async || Json(json!({ "tags": ["grey", "warm", "sport", "colour"] }))))
}

async fn one(Path(id): Path<usize>) -> Answer {
    sock(id).map(Json).ok_or_else(|| Failure::missing("sock"))
}

fn sock(id: usize) -> Option<Value> {
    let (name, price, tag) = SOCKS.get(id.checked_sub(1)?)?;
    Some(json!({ "id": id.to_string(), "name": name, "price": price, "tag": [tag], "count": 100 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn socks_are_numbered_from_one() {
        assert_eq!(sock(1).map(|s| s["name"].clone()), Some(json!("Plain")));
        assert_eq!(sock(9).map(|s| s["id"].clone()), Some(json!("9")));
        assert_eq!((sock(0), sock(10)), (None, None));
    }
}
