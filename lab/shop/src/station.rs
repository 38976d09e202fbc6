//! Where requests queue for a worker and cost time.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::Semaphore;

use crate::failure::Failure;
use crate::profile::Profile;

/// A limited number of workers behind a bounded queue, first come first served.
#[derive(Debug)]
pub(crate) struct Station {
    workers: Semaphore,
    profile: Profile,
    queue_limit: i64,
    patience: Duration,
    turns_a_second: f64,
    seed: AtomicU64,
    /// Workers that are at work.
    pub(crate) busy: Gauge,
    /// Requests that wait for a worker.
    pub(crate) queued: Gauge,
}

impl Station {
    pub(crate) fn new(profile: Profile, queue_limit: usize, patience: Duration) -> Station {
        Station {
            workers: Semaphore::new(profile.workers),
            profile,
            queue_limit: i64::try_from(queue_limit).unwrap_or(i64::MAX),
            patience,
            turns_a_second: calibrate(),
            seed: AtomicU64::new(0x9E37_79B9_7F4A_7C15),
            busy: Gauge::default(),
            queued: Gauge::default(),
        }
    }

    /// Waits for a worker, then costs it the profile's processor and waiting time, each request between a half and
    /// one and a half of the mean. A full queue refuses at once; in a slow one the request gives up after a while.
    pub(crate) async fn work(&self) -> Result<(), Failure> {
        let _worker = match self.workers.try_acquire() {
            Ok(free) => free,
            Err(_) => {
                if self.queued.get() >= self.queue_limit {
                    return Err(Failure::busy("the queue is full"));
                }
                let _place = Counted::new(&self.queued);
                tokio::time::timeout(self.patience, self.workers.acquire())
                    .await
                    .map_err(|_| Failure::busy("no worker became free in time"))?
                    .map_err(|_| Failure::busy("the service is closing"))?
            }
        };
        let _busy = Counted::new(&self.busy);
        let share = self.share();
        let turns = self.profile.cpu.mul_f64(share).as_secs_f64() * self.turns_a_second;
        tokio::task::spawn_blocking(move || burn(turns as u64)).await.map_err(|e| Failure::internal(&e.to_string()))?;
        tokio::time::sleep(self.profile.wait.mul_f64(share)).await;
        Ok(())
    }

    /// A number between 0.5 and 1.5: Weyl sequence through the splitmix64 finaliser (Steele, Lea and Flood, 2014).
    fn share(&self) -> f64 {
        let mut x = self.seed.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^= x >> 31;
        0.5 + (x >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// One more on a gauge for as long as it lives, so that a client that leaves is counted out as well.
struct Counted<'a>(&'a Gauge);

impl<'a> Counted<'a> {
    fn new(gauge: &'a Gauge) -> Self {
        gauge.inc();
        Counted(gauge)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Keeps the processor at work for a number of turns.
fn burn(turns: u64) -> u64 {
    let mut x = black_box(88_172_645_463_325_252_u64);
    for _ in 0..turns {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    black_box(x)
}

/// Turns of `burn` a second of processor time: the best of several tries, since another process can only slow one.
fn calibrate() -> f64 {
    const TURNS: u64 = 400_000;
    let fastest = (0..10)
        .map(|_| {
            let start = Instant::now();
            burn(TURNS);
            start.elapsed()
        })
        .min()
        .unwrap_or(Duration::from_millis(1));
    TURNS as f64 / fastest.as_secs_f64().max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn station(workers: usize, queue: usize, patience_ms: u64) -> Station {
        let profile = Profile { workers, cpu: Duration::ZERO, wait: Duration::from_millis(100) };
        Station::new(profile, queue, Duration::from_millis(patience_ms))
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let station = station(1, 0, 1_000);
        let (first, second) = tokio::join!(station.work(), station.work());
        assert!(first.is_ok());
        assert!(second.is_err());
        assert_eq!((station.busy.get(), station.queued.get()), (0, 0));
    }

    #[tokio::test]
    async fn a_request_gives_up_after_its_patience() {
        let station = station(1, 10, 1);
        let (first, second) = tokio::join!(station.work(), station.work());
        assert!(first.is_ok());
        assert!(second.is_err());
    }

    #[tokio::test]
    async fn a_queued_request_is_served_when_a_worker_is_free() {
        let station = station(1, 10, 5_000);
        let (first, second) = tokio::join!(station.work(), station.work());
        assert!(first.is_ok() && second.is_ok());
    }

    #[test]
    fn the_share_stays_between_its_bounds_and_has_a_mean_of_one() {
        let station = station(1, 1, 1);
        let shares: Vec<f64> = (0..10_000).map(|_| station.share()).collect();
        assert!(shares.iter().all(|s| (0.5..1.5).contains(s)));
        assert!((shares.iter().sum::<f64>() / 10_000.0 - 1.0).abs() < 0.01);
    }
}
