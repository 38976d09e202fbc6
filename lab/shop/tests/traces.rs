//! A delay of the network between two services, and the call that shows it.

#![allow(clippy::unwrap_used)] // the functions between the tests

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::json;
use spans::{Noted, OpenTraces, Services, examine, read};

const SERVICES: [&str; 3] = ["front-end", "catalogue", "user"];
const REQUESTS: usize = 20;
/// On the way there and, as much again, on the way back.
const DELAY: Duration = Duration::from_millis(40);

struct Shop(Vec<Child>);

impl Shop {
    /// True when one of the services has ended.
    fn has_ended(&mut self) -> bool {
        self.0.iter_mut().any(|service| service.try_wait().unwrap().is_some())
    }

    /// Waits until all services answer; false when one has ended, for another program took its port first.
    async fn is_up(&mut self, ports: &[u16], client: &Client) -> bool {
        for port in ports {
            while client.get(format!("http://127.0.0.1:{port}/health")).send().await.is_err() {
                if self.has_ended() {
                    return false;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        !self.has_ended()
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Starts the services, `user` behind a slow network: their ports and their files of spans as well.
fn open(folder: &std::path::Path) -> (Vec<u16>, Shop, Vec<PathBuf>) {
    let held: Vec<TcpListener> = SERVICES.iter().map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let ports: Vec<u16> = held.iter().map(|listener| listener.local_addr().unwrap().port()).collect();
    drop(held);
    let way = slow_way(ports[2]);
    let files: Vec<PathBuf> = SERVICES.iter().map(|service| folder.join(format!("{service}.jsonl"))).collect();
    let start = |at: usize| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
        command.args(["--service", SERVICES[at], "--port", &ports[at].to_string(), "--resident-mb", "1"]);
        command.args(["--peers", &format!("catalogue=127.0.0.1:{}", ports[1]), "--peers", &format!("user={way}")]);
        command.arg("--spans").arg(&files[at]).spawn().unwrap()
    };
    let shop = Shop((0..SERVICES.len()).map(start).collect());
    (ports, shop, files)
}

/// A network that holds every packet back for a while: gives its address.
fn slow_way(to: u16) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for near in listener.incoming().flatten() {
            let far = TcpStream::connect(("127.0.0.1", to)).unwrap();
            let (near_too, far_too) = (near.try_clone().unwrap(), far.try_clone().unwrap());
            thread::spawn(move || pass(near, far));
            thread::spawn(move || pass(far_too, near_too));
        }
    });
    address
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    let mut packet = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut packet) {
        thread::sleep(DELAY);
        if to.write_all(&packet[..length]).is_err() {
            break;
        }
    }
}

/// The gaps of the calls from one service to another, in seconds.
fn gaps(files: &[PathBuf]) -> HashMap<(String, String), Vec<f64>> {
    let (mut services, mut noted, mut spans) = (Services::default(), Noted::default(), Vec::new());
    for file in files {
        for line in std::fs::read_to_string(file).unwrap().lines() {
            read(line.as_bytes(), &mut services, &mut noted, &mut spans).unwrap();
        }
    }
    let mut open = OpenTraces::new(u64::MAX);
    spans.into_iter().for_each(|span| open.add(span, &mut noted));
    let mut gaps: HashMap<_, Vec<f64>> = HashMap::new();
    while let Some(mut trace) = open.close() {
        for call in examine(&mut trace, &mut noted).calls {
            let (Some(caller), Some(gap)) = (call.caller, call.gap_ns) else { continue };
            let edge = (services.name(caller).to_string(), services.name(call.callee).to_string());
            gaps.entry(edge).or_default().push(gap as f64 / 1e9);
        }
    }
    assert_eq!(noted, Noted::default());
    gaps
}

#[tokio::test]
async fn a_slow_network_shows_in_the_gap_of_its_calls_alone() {
    let folder = std::env::temp_dir().join(format!("strain-shop-traces-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let client = Client::builder().no_proxy().build().unwrap();
    let (mut ports, mut shop, mut files) = open(&folder);
    for _ in 0..10 {
        if shop.is_up(&ports, &client).await {
            break;
        }
        (ports, shop, files) = open(&folder);
    }
    let front_end = format!("http://127.0.0.1:{}", ports[0]);
    for at in 0..REQUESTS {
        let body = json!({ "username": format!("kim{at}"), "password": "socks" });
        let answer = client.post(format!("{front_end}/register")).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let answer = client.get(format!("{front_end}/catalogue")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
    }
    drop(shop);
    let gaps = gaps(&files);
    std::fs::remove_dir_all(&folder).unwrap();
    let edge = |callee: &str| &gaps[&("front-end".to_owned(), callee.to_owned())];
    let least = |callee: &str| edge(callee).iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!((gaps.len(), edge("user").len(), edge("catalogue").len()), (2, REQUESTS, REQUESTS));
    assert!(least("user") >= 2.0 * DELAY.as_secs_f64(), "{gaps:?}");
    assert!(least("catalogue") < DELAY.as_secs_f64(), "{gaps:?}");
}
