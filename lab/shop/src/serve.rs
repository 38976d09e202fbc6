//! Listens until it is told to stop, and lets the requests in flight end.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::app;
use crate::args::Args;

/// How long requests in flight may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(2);

/// Serves one service until SIGTERM or SIGINT.
pub(crate) async fn serve(args: Args) -> Result<(), String> {
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
