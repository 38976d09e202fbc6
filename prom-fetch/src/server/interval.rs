//! The scrape interval, from the server's `/api/v1/targets`.

use serde_json::Value;

/// The shortest scrape interval among the active targets, in milliseconds: at that step no target
/// loses a sample.
pub fn shortest(data: &Value) -> Option<i64> {
    let targets = data.get("activeTargets")?.as_array()?;
    let intervals = targets.iter().filter_map(|target| milliseconds(target.get("scrapeInterval")?.as_str()?));
    intervals.filter(|&ms| ms > 0).min()
}

/// A duration as Prometheus writes it: `15s`, `1m30s`, `500ms`.
fn milliseconds(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut sum = 0_i64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, behind) = rest.split_at(digits);
        let unit = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(unit);
        let scale = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        sum = sum.checked_add(number.parse::<i64>().ok()?.checked_mul(scale)?)?;
        rest = behind;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn durations_are_read_as_prometheus_writes_them() {
        assert_eq!(milliseconds("1m30s"), Some(90_000));
        assert_eq!(milliseconds("500ms"), Some(500));
        assert_eq!(milliseconds("1h"), Some(3_600_000));
        for text in ["s", "5", "1y2", "99999999999999999999s"] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }

    #[test]
    fn the_shortest_interval_counts() {
        let targets = json!({"activeTargets": [{"scrapeInterval": "15s"}, {"scrapeInterval": "1s"}, {}]});
        assert_eq!(shortest(&targets), Some(1_000));
        assert_eq!(shortest(&json!({"activeTargets": []})), None);
    }
}
