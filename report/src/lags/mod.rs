//! What moved before the response time, and what after it.

use std::fmt::Write;

use crate::scale::{Scale, ticks};
use crate::words::{breakable, escape, number};

/// Metrics by when they moved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lags {
    /// What they are compared with.
    pub query: String,
    /// The metrics, earliest first.
    pub metrics: Vec<Lag>,
    /// The nearest metrics, each with the warping between it and the query.
    pub warpings: Vec<(String, Warping)>,
}

/// A metric, and when it moved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lag {
    /// Its name.
    pub name: String,
    /// Seconds after the query; negative when before.
    pub seconds: f64,
    /// Words below the name.
    pub detail: String,
    /// True when the metric moves the other way.
    pub opposite: bool,
}

/// Two series on one axis of rows, each scaled to its own range, and which of their rows are matched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Warping {
    /// The query: row and value.
    pub query: Vec<(f64, f64)>,
    /// The metric: row and value.
    pub metric: Vec<(f64, f64)>,
    /// Matched rows of the query and the metric.
    pub matches: Vec<(f64, f64)>,
}

/// Matches drawn of one warping.
const MATCHES: usize = 30;

impl Lags {
    /// A sentence on what is shown.
    pub(crate) fn note(&self) -> String {
        format!(
            "When each metric moved, against {}: the median shift along the path of dynamic time warping. Left of the line it moved \
             first.",
            self.query
        )
    }

    /// A line of time with a dot a metric.
    pub(crate) fn html(&self) -> String {
        let reach = self.metrics.iter().filter(|lag| lag.seconds.is_finite()).map(|lag| lag.seconds.abs());
        let reach = reach.fold(1.0, f64::max) * 1.7;
        let x = Scale::new(-reach, reach, 2.0, 98.0);
        let mut out = String::from("<div class=\"lags\">\n");
        for lag in self.metrics.iter().filter(|lag| lag.seconds.is_finite()) {
            out += &row(lag, x);
        }
        let _ = write!(
            out,
            "<div class=\"panel\"><span></span><svg class=\"draw\" height=\"34\" role=\"img\" aria-label=\"seconds before and \
             after\">"
        );
        for tick in ticks(-reach, reach, 6).into_iter().filter(|tick| tick.abs() <= reach) {
            let at = x.at(tick);
            let text = if tick == 0.0 { "0".to_string() } else { number(tick, "s") };
            let _ = write!(out, "<text class=\"time\" x=\"{at:.2}%\" y=\"12\" text-anchor=\"middle\">{text}</text>");
        }
        out += "<text class=\"phase\" x=\"2%\" y=\"30\">← before</text>\
                <text class=\"phase\" x=\"98%\" y=\"30\" text-anchor=\"end\">after →</text></svg></div>\n";
        out + "</div>\n" + &self.warpings()
    }

    fn warpings(&self) -> String {
        let drawn: Vec<String> =
            self.warpings.iter().filter_map(|(name, warping)| warping.html(&self.query, name)).collect();
        match drawn.is_empty() {
            true => String::new(),
            false => format!(
                "<h3>The nearest metrics</h3>\n<p class=\"note\">Above the query, below the metric, each scaled to its own range; a line \
                 joins moments that are matched.</p>\n<div class=\"warpings\">{}</div>\n",
                drawn.join("\n")
            ),
        }
    }
}

/// "2.5 s after", "0.5 s before", "at the same time".
pub(crate) fn when(seconds: f64) -> String {
    match seconds {
        0.0 => "at the same time".to_string(),
        s if s < 0.0 => format!("{} before", number(-s, "s")),
        s => format!("{} after", number(s, "s")),
    }
}

