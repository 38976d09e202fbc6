//! What a refusal means: whether less at a time, or the same again later, can succeed.

/// What can be done about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was too much at once: a smaller piece may pass.
    TooMuch,
    /// The server is busy or starting: the same may pass later.
    Busy,
    /// Asking again gives the same answer.
    Final,
}

/// Words in which servers (Prometheus, Thanos, Mimir, Cortex, VictoriaMetrics) say that a query
/// wants too much; in lower case.
const TOO_MUCH: [&str; 17] = [
    "too many samples",
    "too many points",
    "too many data points",
    "exceeded maximum resolution",
    "exceeded the maximum number of",
    "exceeded the maximum allowed",
    "exceeded the aggregated chunks size",
    "exceeded samples limit",
    "exceeded series limit",
    "exceeded chunks limit",
    "time range exceeds the limit",
    "timeseries exceeds",
    "cannot select more than",
    "not enough memory",
    "timed out in expression evaluation",
    "the query took more than",
    "response larger than",
];

/// Judges an answer that is not a success by its HTTP status and the text in it.
pub fn judge(status: u16, text: &str) -> Refusal {
    let text = text.to_lowercase();
    if status == 413 || status == 504 || TOO_MUCH.iter().any(|words| text.contains(words)) {
        return Refusal::TooMuch;
    }
    match status {
        429 | 502 | 503 => Refusal::Busy,
        _ => Refusal::Final,
    }
}

/// The error in the body of an answer: the `errorType` and `error` of Prometheus' JSON, or else the
/// first line of the text, or nothing when the body is a web page.
pub fn complaint(body: &[u8]) -> Option<String> {
    if let Ok(serde_json::Value::Object(fields)) = serde_json::from_slice(body) {
        let text = |key| fields.get(key).and_then(serde_json::Value::as_str);
        let error = text("error").or_else(|| text("message"))?;
        // VictoriaMetrics repeats the HTTP status as the type.
        let kind = text("errorType").filter(|kind| kind.parse::<u16>().is_err()).map(one_line);
        let error = one_line(error);
        return Some(kind.map_or(error.clone(), |kind| format!("{kind}: {error}")));
    }
    let text = String::from_utf8_lossy(body);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    (!line.starts_with('<')).then(|| one_line(line))
}

/// Text from outside as one line, without what a terminal would obey.
pub fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// So many characters of a long complaint are shown, from its start and from its end: servers put
/// the query in the middle.
const SHOWN: (usize, usize) = (300, 200);

/// The text, without its middle when it is long.
pub fn shortened(text: &str) -> String {
    let count = text.chars().count();
    if count <= SHOWN.0 + SHOWN.1 {
        return text.to_string();
    }
    let start = text.chars().take(SHOWN.0);
    let end = text.chars().skip(count - SHOWN.1);
    start.chain(['…']).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_samples_and_timeouts_ask_for_smaller_pieces() {
        let text = "execution: query processing would load too many samples into memory in query execution";
        assert_eq!(judge(422, text), Refusal::TooMuch);
        assert_eq!(judge(503, "timeout: query timed out in expression evaluation"), Refusal::TooMuch);
        assert_eq!(judge(400, "exceeded maximum resolution of 11,000 points per timeseries"), Refusal::TooMuch);
    }

    #[test]
    fn a_full_queue_asks_for_patience() {
        assert_eq!(judge(503, "timeout: query timed out in query queue"), Refusal::Busy);
        assert_eq!(judge(429, ""), Refusal::Busy);
    }

    #[test]
    fn other_errors_are_final() {
        assert_eq!(judge(400, "bad_data: 1:4: parse error"), Refusal::Final);
        assert_eq!(judge(422, "execution: vector cannot contain metrics with the same labelset"), Refusal::Final);
    }

    #[test]
    fn the_server_is_quoted_in_one_line() {
        let prometheus = br#"{"status":"error","errorType":"bad_data","error":"1:4: parse\n error"}"#;
        assert_eq!(complaint(prometheus).unwrap(), "bad_data: 1:4: parse error");
        let victoria = br#"{"status":"error","errorType":"422","error":"cannot parse"}"#;
        assert_eq!(complaint(victoria).unwrap(), "cannot parse");
        assert_eq!(complaint(b"\n404 page not found\nmore").unwrap(), "404 page not found");
        assert_eq!(complaint(b"<html>"), None);
        assert_eq!(complaint(b""), None);
    }

    #[test]
    fn only_the_middle_of_a_long_complaint_is_left_out() {
        let long = format!("start{}end", "é".repeat(2_000));
        let shown = shortened(&long);
        assert!(shown.starts_with("starté") && shown.ends_with("éend"));
        assert_eq!(shown.chars().count(), SHOWN.0 + SHOWN.1 + 1);
        assert_eq!(shortened("short"), "short");
    }
}
