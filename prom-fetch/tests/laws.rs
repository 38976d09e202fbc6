//! Laws of the range splitter and of the reader of answers, which serde_json reads a second time.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Read;

use prom_fetch::plan::query::Query;
use prom_fetch::plan::range::Span;
use prom_fetch::plan::shard::Shard;
use prom_fetch::plan::split::{Part, Piece, Split, parts_of};
use prom_fetch::reply::{self, Bounds, Series};
use proptest::prelude::*;
use serde_json::{Value, json};

fn span() -> impl Strategy<Value = Span> {
    (-10_000_000_i64..10_000_000, 1_i64..100_000, 0_i64..5_000).prop_map(|(start, step, count)| Span {
        start_ms: start,
        end_ms: start + count * step,
        step_ms: step,
    })
}

fn times(span: &Span) -> Vec<i64> {
    (0..span.points()).map(|k| span.start_ms + k * span.step_ms).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pieces_are_the_whole(span in span(), points in 1_i64..6_000) {
        let pieces: Vec<Span> = span.cut(points).collect();
        prop_assert!(pieces.iter().all(|p| (1..=points).contains(&p.points())));
        prop_assert_eq!(pieces.iter().flat_map(times).collect::<Vec<_>>(), times(&span));
    }

    #[test]
    fn shares_are_the_whole(span in span(), count in 1_i64..70, least in 1_i64..2_000, most in 1_i64..12_000) {
        let pieces: Vec<Span> = span.cut(span.share(count, least, most)).collect();
        prop_assert!(pieces.iter().all(|p| p.points() <= most));
        prop_assert_eq!(pieces.iter().flat_map(times).collect::<Vec<_>>(), times(&span));
    }

    #[test]
    fn aligned_times_are_the_multiples_in_the_range(start in -9_999_i64..9_999, length in 0_i64..9_999, step in 1_i64..999) {
        let end = start + length;
        let expected: Vec<i64> = (start..=end).filter(|t| t.rem_euclid(step) == 0).collect();
        let found = Span::aligned(start, end, step).map(|span| times(&span)).unwrap_or_default();
        prop_assert_eq!(found, expected);
    }

    /// Splitting down to the last piece ends, and every name has every time exactly once: also the names that
    /// the server did not list.
    #[test]
    fn splits_are_the_whole(points in 1_i64..300, names in names(), listed in any::<u64>(), open in any::<bool>(), least in 1_usize..600) {
        let known: Vec<String> = names.iter().enumerate().filter(|(i, _)| listed >> i & 1 == 1).map(|(_, n)| n.clone()).collect();
        let span = Span { start_ms: 0, end_ms: points - 1, step_ms: 1 };
        let mut waiting = vec![Piece { query: 0, span, part: Part::All }];
        let mut found: Vec<(&String, i64)> = Vec::new();
        while let Some(piece) = waiting.pop() {
            let held: Vec<&String> = {
                let holds = holds(&piece.part);
                names.iter().filter(|name| holds(name)).collect()
            };
            let size = piece.span.points() as usize * held.len().max(1);
            let split = if size <= least { Split::Nothing } else { piece.split(open, open.then_some(&known), 1) };
            match split {
                Split::Into(parts) => waiting.extend(parts),
                Split::Nothing => found.extend(held.iter().flat_map(|n| times(&piece.span).into_iter().map(move |t| (*n, t)))),
                Split::Names => prop_assert!(false, "names are known"),
            }
        }
        found.sort();
        let mut expected: Vec<(&String, i64)> = names.iter().flat_map(|name| (0..points).map(move |t| (name, t))).collect();
        expected.sort();
        prop_assert_eq!(found, expected);
    }

    /// Each series is in one shard, whichever names the server lists to each of them.
    #[test]
    fn shards_are_the_whole(names in names(), listed in prop::collection::vec(any::<u64>(), 5), of in 1_u32..6) {
        let mut holders = vec![0; names.len()];
        for index in 0..of {
            let shard = Shard { index, of };
            let known = names.iter().enumerate().filter(|(i, _)| listed[index as usize] >> i & 1 == 1);
            let known: Vec<String> = known.map(|(_, n)| n.clone()).collect();
            let parts: Vec<_> = parts_of(&known, |name| shard.has(name)).iter().map(holds).collect();
            for (name, holders) in names.iter().zip(&mut holders) {
                let times = parts.iter().filter(|holds| holds(name)).count();
                prop_assert!(times <= 1, "{} comes twice", name);
                // What a part brings of another shard is dropped where it arrives.
                *holders += usize::from(times == 1 && shard.has(name));
            }
        }
        prop_assert!(holders.iter().all(|&count| count == 1));
    }
}

/// Some of them long, so that a list of them does not fit into a request.
fn names() -> impl Strategy<Value = Vec<String>> {
    let name = prop_oneof!["[a-c]{0,3}", "[a-c.]{1,3}_[a-c]{700}", "[a-c]{1,2}_(total|sum|bucket)"];
    prop::collection::btree_set(name, 0..30).prop_map(|set| set.into_iter().collect())
}

