//! Series lines, the form that all this is written in.

use super::Series;
use crate::server::types::Types;

/// Appends one series as one line: VictoriaMetrics' export line, with what the metadata says of it.
pub fn write(out: &mut Vec<u8>, series: &Series, types: Option<&Types>) {
    out.extend_from_slice(b"{\"metric\":{");
    for (i, (name, value)) in series.labels.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        text(out, name);
        out.push(b':');
        text(out, value);
    }
    out.push(b'}');
    if let Some(types) = types {
        let name = series.label("__name__");
        for (field, said) in [("type", types.of(name)), ("unit", types.unit(name)), ("help", types.help(name))] {
            let Some(said) = said else { continue };
            out.push(b',');
            text(out, field);
            out.push(b':');
            text(out, said);
        }
    }
    out.extend_from_slice(b",\"values\":[");
    out.extend_from_slice(series.points.values());
    out.extend_from_slice(b"],\"timestamps\":[");
    out.extend_from_slice(series.points.times());
    out.extend_from_slice(b"]}\n");
}

fn text(out: &mut Vec<u8>, value: &str) {
    if value.bytes().any(|b| b < b' ' || b == b'"' || b == b'\\') {
        out.extend_from_slice(serde_json::Value::from(value).to_string().as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(value.as_bytes());
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::point::Points;

    #[test]
    fn a_line_is_json_with_the_type_where_it_is_known() {
        let mut points = Points::default();
        points.take(b"[1,\"1\"],", None).unwrap();
        points.take(b"[2,\"NaN\"]]", None).unwrap();
        let labels = vec![("__name__".into(), "up".into()), ("a".into(), "x\"\n\u{1}é".into())];
        let series = Series { labels, points, histograms: false };
        let types = serde_json::json!({"up": [{"type": "gauge", "unit": "", "help": "Is it \"up\"?"}]});
        let types = Types::read(&types);
        let mut out = Vec::new();
        write(&mut out, &series, Some(&types));
        let expected = "{\"metric\":{\"__name__\":\"up\",\"a\":\"x\\\"\\n\\u0001é\"},\"type\":\"gauge\",\
                        \"help\":\"Is it \\\"up\\\"?\",\"values\":[1,null],\"timestamps\":[1000,2000]}\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
