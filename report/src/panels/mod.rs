//! Metrics over time: one picture under the other, all on one clock.

mod path;
mod plot;
mod strip;

use std::fmt::Write;

use crate::Clock;
use crate::data::{Series, encode, json, thin};
use crate::heat::Strength;
use crate::words::{breakable, escape};

/// Several pictures over the same stretches of time.
#[derive(Clone, Debug, Default)]
pub struct Time {
    /// The time axis.
    pub clock: Clock,
    /// When the rows of each phase were recorded, in Unix milliseconds.
    pub times_ms: Vec<Vec<i64>>,
    /// All metrics; those that a picture shows are kept in finer steps.
    pub series: Vec<Series>,
    /// What the users did and saw.
    pub outcomes: Vec<Panel>,
    /// What the metrics below are called.
    pub heading: &'static str,
    /// The metrics that changed most, a phenomenon each.
    pub suspects: Vec<Panel>,
    /// How far each service was from its steady state.
    pub strengths: Vec<Strength>,
    /// Stretches to be marked: faults, windows that were cut out.
    pub marks: Vec<Mark>,
}

/// A picture: one metric, or several of one unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Its name.
    pub title: String,
    /// Sentences below the name.
    pub details: Vec<String>,
    /// The metrics that this one stands for, behind a fold; with a sentence in front.
    pub folded: Option<(String, Vec<String>)>,
    /// Unit of the values.
    pub unit: &'static str,
    /// What is drawn.
    pub lines: Vec<Line>,
    /// Between what values the steady state lies.
    pub band: Option<(f64, f64)>,
    /// When it changed, as phase and Unix milliseconds.
    pub onset: Option<(usize, f64)>,
    /// Its peaks, as phase and Unix milliseconds.
    pub peaks: Vec<(usize, f64)>,
    /// True for what the others are compared with.
    pub leading: bool,
}

/// A line of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What it is called in the legend; nothing when it is alone.
    pub label: String,
    /// Its place among the series.
    pub series: usize,
    /// 0 is the main line; others are thinner and dashed.
    pub rank: usize,
}

impl Line {
    /// The rank of the same metric in another run.
    pub const OTHER_RUN: usize = 4;
}

/// A stretch of time with a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    /// What it is.
    pub name: String,
    /// The phase it is in.
    pub phase: usize,
    /// First and last moment, in Unix milliseconds.
    pub span_ms: (f64, f64),
    /// True for what was done to the system, false for what was looked at.
    pub fault: bool,
}

/// Samples of a phase beyond which a picture keeps only the least and the largest of each stretch.
const SHOWN: usize = 3600;
/// Letters for all other series together, and the least and most samples of a phase for each.
const ROOM: usize = 300_000;
const REST: (usize, usize) = (24, 1200);

impl Time {
    /// The pictures, with the clock above them.
    pub(crate) fn html(&self) -> String {
        let mut out = format!("<div class=\"clock\" id=\"clock\">\n{}", self.strip());
        for (i, panel) in self.panels().enumerate() {
            if i == self.outcomes.len() {
                let _ = writeln!(out, "<h3>{}</h3>", escape(self.heading));
            }
            out += &self.figure(panel, i);
        }
        if !self.strengths.is_empty() {
            out += "<h3 id=\"strength\">Services</h3>\n";
            out += &crate::heat::strengths(&self.strengths, &self.clock);
        }
        out + "</div>\n"
    }

    pub(crate) fn panels(&self) -> impl Iterator<Item = &Panel> {
        self.outcomes.iter().chain(&self.suspects)
    }

    fn figure(&self, panel: &Panel, i: usize) -> String {
        let class = if panel.leading { "panel leading" } else { "panel" };
        let mut out = format!("<figure class=\"{class}\" id=\"p{i}\"><figcaption><b>{}</b>", breakable(&panel.title));
        for detail in &panel.details {
            let _ = write!(out, "<span>{}</span>", escape(detail));
        }
        if panel.lines.len() > 1 {
            out += "<span class=\"legend\">";
            for line in &panel.lines {
                let _ =
                    write!(out, "<span class=\"r{}\">{}</span> ", line.rank.min(Line::OTHER_RUN), escape(&line.label));
            }
            out += "</span>";
        }
        if let Some((sentence, names)) = &panel.folded {
            let _ = write!(out, "<details><summary>{}</summary><ul>", escape(sentence));
            names.iter().for_each(|name| {
                let _ = write!(out, "<li>{}</li>", breakable(name));
            });
            out += "</ul></details>";
        }
        let _ = write!(out, "<output class=\"now\"></output></figcaption>\n{}</figure>\n", self.plot(panel));
        out
    }

