//! What surrounds the series in the answer of a server: its status, warnings and whether it is whole.

use grid::Error;
use serde_json::Value;

/// Reads what is left of a JSON value when its series have been taken out. Returns what is
/// to be said; an answer that failed or is not whole is an error.
pub(crate) fn check_envelope(text: &[u8]) -> Result<Vec<String>, Error> {
    let value: Value = match serde_json::from_slice(text) {
        Ok(value) => value,
        Err(e) => {
            let reason = e.to_string();
            let reason = reason.split(" at line").next().unwrap_or_default();
            return Err(Error::failed(format!("not JSON ({reason}): \"{}\"", excerpt(text))));
        }
    };
    if let Value::Array(items) = &value {
        return match items.iter().find(|item| **item != 0) {
            Some(item) => Err(Error::failed(format!("not a series: \"{}\"", excerpt(item.to_string().as_bytes())))),
            None => Ok(Vec::new()),
        };
    }
    check_answer(&value, text)
}

fn check_answer(value: &Value, text: &[u8]) -> Result<Vec<String>, Error> {
    let field = |name: &str| value.get(name).and_then(Value::as_str);
    if field("status") == Some("error") {
        let (kind, what) = (field("errorType").unwrap_or("error"), field("error").unwrap_or_default());
        return Err(Error::failed(format!("the server answered with an error: {kind}: \"{what}\"")));
    }
    if value.get("isPartial") == Some(&Value::Bool(true)) {
        return Err(Error::failed("the answer is partial: \"isPartial\":true"));
    }
    let warnings = value.get("warnings").and_then(Value::as_array).cloned().unwrap_or_default();
    let warnings: Vec<String> = warnings.iter().filter_map(Value::as_str).map(str::to_string).collect();
    if let Some(warning) = warnings.iter().find(|w| w.contains("truncated")) {
        return Err(Error::failed(format!("the answer is not whole: \"{warning}\"")));
    }
    let Some(data) = value.get("data") else {
        let expected = "expected \"metric\" with its values, or \"data\"";
        return Err(Error::failed(format!("an object that is no series, {expected}: \"{}\"", excerpt(text))));
    };
    let form = data.get("resultType").and_then(Value::as_str).unwrap_or_default();
    let only_series = data.get("result").and_then(Value::as_array).is_some_and(|r| r.iter().all(|v| *v == 0));
    if !only_series || !matches!(form, "matrix" | "vector" | "") {
        return Err(Error::failed(format!("the answer holds no series, expected a matrix: \"{form}\"")));
    }
    let mut notes: Vec<String> = warnings.iter().map(|warning| format!("the server warns: {warning}")).collect();
    if form == "vector" {
        notes.push("an answer of /api/v1/query, one row: /api/v1/query_range answers with all of a range".to_string());
    }
    Ok(notes)
}

/// The first characters of a text, on one line.
pub(crate) fn excerpt(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text.get(..200).unwrap_or(text)).into_owned();
    let mut short: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() > 40 {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        match check_envelope(text.as_bytes()) {
            Ok(warnings) => warnings.join("; "),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn whole_answers_pass_and_their_warnings_are_said() {
        assert_eq!(said("[0,0]"), "");
        let ok = r#"{"status":"success","isPartial":false,"data":{"resultType":"matrix","result":[0]},"infos":["x"]}"#;
        assert_eq!(said(ok), "");
        assert_eq!(said(&ok.replace("infos", "warnings")), "the server warns: x");
        assert!(said(&ok.replace("matrix", "vector")).ends_with("/api/v1/query_range answers with all of a range"));
    }

    #[test]
    fn answers_that_are_not_whole_are_refused() {
        let cut = r#"{"status":"success","warnings":["results truncated due to limit"],"data":{"result":[]}}"#;
        assert_eq!(said(cut), "the answer is not whole: \"results truncated due to limit\"");
        assert_eq!(said(r#"{"isPartial":true,"data":{}}"#), "the answer is partial: \"isPartial\":true");
        let error = r#"{"status":"error","errorType":"bad_data","error":"1:4: parse error"}"#;
        assert_eq!(said(error), "the server answered with an error: bad_data: \"1:4: parse error\"");
        assert!(said(r#"{"data":{"resultType":"scalar","result":[1,"2"]}}"#).ends_with("\"scalar\""));
        assert!(said("[0,7]").starts_with("not a series"));
        assert!(said("{\"a\":1,}").starts_with("not JSON"));
        assert!(said("{\"a\":1}").starts_with("an object that is no series"));
    }
}
