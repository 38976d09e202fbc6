//! A server of a few lines: what it answers is chosen by the path in front of `/api/v1`.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

type Counts = Arc<Mutex<HashMap<String, usize>>>;

/// Starts it on a free port; its address. It ends with the test.
pub(crate) fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let counts = Counts::default();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let counts = Arc::clone(&counts);
            // The other side may hang up at any time: that is its right.
            thread::spawn(move || serve(stream, &counts).ok());
        }
    });
    address
}

struct Asked {
    method: String,
    scene: String,
    path: String,
    headers: HashMap<String, String>,
    form: HashMap<String, String>,
    /// How many times this path of this scene has been asked for, this time included.
    times: usize,
}

struct Answer {
    status: &'static str,
    headers: String,
    body: Vec<u8>,
    /// The length that is promised, when it is not that of the body.
    promised: Option<usize>,
}

fn serve(mut stream: TcpStream, counts: &Counts) -> std::io::Result<()> {
    let Some(asked) = read(&stream, counts)? else { return Ok(()) };
    if asked.scene == "reset" && asked.path.contains("query") && asked.times == 1 {
        return Ok(());
    }
    let answer = answer(&asked);
    let length = answer.promised.unwrap_or(answer.body.len());
    let Answer { status, headers, body, .. } = &answer;
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n")?;
    stream.write_all(body)?;
    stream.flush()?;
    if asked.scene == "stall" && asked.path.contains("query") {
        thread::sleep(Duration::from_secs(4));
    }
    Ok(())
}

fn read(stream: &TcpStream, counts: &Counts) -> std::io::Result<Option<Asked>> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_string());
    }
    let length = headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (path, parameters) = target.split_once('?').unwrap_or((target, ""));
    let form = fields(&format!("{parameters}&{}", String::from_utf8_lossy(&body)));
    let (scene, path) = path[1..].split_once('/').unwrap_or((&path[1..], ""));
    let times = {
        let mut counts = counts.lock().unwrap();
        let count = counts.entry(format!("{scene} {path}")).or_default();
        *count += 1;
        *count
    };
    let (method, scene, path) = (method.to_string(), scene.to_string(), path.to_string());
    Ok(Some(Asked { method, scene, path, headers, form, times }))
}