    /// How many samples of a phase are kept of a series.
    pub(crate) fn kept(&self, series: usize) -> usize {
        let shown = self.panels().flat_map(|panel| &panel.lines).any(|line| line.series == series);
        if shown { SHOWN } else { (ROOM / self.series.len().max(1) / 4).clamp(REST.0, REST.1) }
    }

    /// True when some series has more samples than are kept of it.
    pub(crate) fn is_thinned(&self) -> bool {
        (0..self.series.len()).any(|i| self.series[i].values.iter().any(|values| values.len() > self.kept(i)))
    }

    /// What the script needs, as a JSON object.
    pub(crate) fn json(&self) -> String {
        let phases: Vec<String> = self
            .clock
            .phases
            .iter()
            .zip(&self.times_ms)
            .map(|(phase, times)| {
                let (name, from, to) = (json(&phase.name), phase.from_ms, phase.to_ms);
                format!(
                    "{{\"name\":{name},\"from\":{from},\"to\":{to},\"start\":{:.6},\"end\":{:.6},\"rows\":{},\"times\":{}}}",
                    phase.start,
                    phase.end,
                    times.len(),
                    times_json(times)
                )
            })
            .collect();
        let series: Vec<String> = self.series.iter().zip(0..).map(|(series, i)| self.series_json(series, i)).collect();
        let panels: Vec<String> = self.panels().map(|panel| self.panel_json(panel)).collect();
        format!(
            "{{\"phases\":[{}],\n\"ground\":{},\n\"panels\":[{}],\n\"series\":[{}]}}",
            phases.join(","),
            self.ground_json(),
            panels.join(",\n"),
            series.join(",\n")
        )
    }

    fn series_json(&self, series: &Series, i: usize) -> String {
        let kept = self.kept(i);
        let values: Vec<String> = series
            .values
            .iter()
            .map(|values| {
                let (low, high, code) = encode(&thin(values, kept));
                format!("[{low:?},{high:?},\"{code}\"]")
            })
            .collect();
        format!("{{\"unit\":\"{}\",\"values\":[{}]}}", series.unit, values.join(","))
    }

    fn panel_json(&self, panel: &Panel) -> String {
        let lines: Vec<String> = panel
            .lines
            .iter()
            .map(|line| {
                format!("{{\"series\":{},\"rank\":{},\"label\":{}}}", line.series, line.rank, json(&line.label))
            })
            .collect();
        let finite = |value: f64| if value.is_finite() { format!("{value:?}") } else { "null".into() };
        let band = panel.band.map_or("null".into(), |(low, high)| format!("[{},{}]", finite(low), finite(high)));
        let onset = panel.onset.map_or("null".into(), |(phase, ms)| finite(self.clock.at(phase, ms)));
        let peaks: Vec<String> =
            self.peaks(panel).iter().map(|(place, value)| format!("[{},{}]", finite(*place), finite(*value))).collect();
        format!(
            "{{\"lines\":[{}],\"unit\":\"{}\",\"band\":{band},\"onset\":{onset},\"peaks\":[{}]}}",
            lines.join(","),
            panel.unit,
            peaks.join(",")
        )
    }
}

/// Even times as first and step, others one by one, each by how much later it is than the one before.
fn times_json(times: &[i64]) -> String {
    let step = times.get(1).map_or(0, |second| second - times[0]);
    if times.windows(2).all(|pair| pair[1] - pair[0] == step) {
        return format!("{{\"first\":{},\"step\":{step}}}", times.first().copied().unwrap_or(0));
    }
    let steps: Vec<String> = times.windows(2).map(|pair| (pair[1] - pair[0]).to_string()).collect();
    format!("{{\"first\":{},\"steps\":[{}]}}", times[0], steps.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_times_need_two_numbers() {
        assert_eq!(times_json(&[5, 7, 9]), "{\"first\":5,\"step\":2}");
        assert_eq!(times_json(&[5, 7, 10]), "{\"first\":5,\"steps\":[2,3]}");
        assert_eq!(times_json(&[]), "{\"first\":0,\"step\":0}");
    }

    #[test]
    fn what_is_shown_is_kept_in_finer_steps() {
        let series = vec![Series { values: vec![vec![1.0; 4000]], ..Series::default() }; 1000];
        let line = Line { series: 3, ..Line::default() };
        let suspects = vec![Panel { lines: vec![line], ..Panel::default() }];
        let time = Time { series, suspects, ..Time::default() };
        assert_eq!((time.kept(3), time.kept(4)), (3600, 75));
        assert!(time.is_thinned());
    }
}
