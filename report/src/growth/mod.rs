//! Metrics over load: a small picture each, all on one axis of loads.

use std::fmt::Write;

use crate::scale::{LoadScale, Scale, extent, ticks, with_zero};
use crate::words::{breakable, escape, number};

/// Several metrics over the same loads.
#[derive(Clone, Debug, Default)]
pub struct Curves {
    /// The metrics, in the order of the ranking.
    pub curves: Vec<Curve>,
}

/// One metric over load.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// Its name, and what stands in front of it.
    pub title: String,
    /// Words below the name.
    pub detail: String,
    /// Unit of the values.
    pub unit: &'static str,
    /// What was measured, loads ascending.
    pub levels: Vec<Level>,
    /// Load at which the slope changes.
    pub knee: Option<f64>,
    /// First load at which it left the line of the lower ones.
    pub left_at: Option<f64>,
    /// Load of the largest throughput.
    pub peak: Option<f64>,
}

/// A metric at one load; what is not known is not finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The load.
    pub load: f64,
    /// The mean measured there.
    pub value: f64,
    /// The power of the load that was fitted, there.
    pub line: f64,
    /// The Universal Scalability Law that was fitted, there.
    pub law: f64,
}

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 14.0;
/// Room for the words of the marks.
const TOP: f64 = 32.0;
const BOTTOM: f64 = 28.0;
/// The width of a letter of a mark's words.
const LETTER: f64 = 6.0;
/// Pieces of a curve between two loads.
const PIECES: u32 = 12;

impl Curves {
    /// A sentence on the loads and on what is drawn.
    pub(crate) fn note(&self) -> String {
        let (low, high) = self.range();
        let kind = if self.axis().is_log() { "logarithmic" } else { "linear" };
        let span = match low < high {
            true => format!("Loads from {} to {}, on a {kind} axis.", number(low, ""), number(high, "")),
            false => format!("One load, {}.", number(low, "")),
        };
        let any = |pick: fn(&Level) -> f64| {
            self.curves.iter().any(|curve| curve.levels.iter().any(|level| pick(level).is_finite()))
        };
        let mut out = format!("{span} A dot is the mean of a level");
        out += if any(|level| level.line) { ", the dashed curve the power of the load that fits best" } else { "" };
        out += if any(|level| level.law) { ", the full one the Universal Scalability Law" } else { "" };
        out += ". ";
        let axis = self.axis();
        let drawn = |mark: fn(&Curve) -> Option<f64>| {
            self.curves.iter().any(|curve| mark(curve).is_some_and(|load| axis.has(load)))
        };
        out +=
            if drawn(|curve| curve.left_at) { "A ring is where it first left the line of lower loads. " } else { "" };
        out += if drawn(|curve| curve.knee) { "A knee is where the slope changes. " } else { "" };
        out += if drawn(|curve| curve.peak) { "A peak is the load of most throughput, by that law. " } else { "" };
        out.trim_end().to_string()
    }

    /// The pictures, side by side where there is room.
    pub(crate) fn html(&self) -> String {
        let axis = self.axis();
        let mut out = String::from("<div class=\"growth\">\n");
        for curve in &self.curves {
            let (title, detail) = (breakable(&curve.title), escape(&curve.detail));
            let _ = write!(
                out,
                "<figure><figcaption><b>{title}</b><span>{detail}</span></figcaption>\n{}</figure>\n",
                curve.plot(&axis)
            );
        }
        out + "</div>\n"
    }

    fn range(&self) -> (f64, f64) {
        let loads: Vec<f64> = self.curves.iter().flat_map(Curve::dots).map(|(load, _)| load).collect();
        extent([loads.as_slice()]).unwrap_or((0.0, 0.0))
    }

    pub(crate) fn axis(&self) -> LoadScale {
        let (low, high) = self.range();
        LoadScale::new(low, high, LEFT + 6.0, WIDTH - RIGHT)
    }
}

impl Curve {
    /// Loads and values that can be drawn.
    fn dots(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let whole = |level: &&Level| level.load.is_finite() && level.value.is_finite();
        self.levels.iter().filter(whole).map(|level| (level.load, level.value))
    }

