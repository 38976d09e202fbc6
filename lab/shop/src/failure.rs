//! What a request is answered when it cannot be served.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A status and a reason.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    reason: String,
}

impl Failure {
    pub(crate) fn new(status: StatusCode, reason: impl Into<String>) -> Failure {
        Failure { status, reason: reason.into() }
    }

    pub(crate) fn busy(reason: &str) -> Failure {
        Failure::new(StatusCode::SERVICE_UNAVAILABLE, reason)
    }

    pub(crate) fn internal(reason: &str) -> Failure {
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, reason)
    }

    pub(crate) fn missing(what: &str) -> Failure {
        Failure::new(StatusCode::NOT_FOUND, format!("no such {what}"))
    }

    pub(crate) fn refused(reason: &str) -> Failure {
        Failure::new(StatusCode::UNAUTHORIZED, reason)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.reason }))).into_response()
    }
}
