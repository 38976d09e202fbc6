//! Metrics over time: steady state on the left, overload on the right, all on one time axis.

use std::fmt::Write;

use crate::scale::{Scale, extent, ticks, with_zero};
use crate::words::{breakable, escape, number};

/// Several metrics over the same two stretches of time.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Seconds from the start of the steady grid, a row each; may be empty.
    pub steady: Vec<f64>,
    /// Seconds from the start of the overload grid, a row each.
    pub overload: Vec<f64>,
    /// The metrics, the response time first where there is one.
    pub panels: Vec<Panel>,
}

/// One metric over time.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// Its name, and what stands in front of it.
    pub title: String,
    /// Words below the name.
    pub detail: String,
    /// Unit of the values.
    pub unit: &'static str,
    /// Values in the steady state, not finite where missing.
    pub steady: Vec<f64>,
    /// Values in the overload.
    pub overload: Vec<f64>,
    /// Seconds from the start of the overload at which it changed.
    pub onset: Option<f64>,
    /// Seconds from the start of the overload at which it peaked.
    pub peaks: Vec<f64>,
    /// True for what the others are compared with.
    pub leading: bool,
}

const WIDTH: f64 = 860.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 10.0;
/// Between the steady state and the overload.
const GAP: f64 = 14.0;
const TOP: f64 = 12.0;

/// Where both stretches lie on paper.
struct Axis {
    steady: Scale,
    overload: Scale,
    split: f64,
    has_steady: bool,
}

impl Timeline {
    /// The panels one under the other, with one time axis below.
    pub(crate) fn html(&self) -> String {
        let axis = self.axis();
        let mut out = String::from("<div class=\"timeline\">\n");
        for panel in &self.panels {
            let class = if panel.leading { "panel leading" } else { "panel" };
            let (title, detail) = (breakable(&panel.title), escape(&panel.detail));
            let _ = write!(
                out,
                "<figure class=\"{class}\"><figcaption><b>{title}</b><span>{detail}</span></figcaption>\n{}</figure>\n",
                self.plot(panel, &axis)
            );
        }
        out += &self.foot(&axis);
        out + "</div>\n"
    }

    /// Both stretches at one scale, unless one of them would get less than a fifth.
    fn axis(&self) -> Axis {
        let length = |times: &[f64]| extent([times]).map_or(0.0, |(low, high)| high - low);
        let (steady, overload) = (length(&self.steady), length(&self.overload));
        let room = WIDTH - LEFT - RIGHT - GAP;
        let has_steady = !self.steady.is_empty();
        let share = match steady + overload {
            _ if !has_steady => 0.0,
            whole if whole > 0.0 => (steady / whole).clamp(0.2, 0.8),
            _ => 0.5,
        };
        let split = LEFT + room * share;
        Axis {
            steady: Scale::new(0.0, steady, LEFT, split),
            overload: Scale::new(0.0, overload, split + GAP, WIDTH - RIGHT),
            split: split + GAP,
            has_steady,
        }
    }

    fn plot(&self, panel: &Panel, axis: &Axis) -> String {
        let height = if panel.leading { 150.0 } else { 96.0 };
        let (low, high) = with_zero(extent([panel.steady.as_slice(), &panel.overload]).unwrap_or((0.0, 1.0)));
        let scale = Scale::new(low, high, height - 6.0, TOP);
        let mut out = format!(
            "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">\n",
            escape(&format!("{}: {}", panel.title, panel.detail))
        );
        let (x, end) = (axis.split, WIDTH - RIGHT);
        let _ =
            writeln!(out, "<rect class=\"load\" x=\"{x:.1}\" y=\"0\" width=\"{:.1}\" height=\"{height}\"/>", end - x);
        for tick in if high > low { ticks(low, high, 3) } else { vec![low] } {
            let y = scale.at(tick);
            let _ = writeln!(out, "<line class=\"rule\" x1=\"{LEFT}\" x2=\"{end}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>");
            let text = escape(&number(tick, panel.unit));
            let _ = writeln!(out, "<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>", LEFT - 8.0, y + 4.0);
        }
        self.lines(panel, axis, &scale, &mut out);
        self.marks(panel, axis, &scale, height, &mut out);
        out + "</svg>"
    }

    fn lines(&self, panel: &Panel, axis: &Axis, scale: &Scale, out: &mut String) {
        for (class, times, values, x) in [
            ("steady", &self.steady, &panel.steady, &axis.steady),
            ("overload", &self.overload, &panel.overload, &axis.overload),
        ] {
            let path = path(times, values, x, scale);
            let _ = writeln!(out, "<path class=\"line {class}\" d=\"{path}\"/>");
        }
    }

