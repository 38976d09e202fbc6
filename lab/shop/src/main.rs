//! One service of a small shop. Seven processes of it, one a service, make the shop that the lab puts under load:
//! the Sock Shop's service names, routes and metric names, with a bottleneck where it is asked for.

mod app;
mod args;
mod calls;
mod failure;
mod metrics;
mod process;
mod profile;
mod serve;
mod services;
mod station;
mod traces;

use std::hint::black_box;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use tokio::runtime::Builder;

use crate::args::Args;

/// Threads that burn processor time: more than a machine for seven such processes has cores to spare.
const BURNERS: usize = 4;

fn main() -> ExitCode {
    let args = Args::parse();
    let service = args.service;
    // What a service's program and its caches take before the first request; written to, so that it is resident.
    let resident = black_box(vec![1_u8; args.resident_mb << 20]);
    let runtime = Builder::new_multi_thread().worker_threads(2).max_blocking_threads(BURNERS).enable_all().build();
    let ended = runtime.map_err(|e| e.to_string()).and_then(|runtime| runtime.block_on(serve::serve(args)));
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
