//! What other programs write and is not read, and what they write instead that is.

use grid::{Error, parse_number, parse_time_ms};

/// How a form is known.
enum Sign {
    /// JSON with all of these keys, wherever they stand near its beginning.
    Keys(&'static [&'static str]),
    /// Text that begins so.
    Start(&'static str),
}

/// A form: its sign, its name, what is expected of the same program.
type Foreign = (Sign, &'static str, &'static str);

pub(crate) const LOGS: &str = "a log of requests (k6, JMeter, Gatling, vegeta, Locust write one)";
const TRACES: &str = "the series lines that spans makes of them (spans traces.json | grid-build)";
const GATLING: &str = "its log (simulation.log, of up to 3.11)";
const RECORDS: &str = "an object per row with a time (jq makes them)";

/// From the programs' own documentation, of the versions of 2023 to 2026.
const FOREIGN: [Foreign; 39] = [
    (Sign::Keys(&["resourceMetrics"]), "metrics in OTLP", "them by way of a Prometheus server and prom-fetch"),
    (Sign::Keys(&["resourceSpans"]), "traces", TRACES),
    (Sign::Keys(&["traceID", "spans"]), "traces of Jaeger", TRACES),
    (Sign::Keys(&["traceId", "duration", "localEndpoint"]), "traces of Zipkin", TRACES),
    (
        Sign::Start("PAR1"),
        "a Parquet file",
        "a CSV of it (DuckDB: COPY … TO 'grid.csv'; pandas: to_csv; polars: write_csv)",
    ),
    (Sign::Keys(&["results", "series", "columns"]), "InfluxDB's JSON", "its CSV (influx -format csv)"),
    (Sign::Keys(&["results", "frames"]), "Grafana's JSON", "the CSV of its panel (Inspect, Data, Download CSV)"),
    (Sign::Keys(&["target", "datapoints"]), "Graphite's JSON", "its CSV (format=csv) with --long 2,1,3"),
    (Sign::Keys(&["metric", "dps"]), "OpenTSDB's JSON", RECORDS),
    (Sign::Keys(&["pointlist"]), "Datadog's JSON", "the CSV of its graph"),
    (Sign::Keys(&["MetricDataResults"]), "CloudWatch's JSON", RECORDS),
    (Sign::Keys(&["Datapoints", "Label"]), "CloudWatch's JSON", "its points alone (jq .Datapoints)"),
    (Sign::Keys(&["hits", "_source"]), "Elasticsearch's answer", "its rows (jq -c '.hits.hits[]._source')"),
    (Sign::Keys(&["sysstat", "hosts"]), "sysstat's JSON", "its CSV (sadf -d)"),
    (Sign::Keys(&["labels", "data"]), "Netdata's JSON", "its CSV (format=csv)"),
    (Sign::Keys(&["columns", "index", "data"]), "a table of pandas by parts", "its rows (orient=\"records\")"),
    (Sign::Keys(&["fields", "name", "tags", "timestamp"]), "Telegraf's JSON", "its CSV (data_format = \"csv\")"),
    (Sign::Keys(&["metrics", "root_group"]), "a summary of k6, which has no times", "its log (k6 run --out csv=FILE)"),
    (
        Sign::Keys(&["latencies", "bytes_in"]),
        "a report of vegeta, which has no times",
        "its log (vegeta encode --to csv)",
    ),
    (
        Sign::Start("Requests      [total, rate"),
        "a report of vegeta, which has no times",
        "its log (vegeta encode --to csv)",
    ),
    (Sign::Start("█ "), "a summary of k6, which has no times", "its log (k6 run --out csv=FILE)"),
    (Sign::Start("/\\      Grafana"), "a summary of k6, which has no times", "its log (k6 run --out csv=FILE)"),
    (Sign::Start("/\\      |‾‾|"), "a summary of k6, which has no times", "its log (k6 run --out csv=FILE)"),
    (Sign::Keys(&["responseTimeHistogram", "latencyPercentiles"]), "a summary of oha, which has no times", LOGS),
    (Sign::Keys(&["numberOfRequests", "meanResponseTime"]), "a summary of Gatling, which has no times", GATLING),
    (Sign::Start("response-time,DNS+dialup,DNS,"), "a log of hey, whose times count from its start", LOGS),
    (Sign::Start("starttime\tseconds\tctime\t"), "a log of ab, whose times are in words", LOGS),
    (Sign::Keys(&["DurationHistogram"]), "a summary of Fortio, which has no times", LOGS),
    (Sign::Keys(&["connections", "pipelining"]), "a summary of autocannon, which has no times", LOGS),
    (Sign::Keys(&["aggregate", "intermediate"]), "a report of Artillery", LOGS),
    (Sign::Start("This is ApacheBench"), "a summary of ab, which has no times", LOGS),
    (Sign::Start("Summary:\n"), "a summary of hey, which has no times", LOGS),
    (Sign::Start("Linux "), "a report of sysstat for people", "its CSV (sar -o FILE, then sadf -d FILE)"),
    (Sign::Start("procs "), "a table of vmstat for people", "a table with a column of times and one delimiter"),
    (Sign::Start("CONTAINER ID "), "a table of Docker for people", "a table with a column of times and one delimiter"),
    (Sign::Start("NAME "), "a table of kubectl for people", "a table with a column of times and one delimiter"),
    (Sign::Start("\"Dstat "), "a CSV of dstat", "its last header and the rows below (tail -n +LINE)"),
    (Sign::Start("\"pcp-dstat "), "a CSV of dstat", "its last header and the rows below (tail -n +LINE)"),
    (Sign::Start("<"), "a web page or other markup", "a table or series"),
];