    /// From the least value, measured or fitted, to the largest measured.
    fn values(&self) -> (f64, f64) {
        let measured: Vec<f64> = self.dots().map(|(_, value)| value).collect();
        let fitted: Vec<f64> = self.levels.iter().flat_map(|level| [level.line, level.law]).collect();
        let (low, high) = extent([measured.as_slice()]).unwrap_or((0.0, 1.0));
        let low = extent([fitted.as_slice()]).map_or(low, |(least, _)| low.min(least));
        // what differs by the rounding of a fit is constant
        if high - low <= 1e-9 * high.abs() { (high, high) } else { (low, high) }
    }

    /// The vertical scale ends at the largest value measured: a curve that leaves the picture is cut off.
    pub(crate) fn plot(&self, x: &LoadScale) -> String {
        let (low, high) = with_zero(self.values());
        let (foot, end) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
        let y = Scale::new(low, high, foot - 6.0, TOP);
        let mut out = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">\n",
            escape(&format!("{} over load: {}", self.title, self.detail))
        );
        for tick in if high > low { ticks(low, high, 4) } else { vec![low] } {
            let at = y.at(tick);
            let _ = writeln!(out, "<line class=\"rule\" x1=\"{LEFT}\" x2=\"{end}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>");
            let text = escape(&number(tick, self.unit));
            let _ = writeln!(out, "<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>", LEFT - 8.0, at + 4.0);
        }
        for tick in x.ticks() {
            let (at, text) = (x.at(tick), escape(&number(tick, "")));
            let _ = writeln!(
                out,
                "<line class=\"rule\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{foot}\" y2=\"{}\"/>",
                foot + 5.0
            );
            let _ = writeln!(out, "<text class=\"time\" x=\"{at:.1}\" y=\"{}\">{text}</text>", HEIGHT - 8.0);
        }
        let _ = writeln!(
            out,
            "<text class=\"phase\" x=\"{:.1}\" y=\"{}\" text-anchor=\"end\">load</text>",
            LEFT - 8.0,
            HEIGHT - 8.0
        );
        for (class, pick) in [("fitted", (|level| level.line) as fn(&Level) -> f64), ("law", |level| level.law)] {
            let path = path(self.levels.iter().map(|level| (level.load, pick(level))), x, &y);
            out += &path.map_or(String::new(), |path| format!("<path class=\"line {class}\" d=\"{path}\"/>\n"));
        }
        self.marks(x, &y, &mut out);
        out + "</svg>"
    }

    fn marks(&self, x: &LoadScale, y: &Scale, out: &mut String) {
        // their words on the outer side, where there is room
        for (name, load, line, out_left) in [("knee", self.knee, 10.0, true), ("peak", self.peak, 24.0, false)] {
            let Some(load) = load.filter(|load| x.has(*load)) else { continue };
            let at = x.at(load);
            let words = format!("{name} {}", number(load, ""));
            let room = LETTER * words.chars().count() as f64;
            let left = if out_left { at > room } else { at + room > WIDTH };
            let (anchor, shift) = if left { ("end", -5.0) } else { ("start", 5.0) };
            let _ = writeln!(
                out,
                "<line class=\"onset\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{}\" y2=\"{}\"/>\
                 <text class=\"mark\" x=\"{:.1}\" y=\"{line}\" text-anchor=\"{anchor}\">{}</text>",
                line - 10.0,
                HEIGHT - BOTTOM,
                at + shift,
                escape(&words)
            );
        }
        for (load, value) in self.dots() {
            let (cx, cy) = (x.at(load), y.at(value));
            if self.left_at.is_some_and(|left| left.total_cmp(&load).is_eq()) {
                let _ = writeln!(out, "<circle class=\"peak\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"6.5\"/>");
            }
            let text = escape(&format!("load {}: {}", number(load, ""), number(value, self.unit)));
            let _ = writeln!(
                out,
                "<circle class=\"level\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"3.4\"><title>{text}</title></circle>"
            );
        }
    }
}