fn fields(text: &str) -> HashMap<String, String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (unescaped(name), unescaped(value))).collect()
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let code: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&code, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn answer(asked: &Asked) -> Answer {
    match (asked.scene.as_str(), asked.path.as_str()) {
        ("not-found", _) => plain("404 Not Found", "404 page not found\n"),
        ("bad-gateway", _) => plain("502 Bad Gateway", "<html><body>502 Bad Gateway</body></html>"),
        ("auth", _) if !authorized(asked) => plain("401 Unauthorized", "Unauthorized\n"),
        ("tenant", _) if !is_tenant(asked) => plain("401 Unauthorized", "no org id\n"),
        ("redirect", _) => Answer { headers: "Location: https://elsewhere/\r\n".into(), ..plain("302 Found", "") },
        (_, "-/ready") if asked.times < 3 => plain("503 Service Unavailable", "Service Unavailable"),
        ("no-metadata", "api/v1/metadata") => plain("404 Not Found", "404 page not found\n"),
        ("busy-metadata", "api/v1/metadata") => plain("503 Service Unavailable", "starting"),
        ("login", "api/v1/metadata" | "api/v1/targets") => plain("200 OK", "<html>please log in</html>"),
        (_, "api/v1/metadata") => json(METADATA),
        ("mimir", "api/v1/status/buildinfo") => {
            json(r#"{"data":{"application":"Grafana Mimir","goVersion":"go1.25"}}"#)
        }
        ("victoria", "api/v1/status/buildinfo") => json(r#"{"status":"success","data":{"version":"2.24.0"}}"#),
        (_, "api/v1/status/buildinfo") => json(r#"{"data":{"version":"2.42.0","goVersion":"go1.19.8"}}"#),
        (_, "api/v1/targets") => json(r#"{"data":{"activeTargets":[{"scrapeInterval":"2s"}]}}"#),
        ("old-series", "api/v1/label/__name__/values") if number(asked, "start") > 700.0 => names(&["a_total"]),
        ("unlisted", "api/v1/label/__name__/values") => names(&["a_total", "b"]),
        (_, "api/v1/label/__name__/values") => names(&["a_total", "b", "c"]),
        (_, "api/v1/query") if asked.form.get("query").is_some_and(|query| query.starts_with("count by")) => counts(),
        (scene, "api/v1/query_range" | "api/v1/query") => query(scene, asked),
        _ => plain("404 Not Found", "404 page not found\n"),
    }
}

const METADATA: &str = r#"{"status":"success","data":{"a_total":[{"type":"counter"}],"b":[{"type":"gauge"}]}}"#;

/// How many series each name has.
fn counts() -> Answer {
    let one = |(name, count)| format!(r#"{{"metric":{{"__name__":"{name}"}},"value":[0,"{count}"]}}"#);
    let all: Vec<String> = [("a_total", 5), ("b", 2), ("c", 1)].into_iter().map(one).collect();
    json(&format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{}]}}}}"#, all.join(",")))
}

fn authorized(asked: &Asked) -> bool {
    let given = asked.headers.get("authorization").map_or("", String::as_str);
    ["Bearer t0ken", "Basic bWU6c2VjcmV0"].contains(&given)
}

fn is_tenant(asked: &Asked) -> bool {
    let header = asked.headers.get("x-scope-orgid").is_some_and(|tenant| tenant == "shop");
    header && asked.form.get("dedup").is_some_and(|dedup| dedup == "false")
}

fn query(scene: &str, asked: &Asked) -> Answer {
    let points = samples(asked, "up").split("],[").count();
    let names = series(asked).split("metric").count() - 1;
    let whole = matrix(&series(asked), "");
    match scene {
        "bad-query" => error("400 Bad Request", "bad_data", "1:6: parse error: unclosed left parenthesis"),
        "too-much" if points * names > 100 => error("422 Unprocessable Entity", "execution", TOO_MANY),
        "too-many-names" | "old-series" | "unlisted" if names > 1 => {
            error("422 Unprocessable Entity", "execution", TOO_MANY)
        }
        "too-long" if points > 30 => error("503 Service Unavailable", "timeout", TOO_LONG),
        "hopeless" => error("422 Unprocessable Entity", "execution", TOO_MANY),
        "busy" if asked.times < 3 => error("503 Service Unavailable", "timeout", "query timed out in query queue"),
        "always-busy" => Answer { headers: "Retry-After: 0\r\n".into(), ..plain("429 Too Many Requests", "") },
        "get-only" if asked.method == "POST" => plain("405 Method Not Allowed", "Method Not Allowed"),
        "slow" => {
            thread::sleep(Duration::from_secs(4));
            whole
        }
        "stall" => Answer { promised: Some(whole.body.len()), body: whole.body[..100].to_vec(), ..whole },
        "cut" => Answer { promised: Some(whole.body.len()), body: whole.body[..300].to_vec(), ..whole },
        "cut-json" => Answer { body: whole.body[..300].to_vec(), ..whole },
        "gzip" => packed(whole),
        // Asked for the third time, whatever for.
        "third" if asked.times == 3 => plain("500 Internal Server Error", "out of luck"),
        "list" => json(r#"{"status":"success","data":[]}"#),
        "deep" => json(&format!(r#"{{"status":"success","data":{}{}}}"#, "[".repeat(200_000), "]".repeat(200_000))),
        "twice" => matrix(&[series(asked), series(asked)].join(","), ""),
        "torn" => matrix(&format!("{},{INFINITE}", INFINITE.replace("\"1\"", "\"2\"")), ""),
        "asks-for-patience" if asked.times == 1 => {
            let past = "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
            Answer { headers: past.into(), ..plain("429 Too Many Requests", "") }
        }
        "colours" => error("400 Bad Request", "bad\\u001b[31m", "x\\u001b]0;title\\u0007 y"),
        "redirect-with-password" => Answer {
            headers: "Location: https://bob:SECRET@sso.example/?token=SECRET\r\n".into(),
            ..plain("302 Found", "")
        },
        "warning" => matrix(&series(asked), r#","warnings":["a store did not answer"],"infos":["be kind"]"#),
        "limited" => matrix(&series(asked), r#","warnings":["results truncated due to limit"]"#),
        "partial" => matrix(&series(asked), r#","isPartial":true"#),
        "histograms" => matrix(&format!("{HISTOGRAMS},{}", series(asked)), ""),
        "infinite" => matrix(INFINITE, ""),
        "garbled" => matrix(&INFINITE.replace("+Inf", "1,5"), ""),
        "empty" => matrix("", ""),
        "late" => Answer { headers: "Date: Wed, 22 Nov 2023 16:00:00 GMT\r\n".into(), ..whole },
        "vector" => json(r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#),
        "web-page" => plain("200 OK", "<html>please log in</html>"),
        "big" => matrix(
            &(0..1_000).map(|k| series(asked).replace("\"x\"", &format!("\"x{k}\""))).collect::<Vec<_>>().join(","),
            "",
        ),
        _ => whole,
    }
}

const TOO_MANY: &str = "query processing would load too many samples into memory in query execution";
const TOO_LONG: &str = "query timed out in expression evaluation";
const HISTOGRAMS: &str = r#"{"metric":{"__name__":"native"},"histograms":[[1,{"count":"1","sum":"1"}]]}"#;
const INFINITE: &str = r#"{"metric":{"__name__":"b"},"values":[[1,"1"],[2,"+Inf"],[3,"NaN"],[4,"-Inf"]]}"#;

/// The series of the names that the query asks for, a value at every time.
fn series(asked: &Asked) -> String {
    let query = asked.form.get("query").map_or("", String::as_str);
    let names = ["a_total", "b", "c"].into_iter().filter(|name| is_wanted(query, name));
    let one = |name| format!(r#"{{"metric":{{"__name__":"{name}","job":"x"}},"values":[{}]}}"#, samples(asked, name));
    names.map(one).collect::<Vec<_>>().join(",")
}

/// By the matchers on the name, or by a bare name; any other query is for all.
fn is_wanted(query: &str, name: &str) -> bool {
    let matchers = regex::Regex::new(r#"__name__(=~|!~|=)"((?:[^"\\]|\\.)*)""#).unwrap();
    let fits = |matcher: regex::Captures| match (&matcher[1], &matcher[2]) {
        ("=", value) => value == name,
        (sign, value) => regex::Regex::new(&format!("^(?:{value})$")).unwrap().is_match(name) == (sign == "=~"),
    };
    matchers.captures_iter(query).all(fits) && (query == name || !["a_total", "b", "c"].contains(&query))
}

fn number(asked: &Asked, key: &str) -> f64 {
    asked.form.get(key).and_then(|text| text.parse().ok()).unwrap_or(0.0)
}

fn names(list: &[&str]) -> Answer {
    json(&format!(r#"{{"status":"success","data":["{}"]}}"#, list.join("\",\"")))
}

fn samples(asked: &Asked, name: &str) -> String {
    let number = |key: &str| asked.form.get(key).and_then(|text| text.parse::<f64>().ok());
    let (start, end, step) = match number("time") {
        Some(time) => (time - 3.0, time, 1.0),
        None => (number("start").unwrap_or(0.0), number("end").unwrap_or(0.0), number("step").unwrap_or(1.0)),
    };
    let count = ((end - start) / step) as usize + 1;
    let time = |k: usize| start + k as f64 * step;
    let point = |k| format!("[{},\"{}\"]", time(k), time(k) % 100.0 + name.len() as f64 / 8.0);
    (0..count).map(point).collect::<Vec<_>>().join(",")
}

fn matrix(series: &str, rest: &str) -> Answer {
    json(&format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{series}]}}{rest}}}"#))
}

fn error(status: &'static str, kind: &str, text: &str) -> Answer {
    let body = format!(r#"{{"status":"error","errorType":"{kind}","error":"{text}"}}"#);
    Answer { headers: "Retry-After: 0\r\n".into(), ..plain(status, &body) }
}

fn json(body: &str) -> Answer {
    plain("200 OK", body)
}

fn plain(status: &'static str, body: &str) -> Answer {
    Answer { status, headers: String::new(), body: body.as_bytes().to_vec(), promised: None }
}

fn packed(answer: Answer) -> Answer {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(&answer.body).unwrap();
    Answer { headers: "Content-Encoding: gzip\r\n".into(), body: packer.finish().unwrap(), ..answer }
}
