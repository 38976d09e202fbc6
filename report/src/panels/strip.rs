//! The clock above the pictures, and what lies behind each of them.

use std::fmt::Write;

use super::{Mark, Time};
use crate::clock::{ticks, time_of_day};
use crate::data::json;
use crate::words::escape;

/// Ticks on the whole axis.
const TICKS: f64 = 8.0;

impl Time {
    /// Phases, marks and round moments; it stays in sight while the pictures go by.
    pub(super) fn strip(&self) -> String {
        let words: Vec<&str> = self.clock.phases.iter().map(|phase| phase.name.as_str()).collect();
        let label = escape(&format!("time in UTC: {}", words.join(", then ")));
        let height = self.strip_height();
        format!(
            "<div class=\"panel strip\"><div class=\"tools\"><span class=\"zone\">Time in UTC</span></div>\n\
             <div class=\"plot\"><svg class=\"values\" height=\"{height}\" aria-hidden=\"true\"></svg>\
             <svg class=\"draw\" height=\"{height}\" role=\"img\" aria-label=\"{label}\">{}</svg></div></div>\n",
            self.strip_drawing()
        )
    }

    pub(crate) fn strip_height(&self) -> i32 {
        if self.marks.is_empty() { 42 } else { 58 }
    }

    /// What the strip shows.
    pub(crate) fn strip_drawing(&self) -> String {
        let mut out = self.ground() + &self.windows();
        for phase in &self.clock.phases {
            let x = 100.0 * phase.start;
            let (name, rest) = phase.name.split_once(" · ").unwrap_or((&phase.name, ""));
            let rest = if rest.is_empty() { String::new() } else { format!(" · {rest}") };
            let name = format!("{}<tspan class=\"wide\">{}</tspan>", escape(name), escape(&rest));
            let _ = write!(
                out,
                "<text class=\"phase\" x=\"{x:.2}%\" dx=\"6\" y=\"14\" data-place=\"{:.6}\" data-end=\"{:.6}\">{name}</text>",
                phase.start, phase.end
            );
        }
        for mark in &self.marks {
            let Some((from, to)) = self.places(mark) else { continue };
            let at = 100.0 * from;
            let class = if mark.fault { "fault" } else { "cut" };
            let name = escape(&mark.name);
            let _ = write!(
                out,
                "<text class=\"{class}\" x=\"{at:.2}%\" dx=\"6\" y=\"31\" data-place=\"{from:.6}\" data-end=\"{to:.6}\">{name}</text>"
            );
        }
        let _ = write!(out, "<g class=\"times\">{}</g>", self.times(self.strip_height() - 6));
        out
    }

    fn times(&self, y: i32) -> String {
        let mut out = String::new();
        for (i, phase) in self.clock.phases.iter().enumerate() {
            let count = (TICKS * (phase.end - phase.start)).round().max(1.0) as usize;
            for tick in ticks(phase, count) {
                let x = 100.0 * self.clock.at(i, tick as f64);
                let anchor = match x {
                    x if x < 4.0 => "start",
                    x if x > 96.0 => "end",
                    _ => "middle",
                };
                let text = time_of_day(tick);
                let _ = write!(
                    out,
                    "<line class=\"tickmark\" x1=\"{x:.2}%\" x2=\"{x:.2}%\" y1=\"{}\" y2=\"{}\"/>\
                     <text class=\"time\" x=\"{x:.2}%\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>",
                    y + 2,
                    y + 6
                );
            }
        }
        out
    }

    /// The overload, gaps and marks behind a picture: class, from, to, words.
    fn behind(&self) -> Vec<(&'static str, f64, f64, String)> {
        let mut out = Vec::new();
        if let Some(last) = self.clock.phases.last().filter(|_| self.clock.phases.len() > 1) {
            out.push(("load", last.start, last.end, String::new()));
        }
        for (from, to, words) in self.clock.gaps() {
            out.push((if words.is_empty() { "gap" } else { "gap broken" }, from, to, words));
        }
        for mark in &self.marks {
            let Some((from, to)) = self.places(mark) else { continue };
            out.push((if mark.fault { "fault" } else { "cut" }, from, to, mark.name.clone()));
        }
        out
    }

    /// What lies behind a picture; windows are marked on the clock alone.
    pub(super) fn ground(&self) -> String {
        let all = self.behind().into_iter().filter(|(class, ..)| *class != "cut");
        all.map(|(class, from, to, words)| rect(class, from, to, &words)).collect()
    }

    fn windows(&self) -> String {
        let all = self.behind().into_iter().filter(|(class, ..)| *class == "cut");
        all.map(|(class, from, to, words)| rect(class, from, to, &words)).collect()
    }

    /// The same for the script.
    pub(super) fn ground_json(&self) -> String {
        let parts: Vec<String> = self
            .behind()
            .iter()
            .map(|(class, from, to, words)| format!("[\"{class}\",{from:.6},{to:.6},{}]", json(words)))
            .collect();
        format!("[{}]", parts.join(","))
    }

    fn places(&self, mark: &Mark) -> Option<(f64, f64)> {
        let at = |ms: f64| self.clock.at(mark.phase, ms);
        let (from, to) = (at(mark.span_ms.0).clamp(0.0, 1.0), at(mark.span_ms.1).clamp(0.0, 1.0));
        (from < to).then_some((from, to))
    }
}

fn rect(class: &str, from: f64, to: f64, words: &str) -> String {
    let title = if words.is_empty() { String::new() } else { format!("<title>{}</title>", escape(words)) };
    format!(
        "<rect class=\"{class}\" x=\"{:.2}%\" width=\"{:.2}%\" height=\"100%\">{title}</rect>",
        100.0 * from,
        100.0 * (to - from)
    )
}
