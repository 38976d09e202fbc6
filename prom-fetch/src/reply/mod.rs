//! The text of an answer: its series one by one as they arrive, then its warnings and its verdict.

mod answer;
mod cursor;
mod digits;
pub mod line;
pub mod point;
mod text;

use std::io::Read;

pub use answer::{Bounds, Ending, Series};
use cursor::Lack;
use point::Step;
pub use text::Fault;
use text::Text;

/// Reads an answer of `query_range`, or of `query` with a range selector, handing each series to
/// `each` as soon as it is there; `each` returns false to stop.
///
/// Memory: one series, whatever the size of the answer. Series before a break have been handed out already: the caller must say so.
///
/// ```
/// let body = r#"{"status":"success","data":{"resultType":"matrix","result":[
///     {"metric":{"__name__":"up"},"values":[[1700000000,"1"],[1700000000.5,"+Inf"]]}]}}"#;
/// use prom_fetch::reply::{self, Bounds};
/// let ending = reply::read(body.as_bytes(), Bounds::none(), &mut |series| {
///     assert_eq!(series.label("__name__"), "up");
///     assert_eq!(series.points.values(), b"1,null");
///     assert_eq!(series.points.times(), b"1700000000000,1700000000500");
///     true
/// });
/// assert_eq!(ending.unwrap().flaw(), None);
/// ```
pub fn read<R: Read>(input: R, bounds: Bounds, each: &mut dyn FnMut(&Series) -> bool) -> Result<Ending, Fault> {
    let series = Series::default();
    let mut reply = Reply { text: Text::new(input), bounds, series, ending: Ending::default(), each };
    reply.object(Reply::top)?;
    if reply.text.look()?.is_some() {
        return Err(reply.text.unexpected("the end of the body"));
    }
    Ok(reply.ending)
}

struct Reply<'a, R> {
    text: Text<R>,
    bounds: Bounds,
    series: Series,
    ending: Ending,
    each: &'a mut dyn FnMut(&Series) -> bool,
}

