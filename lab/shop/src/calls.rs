//! Calls to the other services.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use crate::failure::Failure;
use crate::profile::Service;
use crate::traces::{self, Traces};

/// A client that knows where the other services are.
#[derive(Debug)]
pub(crate) struct Peers {
    client: Client,
    addresses: HashMap<Service, String>,
    traces: Arc<Traces>,
}

impl Peers {
    pub(crate) fn new(peers: Vec<(Service, String)>, timeout: Duration, traces: Arc<Traces>) -> Result<Peers, String> {
        let client =
            Client::builder().timeout(timeout).no_proxy().build().map_err(|e| format!("cannot make a client: {e}"))?;
        Ok(Peers { client, addresses: peers.into_iter().collect(), traces })
    }

    pub(crate) async fn get(&self, service: Service, path: &str) -> Result<Value, Failure> {
        self.call(Method::GET, service, path, None, None).await
    }

    pub(crate) async fn delete(&self, service: Service, path: &str) -> Result<Value, Failure> {
        self.call(Method::DELETE, service, path, None, None).await
    }

    pub(crate) async fn post(&self, service: Service, path: &str, body: &Value) -> Result<Value, Failure> {
        self.call(Method::POST, service, path, Some(body), None).await
    }

    /// A `GET` that hands on the customer's `Authorization` header.
    pub(crate) async fn get_as(&self, service: Service, path: &str, who: &str) -> Result<Value, Failure> {
        self.call(Method::GET, service, path, None, Some(who)).await
    }

    /// Makes a call and traces it.
    async fn call(
        &self,
        method: Method,
        service: Service,
        path: &str,
        body: Option<&Value>,
        who: Option<&str>,
    ) -> Result<Value, Failure> {
        let own = service.name();
        let address = self.addresses.get(&service).map_or(own, String::as_str);
        let mut headers = HeaderMap::new();
        let span = self.traces.send(method.to_string(), &mut headers);
        let mut request = self.client.request(method, format!("http://{address}{path}")).headers(headers);
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(who) = who {
            request = request.header("authorization", who);
        }
        let answer = answer(service, request).await;
        traces::end(&span, answer.is_err());
        answer
    }
}

/// Sends a request. Hands on the status of a failed call; one without an answer is 504 after the timeout, else 502.
async fn answer(service: Service, request: RequestBuilder) -> Result<Value, Failure> {
    let response = request.send().await.map_err(|e| unanswered(service, &e))?;
    let status = response.status();
    if !status.is_success() {
        return Err(Failure::new(status, format!("{service} answered {status}")));
    }
    let bytes = response.bytes().await.map_err(|e| unanswered(service, &e))?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&bytes).map_err(|e| Failure::internal(&format!("{service}: {e}")))
}

fn unanswered(service: Service, error: &reqwest::Error) -> Failure {
    let status = if error.is_timeout() { StatusCode::GATEWAY_TIMEOUT } else { StatusCode::BAD_GATEWAY };
    Failure::new(status, format!("{service} did not answer: {error}"))
}