/// Keys stand within so many bytes of the beginning.
const NEAR: usize = 2_000;

/// Refuses what is known and not read, with the way out.
pub(crate) fn refuse_foreign(head: &[u8]) -> Result<(), Error> {
    let text = String::from_utf8_lossy(&head[..head.len().min(NEAR)]);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    // Labels of a series may be called as any key.
    let compact: String = text.split_whitespace().collect();
    let is_series = compact.contains("\"metric\":{") || compact.contains("\"resultType\":");
    let is_json = text.starts_with(['{', '[']) && !is_series;
    let is = |sign: &Sign| match sign {
        Sign::Keys(keys) => is_json && keys.iter().all(|key| has_key(text, key)),
        Sign::Start(start) => text.starts_with(start),
    };
    let known = FOREIGN.iter().find(|(sign, ..)| is(sign)).map(|(_, what, wanted)| (*what, *wanted));
    let first = text.lines().next().unwrap_or_default();
    let lines = || ("lines of InfluxDB", "its CSV (influx -format csv, or Telegraf's data_format = \"csv\")");
    let nested = || ("a table of pandas by columns", "its rows (orient=\"records\", after reset_index)");
    let known = known.or_else(|| is_line_of_influx(first).then(lines));
    match known.or_else(|| (is_json && is_nested(&compact)).then(nested)) {
        Some((what, wanted)) => Err(Error::parse("line 1", format!("{what}, expected {wanted}"), excerpt(first))),
        None => Ok(()),
    }
}

fn excerpt(line: &str) -> &str {
    line.char_indices().nth(60).map_or(line, |(end, _)| &line[..end])
}

fn has_key(text: &str, key: &str) -> bool {
    let quoted = format!("\"{key}\"");
    text.match_indices(&quoted).any(|(at, _)| text[at + quoted.len()..].trim_start().starts_with(':'))
}

/// True for `cpu,host=a usage=1.5,idle=3i 1700000000000000000`.
fn is_line_of_influx(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    let [_, fields, time @ ..] = words.as_slice() else { return false };
    let is_field = |field: &str| {
        let value = field.split_once('=').map_or("", |(_, value)| value);
        parse_number(value.trim_end_matches(['i', 'u']).as_bytes()).is_some() || value.starts_with('"')
    };
    let is_time = time.len() == 1 && time.iter().all(|time| time.parse::<i64>().is_ok());
    (time.is_empty() || is_time) && fields.split(',').all(is_field)
}

/// True for `{"a":{"0":1,…`, by columns, and for `{"0":{"a":1,…`, by rows (orient="index"): one of the keys is the number or the
/// time of a row.
fn is_nested(compact: &str) -> bool {
    let mut texts = compact.splitn(5, '"');
    let (Some("{"), Some(outer), Some(":{"), Some(inner), Some(rest)) =
        (texts.next(), texts.next(), texts.next(), texts.next(), texts.next())
    else {
        return false;
    };
    let is_row = |key: &str| key.parse::<i64>().is_ok() || parse_time_ms(key).is_some();
    rest.starts_with(':') && !rest.starts_with(":{") && (is_row(outer) || is_row(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_named_with_the_way_out() {
        let said = |text: &str| refuse_foreign(text.as_bytes()).map_err(|e| e.to_string()).err().unwrap_or_default();
        assert_eq!(
            said("[{\"target\": \"carts.cpu\", \"datapoints\": [[1.0, 1700000000]]}]"),
            "line 1: Graphite's JSON, expected its CSV (format=csv) with --long 2,1,3: \"[{\"target\": \"carts.cpu\", \"datapoints\": [[1.0, 1700000000]]}]\""
        );
        assert!(said("cpu,host=a usage=1.5,idle=3i 1700000000000000000\n").starts_with("line 1: lines of InfluxDB"));
        for text in ["{\"a\": {\"0\": 1}}", "{\"2026-11-20T12:00:00\":{\"a\":null}}"] {
            assert!(said(text).starts_with("line 1: a table of pandas by columns"), "{text}");
        }
        for text in [
            "{\"metric\":{\"__name__\":\"up\"},\"values\":[1],\"timestamps\":[1]}",
            "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}",
            "{\"time\":1,\"labels\":2}",
            "time,a=b\n1,2\n",
            "time,a b=1 c\n",
            "up 1 1700000000",
            "",
        ] {
            assert_eq!(said(text), "", "{text}");
        }
    }
}