impl<R: Read> Reply<'_, R> {
    fn object(&mut self, field: fn(&mut Self, &str) -> Result<(), Fault>) -> Result<(), Fault> {
        self.text.expect(b'{')?;
        if self.text.accept(b'}')? {
            return Ok(());
        }
        loop {
            let key: String = self.text.value("a key")?;
            self.text.expect(b':')?;
            field(self, &key)?;
            if self.text.accept(b'}')? {
                return Ok(());
            }
            self.text.expect(b',')?;
        }
    }

    fn top(&mut self, key: &str) -> Result<(), Fault> {
        match key {
            "status" => self.ending.status = self.text.value("the status")?,
            "error" => self.ending.error = self.text.value("the error")?,
            "warnings" => self.ending.warnings = self.list("the warnings")?,
            "infos" => self.ending.infos = self.list("the infos")?,
            "isPartial" => self.ending.partial = self.text.value("isPartial")?,
            "data" if self.text.peek()? == b'{' => self.object(Self::data)?,
            _ => self.text.skip()?,
        }
        Ok(())
    }

    fn list(&mut self, what: &str) -> Result<Vec<String>, Fault> {
        Ok(self.text.value::<Option<Vec<String>>>(what)?.unwrap_or_default())
    }

    fn data(&mut self, key: &str) -> Result<(), Fault> {
        match key {
            "resultType" => self.ending.kind = self.text.value("the type of the result")?,
            "result" if self.text.peek()? == b'[' => self.result()?,
            // VictoriaMetrics and some proxies write null for an empty list.
            "result" => self.ending.matrix = self.text.value::<Option<()>>("the result")?.is_none(),
            _ => self.text.skip()?,
        }
        Ok(())
    }

    fn result(&mut self) -> Result<(), Fault> {
        if !matches!(self.ending.kind.as_str(), "" | "matrix") {
            return Err(self.text.broken(&format!("expected a matrix: \"{}\"", self.ending.kind)));
        }
        self.text.expect(b'[')?;
        self.ending.matrix = true;
        if self.text.accept(b']')? {
            return Ok(());
        }
        loop {
            self.series.labels.clear();
            self.series.points.clear();
            self.series.histograms = false;
            self.object(Self::series)?;
            if !(self.each)(&self.series) {
                return Err(Fault::Stopped);
            }
            if self.text.accept(b']')? {
                return Ok(());
            }
            self.text.expect(b',')?;
        }
    }

    fn series(&mut self, key: &str) -> Result<(), Fault> {
        match key {
            "metric" => {
                let metric: serde_json::Map<_, _> = self.text.value("the labels of a series")?;
                for (name, value) in metric {
                    let serde_json::Value::String(value) = value else {
                        return Err(self.text.broken("the value of a label is no text"));
                    };
                    self.series.labels.push((name, value));
                }
            }
            "values" => self.points()?,
            "histograms" => {
                self.series.histograms = true;
                self.text.skip()?;
            }
            "value" | "histogram" => return Err(self.text.broken("expected a matrix: \"vector\"")),
            _ => self.text.skip()?,
        }
        Ok(())
    }

    fn points(&mut self) -> Result<(), Fault> {
        self.text.expect(b'[')?;
        if self.text.accept(b']')? {
            return Ok(());
        }
        let mut count = 0;
        loop {
            if !self.series.points.reserve(self.text.ready().len()) {
                return Err(self.text.broken("out of memory: the samples of a series"));
            }
            let mut used = 0;
            let lack = loop {
                match self.series.points.take(&self.text.ready()[used..], self.bounds.within.as_ref()) {
                    Ok(Step::Next(bytes)) => used += bytes,
                    Ok(Step::Last(bytes)) => {
                        self.text.advance(used + bytes);
                        return Ok(());
                    }
                    Err(lack) => break lack,
                }
                count += 1;
            };
            if count > self.bounds.points {
                return Err(self.text.broken("a series has more points than were asked for"));
            }
            self.text.advance(used);
            if lack == Lack::Bad {
                return Err(self.text.unexpected("a point [time,\"value\"]"));
            }
            if !self.text.fill()? {
                return Err(self.text.cut_short());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(body: &str) -> Result<(Vec<Series>, Ending), Fault> {
        let mut found = Vec::new();
        let ending = read(body.as_bytes(), Bounds::none(), &mut |series| {
            found.push(series.clone());
            true
        })?;
        Ok((found, ending))
    }

    fn body(result: &str, rest: &str) -> String {
        format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{result}]}}{rest}}}"#)
    }

    #[test]
    fn series_come_with_labels_and_points() {
        let text =
            r#"{"metric":{"__name__":"up","a":"\u00e9\""},"values":[[1,"2"],[2.5,"NaN"]]},{"metric":{},"values":[]}"#;
        let (series, ending) = all(&body(text, "")).unwrap();
        assert_eq!(series[0].label("a"), "é\"");
        assert_eq!((series[0].points.values(), series[0].points.times()), (&b"2,null"[..], &b"1000,2500"[..]));
        assert_eq!((series.len(), series[1].points.count(), ending.flaw()), (2, 0, None));
    }

    #[test]
    fn histograms_are_passed_over_and_marked() {
        let text = r#"{"metric":{},"histograms":[[1,{"count":"2","buckets":[[0,"1","2","]"]]}]]}"#;
        assert!(all(&body(text, "")).unwrap().0[0].histograms);
    }

    #[test]
    fn warnings_and_flaws_are_found_behind_the_series() {
        let (_, ending) = all(&body("", r#","warnings":["slow"],"infos":null,"stats":{"a":[1]}"#)).unwrap();
        assert_eq!((ending.warnings.as_slice(), ending.flaw()), (&["slow".to_string()][..], None));
        let flaw = |rest| all(&body("", rest)).unwrap().1.flaw().unwrap();
        assert!(flaw(r#","warnings":["results truncated due to limit"]"#).contains("incomplete"));
        assert!(flaw(r#","isPartial":true"#).contains("incomplete"));
        let late = r#"{"status":"error","errorType":"internal","error":"disk"}"#;
        assert_eq!(all(late).unwrap().1.flaw().unwrap(), "the server gives up: \"disk\"");
        assert_eq!(all("{}").unwrap().1.flaw().unwrap(), "the server gives up: \"\"");
    }

    #[test]
    fn an_answer_without_a_result_has_no_series() {
        let text = r#"{"status":"success","data":{"resultType":"matrix","result":null}}"#;
        assert_eq!(all(text).unwrap().0, []);
        assert_eq!(all(text).unwrap().1.flaw(), None);
    }

    #[test]
    fn success_without_a_matrix_is_none() {
        for data in [r#"{}"#.to_string(), "[]".into(), "null".into(), "[".repeat(200_000) + &"]".repeat(200_000)] {
            let ending = all(&format!(r#"{{"status":"success","data":{data}}}"#)).unwrap().1;
            assert!(ending.flaw().unwrap().starts_with("expected a matrix"));
        }
        assert!(all(r#"{"status":"success","data":{"result":{}}}"#).is_err());
    }

    #[test]
    fn endless_points_end() {
        let text = body(r#"{"metric":{},"values":[[1,"2"],[2,"2"],[3,"2"],[4,"2"]]}"#, "");
        let bounds = |points| Bounds { within: Some(2_000..=3_000), points };
        assert!(read(text.as_bytes(), bounds(4), &mut |_| true).is_ok());
        let first = text.find("[1,").unwrap();
        let endless = std::io::Read::chain(&text.as_bytes()[..first], Again(b"[1,\"2\"],", 0));
        let Err(Fault::Broken(what)) = read(endless, bounds(4), &mut |_| true) else { panic!("it ends") };
        assert!(what.contains("more points"), "{what}");
    }

    /// The same bytes for ever.
    struct Again(&'static [u8], usize);

    impl Read for Again {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            for byte in out.iter_mut() {
                *byte = self.0[self.1 % self.0.len()];
                self.1 += 1;
            }
            Ok(out.len())
        }
    }

    #[test]
    fn other_answers_are_refused_with_their_place() {
        let vector = r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#;
        assert_eq!(all(vector), Err(Fault::Broken("byte 60: expected a matrix: \"vector\"".to_string())));
        assert_eq!(all("<html>"), Err(Fault::Broken("byte 1: expected \"{\": \"<html>\"".to_string())));
        let point = body(r#"{"metric":{},"values":[[1,2]]}"#, "");
        assert_eq!(
            all(&point),
            Err(Fault::Broken("byte 84: expected a point [time,\"value\"]: \"[1,2]]}]}}\"".to_string()))
        );
    }

    #[test]
    fn every_cut_is_noticed() {
        let whole = body(r#"{"metric":{"a":"b"},"values":[[1,"2"],[2,"3"]]}"#, r#","warnings":["w"]"#);
        for length in 0..whole.len() {
            assert!(matches!(all(&whole[..length]), Err(Fault::Cut(_))), "{length}");
        }
    }
}
