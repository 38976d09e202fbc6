//! The seven services: their routes and their data.

mod carts;
mod catalogue;
mod front_end;
mod orders;
mod payment;
mod shipping;
mod user;

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::Router;
use serde_json::Value;

use crate::app::Shared;
use crate::failure::Failure;
use crate::profile::Service;

pub(crate) type Answer = Result<Json<Value>, Failure>;

/// What the services keep; each process fills only its own part.
#[derive(Debug, Default)]
pub(crate) struct Store {
    carts: Mutex<carts::Carts>,
    orders: Mutex<orders::Orders>,
    users: Mutex<user::Users>,
    parcels: Mutex<u64>,
}

/// The routes of one service.
pub(crate) fn routes(service: Service) -> Router<Shared> {
    match service {
        Service::FrontEnd => front_end::routes(),
        Service::Catalogue => catalogue::routes(),
        Service::Carts => carts::routes(),
        Service::Orders => orders::routes(),
        Service::Payment => payment::routes(),
        Service::Shipping => shipping::routes(),
        Service::User => user::routes(),
    }
}

/// The data behind a lock. A handler that panicked cannot leave these maps half-changed, so poison is no reason to stop.
fn lock<T>(data: &Mutex<T>) -> MutexGuard<'_, T> {
    data.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A text field of a request's body, empty when it is not there.
fn text<'a>(body: &'a Value, field: &str) -> &'a str {
    body[field].as_str().unwrap_or_default()
}
