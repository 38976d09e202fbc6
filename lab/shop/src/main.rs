//! One service of a small shop. Seven processes of it, one a service, make the shop that the lab puts under load:
//! the Sock Shop's service names, routes and metric names, with a bottleneck where it is asked for.

mod app;
mod args;
mod calls;
mod failure;
mod metrics;
mod process;
mod profile;
mod services;
mod station;

use std::hint::black_box;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

use crate::args::Args;

/// How long requests in flight may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(2);

/// Threads that burn processor time: more than a machine for seven such processes has cores to spare.
const BURNERS: usize = 4;

fn main() -> ExitCode {
    let args = Args::parse();
    let service = args.service;
    // What a service's program and its caches take before the first request; written to, so that it is resident.
    let resident = black_box(vec![1_u8; args.resident_mb << 20]);
    let runtime = Builder::new_multi_thread().worker_threads(2).max_blocking_threads(BURNERS).enable_all().build();
    let ended = runtime.map_err(|e| e.to_string()).and_then(|runtime| runtime.block_on(serve(args)));
    drop(resident);
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(io::stderr(), "shop: {service}: {text}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(args: Args) -> Result<(), String> {
    let address = (args.host, args.port);
    let listener =
        TcpListener::bind(address).await.map_err(|e| format!("{}:{}: cannot listen: {e}", address.0, address.1))?;
    let mut term = signal(SignalKind::terminate()).map_err(|e| e.to_string())?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|e| e.to_string())?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut draining = stopped.clone();
    let server = axum::serve(listener, app::router(args)?).with_graceful_shutdown(async move {
        // An error means that the sender is gone, which is a reason to stop too.
        let _ = draining.wait_for(|now| *now).await;
    });
    let limit = async move {
        tokio::select! { _ = term.recv() => (), _ = interrupt.recv() => () }
        stop.send_replace(true);
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        result = server.into_future() => result.map_err(|e| e.to_string()),
        () = limit => Ok(()),
    }
}
