//! The seven services together: one customer's journey, the metrics it leaves, overload, and an orderly end.

#![allow(clippy::unwrap_used)] // the functions between the tests

use std::net::TcpListener;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

const SERVICES: [&str; 7] = ["front-end", "catalogue", "carts", "orders", "payment", "shipping", "user"];

struct Shop {
    services: Vec<(Child, u16)>,
    client: Client,
    customer: String,
}

impl Shop {
    /// Starts all services; `extra` are further arguments of carts.
    async fn open(extra: &[&str]) -> Shop {
        for _ in 0..10 {
            if let Some(shop) = Shop::try_open(extra).await {
                return shop;
            }
        }
        panic!("the shop did not start");
    }

    /// The same, once: another program may take a port before its service does.
    async fn try_open(extra: &[&str]) -> Option<Shop> {
        let held: Vec<TcpListener> = SERVICES.iter().map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let ports: Vec<u16> = held.iter().map(|listener| listener.local_addr().unwrap().port()).collect();
        drop(held);
        let start = |(service, port): (&&str, &u16)| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
            command.args(["--service", service, "--port", &port.to_string(), "--resident-mb", "1"]);
            for (peer, port) in SERVICES.iter().zip(&ports) {
                command.args(["--peers", &format!("{peer}=127.0.0.1:{port}")]);
            }
            if *service == "carts" {
                command.args(extra);
            }
            (command.spawn().unwrap(), *port)
        };
        let services = SERVICES.iter().zip(&ports).map(start).collect();
        let client = Client::builder().no_proxy().build().unwrap();
        let mut shop = Shop { services, client, customer: String::new() };
        for service in SERVICES {
            while shop.client.get(shop.url(service, "/health")).send().await.is_err() {
                if shop.has_ended() {
                    return None;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        (!shop.has_ended()).then_some(shop)
    }

    /// True when one of the services has ended.
    fn has_ended(&mut self) -> bool {
        self.services.iter_mut().any(|(service, _)| service.try_wait().unwrap().is_some())
    }

    fn url(&self, service: &str, path: &str) -> String {
        let at = SERVICES.iter().position(|s| *s == service).unwrap();
        format!("http://127.0.0.1:{}{path}", self.services[at].1)
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let request = self.client.request(method, self.url("front-end", path));
        let cookie = format!("logged_in={}", self.customer);
        let answer = request.header("cookie", cookie).json(&body).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    async fn register(&mut self, name: &str) {
        let body = json!({ "username": name, "password": "socks" });
        assert_eq!(self.ask(Method::POST, "/register", body).await.0, StatusCode::OK);
        self.customer = name.to_owned();
    }

    async fn metrics(&self, service: &str) -> String {
        self.client.get(self.url(service, "/metrics")).send().await.unwrap().text().await.unwrap()
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        for (child, _) in &mut self.services {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[tokio::test]
async fn a_customer_buys_socks() {
    let mut shop = Shop::open(&[]).await;
    assert_eq!(shop.ask(Method::GET, "/cart", Value::Null).await.0, StatusCode::UNAUTHORIZED);
    shop.register("kim").await;
    let sock = json!({ "id": "3", "quantity": 2 });
    assert_eq!(shop.ask(Method::POST, "/cart", sock).await.0, StatusCode::CREATED);
    let (_, cart) = shop.ask(Method::GET, "/cart", Value::Null).await;
    assert_eq!(cart, json!([{ "itemId": "3", "quantity": 2, "unitPrice": 14.0 }]));
    let (status, order) = shop.ask(Method::POST, "/orders", json!({})).await;
    assert_eq!((status, &order["total"]), (StatusCode::CREATED, &json!(32.99)));
    let (_, orders) = shop.ask(Method::GET, "/orders", Value::Null).await;
    assert_eq!(orders, json!([order]));
    let dear = json!({ "id": "3", "quantity": 20 });
    shop.ask(Method::POST, "/cart", dear).await;
    assert_eq!(shop.ask(Method::POST, "/orders", json!({})).await.0, StatusCode::NOT_ACCEPTABLE);
    assert_eq!(shop.ask(Method::GET, "/catalogue/99", Value::Null).await.0, StatusCode::NOT_FOUND);

    let page = shop.metrics("carts").await;
    let added = r#"request_duration_seconds_count{service="carts",method="POST",route="/carts/{customer}/items",status_code="201"} 2"#;
    assert!(page.contains(added), "{page}");
    for name in ["workers_busy", "workers_limit", "queue_length", "process_cpu_seconds_total", "process_threads"] {
        assert!(page.contains(&format!("\n{name}{{service=\"carts\"}} ")), "{name} in {page}");
    }
}

#[tokio::test]
async fn too_many_requests_are_refused_and_metrics_still_answer() {
    let mut shop = Shop::open(&["--workers", "1", "--wait-us", "300000", "--queue", "2"]).await;
    shop.register("kim").await;
    let carts = || async { shop.ask(Method::GET, "/cart", Value::Null).await.0 };
    let asked = async { tokio::join!(carts(), carts(), carts(), carts(), carts(), carts()) };
    let looked = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        shop.metrics("carts").await
    };
    let (answers, page) = tokio::join!(asked, looked);
    let answers = [answers.0, answers.1, answers.2, answers.3, answers.4, answers.5];
    let refused = answers.iter().filter(|status| **status == StatusCode::SERVICE_UNAVAILABLE).count();
    assert_eq!(refused, 3, "one is worked on, two wait: {answers:?}");
    assert!(page.contains("\nqueue_length{service=\"carts\"} 2\n"), "{page}");
    assert!(page.contains("\nworkers_busy{service=\"carts\"} 1\n"), "{page}");
}

#[tokio::test]
async fn a_service_ends_when_it_is_told_to() {
    let mut shop = Shop::open(&[]).await;
    for (child, _) in &mut shop.services {
        let told = Command::new("kill").arg(child.id().to_string()).status().unwrap();
        assert!(told.success());
    }
    let begun = Instant::now();
    for (child, _) in &mut shop.services {
        assert!(child.wait().unwrap().success());
    }
    assert!(begun.elapsed() < Duration::from_secs(5));
}
