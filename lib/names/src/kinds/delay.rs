//! Which of the response times that a load generator saw says how long its users waited.

use crate::Name;
use crate::kinds::aspect::{Aspect, aspect, words};

/// The quantile that is asked for: what all but one in twenty requests stay below.
const QUANTILE: f64 = 0.95;

/// Of response times that a load generator saw the one that says how long its users waited: the 95 % quantile or the one
/// nearest to it, else the mean, else the first; of several, that with the fewest labels, which is of the most requests.
/// Each is told by its header and by what the caller knows it by.
pub fn users_delay<'a, T>(response_times: impl Iterator<Item = (T, &'a str)>) -> Option<T> {
    let farness = response_times.map(|(known, header)| (farness(&Name::parse(header)), known));
    farness.min_by(|((a, labels), _), ((b, more), _)| a.total_cmp(b).then(labels.cmp(more))).map(|(_, known)| known)
}

/// How far a series is from the users' delay, and its labels.
fn farness(name: &Name) -> (f64, usize) {
    let farness = match (quantile(name), aspect(name)) {
        (Some(quantile), _) => (quantile - QUANTILE).abs(),
        (None, Aspect::Mean) => 1.0,
        (None, _) => 2.0,
    };
    (farness, name.labels.len())
}

/// The quantile that a label or the last digits of a response time say: `quantile="0.95"`, `p95`, `percentiles999`.
fn quantile(name: &Name) -> Option<f64> {
    if let Some(label) = name.label("quantile") {
        return label.parse().ok();
    }
    let last = words(&name.name).pop()?;
    let digits = last.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    format!("0.{digits}").parse().ok().filter(|_| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(headers: &[&'a str]) -> Option<&'a str> {
        users_delay(headers.iter().map(|header| (*header, *header)))
    }

    #[test]
    fn the_quantile_nearest_to_95_then_the_mean_then_the_first() {
        let p50 = "locust_response_time_ms{quantile=\"0.5\"}";
        let p95 = "locust_response_time_ms{quantile=\"0.95\"}";
        let one = "locust_response_time_ms{name=\"/\",quantile=\"0.95\"}";
        let mean = "locust_response_time_ms_mean";
        assert_eq!(found(&[mean, p50, one, p95]), Some(p95));
        assert_eq!(found(&[mean, p50]), Some(p50));
        assert_eq!(found(&["locust_response_time_ms_max", mean]), Some(mean));
        let k6 = ["k6_http_req_duration_avg", "k6_http_req_duration_p99", "k6_http_req_duration_p50"];
        assert_eq!(found(&k6), Some(k6[1]));
        let gatling = ["gatling_all_percentiles50", "gatling_all_percentiles95", "gatling_all_mean"];
        assert_eq!(found(&gatling), Some(gatling[1]));
        assert_eq!(found(&["artillery_response_time"]), Some("artillery_response_time"));
        assert_eq!(found(&[]), None);
    }
}