fn row(lag: &Lag, x: Scale) -> String {
    let (at, zero) = (x.at(lag.seconds), x.at(0.0));
    let words = when(lag.seconds);
    let sign = if lag.opposite { ", the other way" } else { "" };
    let (class, anchor, shift) = if lag.seconds < 0.0 { ("early", "end", -10) } else { ("late", "start", 10) };
    format!(
        "<figure class=\"panel\"><figcaption><b>{}</b><span>{}</span></figcaption>\n<svg class=\"draw\" height=\"34\" \
         role=\"img\" aria-label=\"{}\"><line class=\"onset\" x1=\"{zero:.2}%\" x2=\"{zero:.2}%\" y2=\"100%\"/>\
         <line class=\"reach {class}\" x1=\"{zero:.2}%\" x2=\"{at:.2}%\" y1=\"17\" y2=\"17\"/>\
         <circle class=\"{class}\" cx=\"{at:.2}%\" cy=\"17\" r=\"5\"/>\
         <text class=\"mark\" x=\"{at:.2}%\" dx=\"{shift}\" y=\"21\" text-anchor=\"{anchor}\">{words}{sign}</text></svg></figure>\n",
        breakable(&lag.name),
        escape(&lag.detail),
        escape(&format!("{}: {words}{sign}", lag.name))
    )
}

impl Warping {
    fn html(&self, query: &str, name: &str) -> Option<String> {
        let rows = crate::scale::extent([
            self.query.iter().map(|point| point.0).collect::<Vec<_>>().as_slice(),
            self.metric.iter().map(|point| point.0).collect::<Vec<_>>().as_slice(),
        ]);
        let (first, last) = rows.filter(|_| !self.matches.is_empty())?;
        let x = Scale::new(first, last, 10.0, 990.0);
        let (above, below) = (scaled(&self.query, x, 10.0, 130.0), scaled(&self.metric, x, 190.0, 310.0));
        let mut out = format!(
            "<figure><figcaption><b>{}</b></figcaption><svg viewBox=\"0 0 1000 320\" preserveAspectRatio=\"none\" \
             height=\"150\" role=\"img\" aria-label=\"{}\">",
            breakable(name),
            escape(&format!("{query} and {name}, matched"))
        );
        let every = self.matches.len().div_ceil(MATCHES);
        for (i, j) in self.matches.iter().step_by(every) {
            let (Some(a), Some(b)) = (place(&self.query, &above, *i), place(&self.metric, &below, *j)) else {
                continue;
            };
            let _ = write!(out, "<path class=\"match\" d=\"M{} {}L{} {}\"/>", a.0, a.1, b.0, b.1);
        }
        for (class, points) in [("lead", &above), ("over", &below)] {
            let path: Vec<String> = points.iter().map(|(x, y)| format!("{x} {y}")).collect();
            let _ = write!(out, "<path class=\"line {class}\" d=\"M{}\"/>", path.join("L"));
        }
        Some(out + "</svg></figure>")
    }
}

fn scaled(points: &[(f64, f64)], x: Scale, top: f64, foot: f64) -> Vec<(i64, i64)> {
    let values: Vec<f64> = points.iter().map(|point| point.1).collect();
    let (low, high) = crate::scale::extent([values.as_slice()]).unwrap_or((0.0, 1.0));
    let y = Scale::new(low, high, foot, top);
    points.iter().map(|(row, value)| (x.at(*row).round() as i64, y.at(*value).round() as i64)).collect()
}

fn place(points: &[(f64, f64)], drawn: &[(i64, i64)], row: f64) -> Option<(i64, i64)> {
    points.iter().position(|point| point.0.total_cmp(&row).is_eq()).and_then(|at| drawn.get(at).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lags_are_told_in_words() {
        assert_eq!([-0.5, 0.0, 2.5].map(when), ["500\u{a0}ms before", "at the same time", "2.5\u{a0}s after"]);
    }

    #[test]
    fn warping_needs_matches() {
        let mut warping = Warping { query: vec![(0.0, 1.0), (1.0, 2.0)], metric: vec![(0.0, 5.0)], matches: vec![] };
        assert_eq!(warping.html("q", "m"), None);
        warping.matches = vec![(0.0, 0.0), (1.0, 0.0), (7.0, 0.0)];
        assert_eq!(warping.html("q", "m").map(|html| html.matches("\"match\"").count()), Some(2));
    }
}