/// A curve through fitted values. Between two loads it is the power of the load that joins them,
/// which a fitted power is; `None` for fewer than two loads.
fn path(fitted: impl Iterator<Item = (f64, f64)>, x: &LoadScale, y: &Scale) -> Option<String> {
    let mut points: Vec<(f64, f64)> = fitted.filter(|(load, value)| load.is_finite() && value.is_finite()).collect();
    points.dedup_by(|a, b| a.0.total_cmp(&b.0).is_eq());
    let first = points.first().filter(|_| points.len() > 1)?;
    let mut out = format!("M{:.1} {:.1}", x.at(first.0), y.at(first.1));
    for pair in points.windows(2) {
        for piece in 1..=PIECES {
            let (load, value) = between(pair[0], pair[1], f64::from(piece) / f64::from(PIECES));
            let _ = write!(out, "L{:.1} {:.1}", x.at(load), y.at(value));
        }
    }
    Some(out)
}

/// A point between two, on a straight line of logarithms where these exist.
fn between(a: (f64, f64), b: (f64, f64), share: f64) -> (f64, f64) {
    let mix = |a: f64, b: f64| a * (1.0 - share) + b * share;
    if [a.0, a.1, b.0, b.1].iter().all(|v| *v > 0.0) {
        return (mix(a.0.ln(), b.0.ln()).exp(), mix(a.1.ln(), b.1.ln()).exp());
    }
    (mix(a.0, b.0), mix(a.1, b.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(load: f64, value: f64) -> Level {
        Level { load, value, line: load * load, law: f64::NAN }
    }

    #[test]
    fn fitted_power_is_drawn_as_a_power() {
        let (x, y) = (LoadScale::new(1.0, 4.0, 1.0, 4.0), Scale::new(0.0, 16.0, 0.0, 16.0));
        let drawn = path([(1.0, 1.0), (4.0, 16.0)].into_iter(), &x, &y).unwrap_or_default();
        assert!(drawn.contains("L2.0 4.0"), "{drawn}");
        assert_eq!(path([(1.0, 1.0), (1.0, 1.0), (2.0, f64::NAN)].into_iter(), &x, &y), None);
    }

    #[test]
    fn marks_beyond_the_loads_are_not_drawn() {
        let curve = |peak| Curve { levels: vec![level(1.0, 1.0), level(4.0, 9.0)], peak, ..Curve::default() };
        let html = |peak| Curves { curves: vec![curve(Some(peak))] }.html();
        assert!(html(3.0).contains(">peak 3<"));
        assert!(!html(9.0).contains("mark") && !html(f64::INFINITY).contains("mark"));
    }

    #[test]
    fn fitted_curve_may_leave_at_the_top_alone() {
        let levels = vec![Level { line: 2.0, ..level(1.0, 9.0) }, Level { line: 99.0, ..level(4.0, 10.0) }];
        assert_eq!(Curve { levels, ..Curve::default() }.values(), (2.0, 10.0));
        assert_eq!(Curve::default().values(), (0.0, 1.0));
        let levels = vec![Level { line: 16.0 * (1.0 - f64::EPSILON), ..level(1.0, 16.0) }];
        assert_eq!(Curve { levels, ..Curve::default() }.values(), (16.0, 16.0));
    }

    #[test]
    fn ring_is_around_the_load_that_left() {
        let levels = vec![level(1.0, 1.0), level(4.0, 9.0), level(f64::NAN, 1.0)];
        let html = Curves { curves: vec![Curve { levels, left_at: Some(4.0), ..Curve::default() }] }.html();
        assert_eq!((html.matches("\"level\"").count(), html.matches("\"peak\"").count()), (2, 1));
    }

    #[test]
    fn note_says_which_axis() {
        let curves = |high| Curves {
            curves: vec![Curve { levels: vec![level(1.0, 1.0), level(high, 2.0)], ..Curve::default() }],
        };
        assert!(curves(8.0).note().starts_with("Loads from 1 to 8, on a logarithmic axis."));
        assert!(curves(7.9).note().starts_with("Loads from 1 to 7.9, on a linear axis."));
        assert!(curves(1.0).note().starts_with("One load, 1."));
    }
}
