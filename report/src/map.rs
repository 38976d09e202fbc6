//! Metrics as points: their loadings on the first two components.

use std::fmt::Write;

use crate::scale::Scale;
use crate::words::{escape, number};

/// A point a metric.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// The points, that of largest weight first.
    pub points: Vec<Point>,
    /// How many of them are named.
    pub named: usize,
}

/// A metric by its loadings.
#[derive(Clone, Debug, Default)]
pub struct Point {
    /// Its name.
    pub name: String,
    /// Loading on the first component.
    pub x: f64,
    /// Loading on the second component.
    pub y: f64,
    /// Its contribution: the area of the dot.
    pub weight: f64,
}

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 420.0;
const EDGE: f64 = 46.0;
/// Least distance between the lines of two names.
const LINE: f64 = 15.0;

impl Map {
    /// The picture.
    pub(crate) fn html(&self) -> String {
        let points: Vec<&Point> = self.points.iter().filter(|p| p.x.is_finite() && p.y.is_finite()).collect();
        let reach = points.iter().fold(1e-9, |reach: f64, p| reach.max(p.x.abs()).max(p.y.abs())) * 1.08;
        let x = Scale::new(-reach, reach, EDGE, WIDTH - EDGE);
        let y = Scale::new(-reach, reach, HEIGHT - EDGE, EDGE / 2.0);
        let weight = |p: &Point| if p.weight.is_finite() { p.weight.max(0.0) } else { 0.0 };
        let heaviest = points.iter().fold(0.0, |most: f64, p| most.max(weight(p)));
        let mut out = format!(
            "<svg class=\"map\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"loadings of {} metrics on the \
             first two components\">\n",
            points.len()
        );
        axes(x, y, &mut out);
        for point in points.iter().rev() {
            let radius = if heaviest > 0.0 { 2.5 + 11.0 * (weight(point) / heaviest).sqrt() } else { 3.0 };
            let text = escape(&format!("{}: {}, {}", point.name, number(point.x, ""), number(point.y, "")));
            let _ = writeln!(
                out,
                "<circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\"><title>{text}</title></circle>",
                x.at(point.x),
                y.at(point.y)
            );
        }
        self.names(&points, x, y, &mut out);
        out + "</svg>\n"
    }

    /// Names beside the heaviest points, moved down or up where two would cover each other.
    fn names(&self, points: &[&Point], x: Scale, y: Scale, out: &mut String) {
        let mut taken: Vec<(bool, f64)> = Vec::new();
        for point in points.iter().take(self.named) {
            let (px, py) = (x.at(point.x), y.at(point.y));
            let left = px > 0.6 * WIDTH;
            let free = |at: f64| taken.iter().all(|(side, line)| *side != left || (line - at).abs() >= LINE);
            let steps = (0..24).map(|i| py + LINE * f64::from(if i % 2 == 0 { i / 2 } else { -(i / 2) - 1 }));
            let inside = |at: &f64| (EDGE / 2.0..HEIGHT - EDGE / 2.0).contains(at);
            let Some(line) = steps.filter(inside).find(|at| free(*at)) else { continue };
            taken.push((left, line));
            let (anchor, shift) = if left { ("end", -16.0) } else { ("start", 16.0) };
            let _ = writeln!(
                out,
                "<line class=\"lead\" x1=\"{px:.1}\" y1=\"{py:.1}\" x2=\"{:.1}\" y2=\"{line:.1}\"/>\
                 <text class=\"name\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
                px + shift * 0.85,
                px + shift,
                line + 4.0,
                escape(&shortened(&point.name))
            );
        }
    }
}

/// Both axes, with their names.
fn axes(x: Scale, y: Scale, out: &mut String) {
    let (zero_x, zero_y) = (x.at(0.0), y.at(0.0));
    let _ = writeln!(
        out,
        "<line class=\"rule\" x1=\"{EDGE}\" x2=\"{:.1}\" y1=\"{zero_y:.1}\" y2=\"{zero_y:.1}\"/>\
         <line class=\"rule\" x1=\"{zero_x:.1}\" x2=\"{zero_x:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
        WIDTH - EDGE,
        EDGE / 2.0,
        HEIGHT - EDGE
    );
    let _ = writeln!(
        out,
        "<text class=\"phase\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">loading on pc1 →</text>\
         <text class=\"phase\" x=\"{:.1}\" y=\"{:.1}\">↑ loading on pc2</text>",
        WIDTH - EDGE,
        HEIGHT - 12.0,
        zero_x + 6.0,
        EDGE / 2.0 + 8.0
    );
}

/// At most 48 letters.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(48) {
        Some((end, _)) => format!("{}…", name[..end].trim_end()),
        None => name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_without_a_place_are_left_out() {
        let point = |x: f64| Point { name: "a".into(), x, y: 0.5, weight: 1.0 };
        let html = Map { points: vec![point(0.5), point(f64::NAN)], named: 2 }.html();
        assert_eq!(html.matches("<circle").count(), 1);
        assert!(!html.contains("NaN"));
    }

    #[test]
    fn names_do_not_cover_each_other() {
        let point = Point { name: "a".into(), x: 0.5, y: 0.5, weight: 1.0 };
        let html = Map { points: vec![point; 5], named: 5 }.html();
        let lines: std::collections::BTreeSet<&str> =
            html.lines().filter_map(|line| line.split("class=\"name\"").nth(1)?.split("y=\"").nth(1)).collect();
        assert_eq!(lines.len(), 5);
    }
}
