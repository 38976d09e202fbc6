//! One picture over time.

use std::fmt::Write;

use super::path::{BOX, path};
use super::{Line, Panel, Time};
use crate::scale::{Scale, extent, ticks, with_zero};
use crate::words::{escape, number};

/// Room above the highest and below the lowest value.
const EDGE: f64 = 8.0;
/// Room for the words of marks.
const HEAD: f64 = 16.0;

impl Panel {
    pub(crate) fn height(&self) -> f64 {
        if self.leading { 150.0 } else { 92.0 }
    }
}

impl Time {
    /// The values of one line of a picture.
    fn values(&self, line: &Line) -> &[Vec<f64>] {
        self.series.get(line.series).map_or(&[], |series| &series.values)
    }

    /// The labels of the values, and the picture beside them.
    pub(super) fn plot(&self, panel: &Panel) -> String {
        let height = panel.height();
        let words = [vec![panel.title.clone()], panel.details.clone()].concat().join(". ");
        format!(
            "<div class=\"plot\"><svg class=\"values\" height=\"{height}\" aria-hidden=\"true\">{}</svg>\n\
             <svg class=\"draw\" height=\"{height}\" role=\"img\" aria-label=\"{}\">{}</svg></div>\n",
            self.labels(panel, height),
            escape(&words),
            self.drawing(panel, height)
        )
    }

    /// The least and the largest value of a picture, and the values that are marked.
    fn span(&self, panel: &Panel) -> (f64, f64, Vec<f64>) {
        let all = panel.lines.iter().flat_map(|line| self.values(line)).map(Vec::as_slice);
        let (low, high) = with_zero(extent(all).unwrap_or((0.0, 1.0)));
        (low, high, if high > low { ticks(low, high, 3) } else { vec![low] })
    }

    /// The labels of the values, set flush right.
    pub(crate) fn labels(&self, panel: &Panel, height: f64) -> String {
        let (low, high, marks) = self.span(panel);
        let y = Scale::new(low, high, height - EDGE, HEAD);
        let label = |tick: &f64| {
            let text = escape(&number(*tick, panel.unit));
            format!("<text x=\"100%\" y=\"{:.1}\">{text}</text>", y.at(*tick) + 4.0)
        };
        marks.iter().map(label).collect()
    }

    /// What lies behind the lines, the lines, and their marks.
    pub(crate) fn drawing(&self, panel: &Panel, height: f64) -> String {
        let (low, high, marks) = self.span(panel);
        let y = Scale::new(low, high, height - EDGE, HEAD);
        let mut out = self.ground();
        for tick in &marks {
            let at = y.at(*tick);
            let _ = write!(out, "<line class=\"rule\" x2=\"100%\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>");
        }
        out += &band(panel, &y);
        out += &self.lines(panel, low, high, height);
        out + &self.points(panel, &y)
    }

    fn lines(&self, panel: &Panel, low: f64, high: f64, height: f64) -> String {
        let y = Scale::new(low, high, BOX.1, 0.0);
        let mut out = format!(
            "<svg class=\"curves\" y=\"{HEAD}\" height=\"{}\" width=\"100%\" viewBox=\"0 0 {} {}\" \
             preserveAspectRatio=\"none\">\n",
            height - HEAD - EDGE,
            BOX.0,
            BOX.1
        );
        for line in panel.lines.iter().rev() {
            for (phase, values) in self.values(line).iter().enumerate() {
                let path = path(values, |row| self.place(phase, row), &y);
                let class = if phase + 1 == self.clock.phases.len() { "over" } else { "steady" };
                let _ =
                    writeln!(out, "<path class=\"line {class} r{}\" d=\"{path}\"/>", line.rank.min(Line::OTHER_RUN));
            }
        }
        out + "</svg>"
    }

    /// Where a row of a phase lies on the axis; a row between two lies between their times.
    fn place(&self, phase: usize, row: f64) -> f64 {
        let Some(times) = self.times_ms.get(phase) else { return f64::NAN };
        let (before, after) = (times.get(row.floor() as usize), times.get(row.ceil() as usize));
        let (Some(before), Some(after)) = (before, after) else { return f64::NAN };
        let ms = *before as f64 + (after - before) as f64 * row.fract();
        self.clock.at(phase, ms)
    }

    /// Place and value of each peak of the main line that was recorded.
    pub(super) fn peaks(&self, panel: &Panel) -> Vec<(f64, f64)> {
        let Some(main) = panel.lines.iter().find(|line| line.rank == 0) else { return Vec::new() };
        let found = panel.peaks.iter().filter_map(|(phase, ms)| {
            let row = self.times_ms.get(*phase)?.iter().position(|time| *time as f64 == *ms)?;
            let value = *self.values(main).get(*phase)?.get(row)?;
            value.is_finite().then(|| (self.clock.at(*phase, *ms), value))
        });
        found.collect()
    }

    /// When it changed, and its peaks.
    fn points(&self, panel: &Panel, y: &Scale) -> String {
        let mut out = String::new();
        for (place, value) in self.peaks(panel) {
            let (x, at) = (100.0 * place, y.at(value));
            let text = escape(&format!("peak {}", number(value, panel.unit)));
            let _ = write!(
                out,
                "<circle class=\"peak\" cx=\"{x:.2}%\" cy=\"{at:.1}\" r=\"4\"><title>{text}</title></circle>"
            );
        }
        let onset = panel.onset.map(|(phase, ms)| self.clock.at(phase, ms)).filter(|at| at.is_finite());
        if let Some(at) = onset {
            let x = 100.0 * at;
            // the words stand on the quieter side: before the change
            let (anchor, shift) = if at > 0.2 { ("end", -5) } else { ("start", 5) };
            let _ = write!(
                out,
                "<line class=\"onset\" x1=\"{x:.2}%\" x2=\"{x:.2}%\" y2=\"100%\"/>\
                 <text class=\"mark\" x=\"{x:.2}%\" dx=\"{shift}\" y=\"11\" text-anchor=\"{anchor}\">onset</text>"
            );
        }
        out
    }
}

/// Between what values the steady state lies, across the whole picture.
fn band(panel: &Panel, y: &Scale) -> String {
    let Some((low, high)) = panel.band.filter(|(low, high)| low.is_finite() && high.is_finite()) else {
        return String::new();
    };
    let (top, foot) = (y.at(high), y.at(low));
    let height = (foot - top).max(2.0);
    format!("<rect class=\"band\" y=\"{:.1}\" width=\"100%\" height=\"{height:.1}\"/>", top.min(foot - height))
}