    fn marks(&self, panel: &Panel, axis: &Axis, scale: &Scale, height: f64, out: &mut String) {
        if let Some(onset) = panel.onset.filter(|onset| onset.is_finite()) {
            let x = axis.overload.at(onset);
            let side = if x > WIDTH - 130.0 { ("end", -5.0) } else { ("start", 5.0) };
            let _ = writeln!(
                out,
                "<line class=\"onset\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"0\" y2=\"{height}\"/>\
                 <text class=\"mark\" x=\"{:.1}\" y=\"10\" text-anchor=\"{}\">onset {}</text>",
                x + side.1,
                side.0,
                escape(&number(onset, "s"))
            );
        }
        for &peak in &panel.peaks {
            let row = self.overload.iter().position(|time| (time - peak).abs() < 1e-6);
            let value = row.and_then(|row| panel.overload.get(row)).copied().filter(|value| value.is_finite());
            if let Some(value) = value {
                let (x, y) = (axis.overload.at(peak), scale.at(value));
                let text = escape(&format!("peak {}", number(value, panel.unit)));
                let _ = writeln!(
                    out,
                    "<circle class=\"peak\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"><title>{text}</title></circle>"
                );
            }
        }
    }

    /// Seconds below both stretches.
    fn foot(&self, axis: &Axis) -> String {
        let mut out = format!(
            "<div class=\"panel foot\"><span></span><svg viewBox=\"0 0 {WIDTH} 40\" role=\"img\" \
             aria-label=\"time in seconds, steady state then overload\">\n"
        );
        let parts = [
            ("steady state", &self.steady, &axis.steady, LEFT),
            ("overload", &self.overload, &axis.overload, axis.split),
        ];
        for (name, times, scale, start) in parts.into_iter().skip(usize::from(!axis.has_steady)) {
            let Some((low, high)) = extent([times.as_slice()]) else { continue };
            let count = ((scale.at(high) - scale.at(low)) / 90.0).ceil().max(1.0) as usize;
            for tick in ticks(low, high, count) {
                let (x, text) = (scale.at(tick), escape(&number(tick, "s")));
                let class = if x > WIDTH - 24.0 { "time last" } else { "time" };
                let _ = writeln!(out, "<text class=\"{class}\" x=\"{x:.1}\" y=\"14\">{text}</text>");
            }
            let _ = writeln!(out, "<text class=\"phase\" x=\"{start:.1}\" y=\"34\">{name}</text>");
        }
        out + "</svg></div>\n"
    }
}

/// Samples beyond which a line keeps only the least and the largest of each stretch.
const MOST: usize = 1200;

/// A line through the samples, broken where one is missing; a sample between two gaps is a dot.
fn path(times: &[f64], values: &[f64], x: &Scale, y: &Scale) -> String {
    let mut out = String::new();
    let mut drawing = false;
    let samples: Vec<(f64, f64)> = times.iter().copied().zip(values.iter().copied()).collect();
    for (time, value) in thin(&samples) {
        if !(time.is_finite() && value.is_finite()) {
            drawing = false;
            continue;
        }
        let (px, py) = (x.at(time), y.at(value));
        let _ = if drawing { write!(out, "L{px:.1} {py:.1}") } else { write!(out, "M{px:.1} {py:.1}h.01") };
        drawing = true;
    }
    out
}

fn thin(samples: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if samples.len() <= MOST {
        return samples.to_vec();
    }
    let size = samples.len().div_ceil(MOST / 2);
    let mut out = Vec::with_capacity(MOST + 2);
    for part in samples.chunks(size) {
        let finite = || part.iter().enumerate().filter(|(_, sample)| sample.1.is_finite());
        let low = finite().min_by(|a, b| a.1.1.total_cmp(&b.1.1));
        let high = finite().max_by(|a, b| a.1.1.total_cmp(&b.1.1));
        match (low, high) {
            (Some((i, a)), Some((j, b))) => out.extend(if i <= j { [*a, *b] } else { [*b, *a] }),
            _ => out.extend(part.first()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gap_breaks_the_line() {
        let scale = Scale::new(0.0, 3.0, 0.0, 3.0);
        let path = path(&[0.0, 1.0, 2.0, 3.0], &[1.0, 1.0, f64::NAN, 2.0], &scale, &scale);
        assert_eq!(path, "M0.0 1.0h.01L1.0 1.0M3.0 2.0h.01");
    }

    #[test]
    fn long_line_keeps_its_extremes() {
        let mut samples: Vec<(f64, f64)> = (0..10_000).map(|i| (f64::from(i), 0.0)).collect();
        samples[5_001].1 = 9.0;
        let thinned = thin(&samples);
        assert!(thinned.len() <= MOST + 2);
        assert!(thinned.contains(&(5_001.0, 9.0)));
    }
}
