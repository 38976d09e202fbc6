//! What `--no-limits` lifts: in a process of its own, since it holds for all of one.

use prom_fetch::limits::lift;
use prom_fetch::reply::{Bounds, read};

#[test]
fn an_answer_may_hold_more_once_the_limits_are_lifted() {
    let series = r#"{"metric":{"__name__":"up"},"values":[[1,"1"]]}"#;
    let body = format!(
        r#"{}{{"status":"success","data":{{"resultType":"matrix","result":[{series}]}}}}"#,
        " ".repeat(2 << 20)
    );
    let is_read = || read(body.as_bytes(), Bounds { within: None, points: 9 }, &mut |_| true).is_ok();
    assert!(!is_read());
    lift();
    assert!(is_read());
}