/// What a server makes of the matchers of a part.
fn holds(part: &Part) -> impl Fn(&str) -> bool + use<> {
    let text = if *part == Part::All { String::new() } else { Query::new("{}").narrowed(part) };
    assert!(text.len() < 16_384, "VictoriaMetrics takes no longer query");
    let matchers = regex::Regex::new(r#"__name__(=~|!~|=)"((?:[^"\\]|\\.)*)""#).unwrap();
    let matchers = matchers.captures_iter(&text).map(|matcher| {
        let value = matcher[2].replace("\\\\", "\\");
        let value = if &matcher[1] == "=" { regex::escape(&value) } else { value };
        (regex::Regex::new(&format!("^(?:{value})$")).unwrap(), &matcher[1] != "!~")
    });
    let matchers: Vec<_> = matchers.collect();
    move |name| matchers.iter().all(|(pattern, wanted)| pattern.is_match(name) == *wanted)
}

/// Gives a few bytes at a time.
struct Drops<'a>(&'a [u8], usize);

impl Read for Drops<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let size = self.1.min(self.0.len()).min(out.len());
        out[..size].copy_from_slice(&self.0[..size]);
        self.0 = &self.0[size..];
        Ok(size)
    }
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<f64>().prop_map(|v| v.to_string()),
        (-1e6..1e6).prop_map(|v: f64| v.to_string()),
        any::<i64>().prop_map(|v| v.to_string()),
        any::<f64>().prop_map(|v| format!("{v:e}")),
        prop::sample::select(vec!["NaN", "+Inf", "-Inf", "0", "-0", "1e-07", "1e+21"]).prop_map(String::from),
    ]
}

fn series() -> impl Strategy<Value = Value> {
    let labels = prop::collection::btree_map("[a-z_]{1,6}", any::<String>(), 0..4);
    let points = prop::collection::vec((0_i64..4_000_000_000_000, value()), 0..20);
    (labels, points, any::<bool>()).prop_map(|(labels, points, more)| {
        let points: Vec<Value> = points.iter().map(|(ms, v)| json!([*ms as f64 / 1000.0, v])).collect();
        match more {
            true => json!({"metric": labels, "values": points, "histograms": [[1, {"buckets": [[0, "]", "}"]]}]]}),
            false => json!({"metric": labels, "values": points}),
        }
    })
}

fn body() -> impl Strategy<Value = Value> {
    let warnings = prop::collection::vec(any::<String>(), 0..3);
    (prop::collection::vec(series(), 0..6), warnings, any::<String>()).prop_map(|(series, warnings, extra)| {
        json!({"status": "success", format!("x{extra}"): [extra, {"a": null}],
               "data": {"resultType": "matrix", "result": series}, "warnings": warnings})
    })
}

fn check(found: &Series, expected: &Value) -> Result<(), TestCaseError> {
    let labels: serde_json::Map<String, Value> =
        found.labels.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
    prop_assert_eq!(Value::Object(labels), expected["metric"].clone());
    // serde_json may be off by the last bit of a number, so it only says whether the list is JSON.
    let list = |text: &[u8]| -> Vec<Option<f64>> {
        let text = String::from_utf8(text.to_vec()).expect("text");
        serde_json::from_str::<Vec<Value>>(&format!("[{text}]")).expect("a list");
        let texts = text.split(',').filter(|number| !number.is_empty());
        texts.map(|number| (number != "null").then(|| number.parse().expect("a number"))).collect()
    };
    let points = expected["values"].as_array().expect("points");
    let times: Vec<_> = points.iter().map(|p| p[0].as_f64().map(|t| (t * 1000.0).round())).collect();
    prop_assert_eq!(list(found.points.times()), times);
    let values = points.iter().map(|p| p[1].as_str().and_then(|v| v.parse::<f64>().ok()));
    let values: Vec<_> = values.map(|v| v.filter(|v| v.is_finite())).collect();
    prop_assert_eq!(list(found.points.values()), values);
    prop_assert_eq!(found.histograms, expected.get("histograms").is_some());
    Ok(())
}

proptest! {
    #[test]
    fn answers_are_read_as_serde_json_reads_them(body in body(), pretty in any::<bool>(), drop in 1_usize..50) {
        let text = if pretty { serde_json::to_vec_pretty(&body) } else { serde_json::to_vec(&body) }.unwrap();
        let mut found = Vec::new();
        let ending = reply::read(Drops(&text, drop), Bounds::none(), &mut |series| {
            found.push(series.clone());
            true
        });
        let ending = ending.unwrap();
        let series = body["data"]["result"].as_array().unwrap();
        prop_assert_eq!(found.len(), series.len());
        for (found, expected) in found.iter().zip(series) {
            check(found, expected)?;
        }
        prop_assert_eq!(json!(ending.warnings), body["warnings"].clone());
    }

    #[test]
    fn a_cut_answer_is_never_taken_for_a_whole_one(body in body(), place in 0.0..1.0) {
        let text = serde_json::to_vec(&body).unwrap();
        let cut = (text.len() as f64 * place) as usize;
        prop_assert!(reply::read(&text[..cut], Bounds::none(), &mut |_| true).is_err());
    }

    #[test]
    fn no_body_makes_the_reader_panic(body in body(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5)) {
        let mut text = serde_json::to_vec(&body).unwrap();
        for (place, byte) in changes {
            let place = place.index(text.len());
            text[place] = byte;
        }
        let _ = reply::read(text.as_slice(), Bounds::none(), &mut |_| true);
    }

    #[test]
    fn no_query_makes_the_reader_panic(text in any::<String>()) {
        let query = Query::new(&text);
        let _ = query.narrowed(&Part::Named(vec![text]));
    }
}
