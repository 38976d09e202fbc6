//! Pictures as files of their own, for slides.

use std::fmt::Write;

use crate::panels::{Panel, Time};
use crate::style::of_pictures;
use crate::words::escape;
use crate::{Calls, Curve, Curves, Report};

/// The width of a picture, of one over load, and of the labels beside one over time.
const WIDTH: f64 = 1280.0;
const NARROW: f64 = 720.0;
const LABELS: f64 = 70.0;
/// The height of a picture over time, and over load.
const HEIGHT: f64 = 360.0;
const OVER_LOAD: f64 = 380.0;
/// Room for its name and the words below it.
const HEAD: f64 = 64.0;
/// The widths of a letter of a name, and of the words below it.
const LETTER: (f64, f64) = (11.5, 7.3);

/// The pictures of a report, each with the name of its file: metrics over time and over load, and the call map. Each is one
/// SVG, in the light colours. All text is escaped.
pub fn pictures(report: &Report) -> Vec<(String, String)> {
    let time =
        report.time.iter().flat_map(|time| time.panels().map(|panel| (panel.title.as_str(), time.picture(panel))));
    let curves = report.curves.iter();
    let curves = curves.flat_map(|all| all.curves.iter().map(|curve| (curve.title.as_str(), all.picture(curve))));
    let calls =
        report.calls.iter().filter(|calls| !calls.edges.is_empty()).map(|calls| ("Who calls whom", calls.picture()));
    let all = time.chain(curves).chain(calls);
    all.enumerate().map(|(at, (title, picture))| (format!("{:02}-{}.svg", at + 1, slug(title)), picture)).collect()
}

impl Time {
    fn picture(&self, panel: &Panel) -> String {
        let strip = f64::from(self.strip_height());
        let width = WIDTH - LABELS - 10.0;
        let mut body = part(LABELS, HEAD, width, strip, &self.strip_drawing());
        let class = if panel.leading { "leading" } else { "" };
        let labels = format!("<g class=\"values\">{}</g>", self.labels(panel, HEIGHT));
        body += &part(0.0, HEAD + strip, LABELS - 8.0, HEIGHT, &labels);
        let drawing = format!("<g class=\"{class}\">{}</g>", self.drawing(panel, HEIGHT));
        body += &part(LABELS, HEAD + strip, width, HEIGHT, &drawing);
        let named = panel.lines.iter().filter(|_| panel.lines.len() > 1).map(|line| line.label.as_str());
        let details = panel.details.iter().map(String::as_str).chain(named).collect::<Vec<_>>().join(" · ");
        frame(WIDTH, HEAD + strip + HEIGHT, &panel.title, &details, &body)
    }
}

impl Curves {
    fn picture(&self, curve: &Curve) -> String {
        let body = format!("<g class=\"growth\">{}</g>", curve.plot(&self.axis()));
        let body = part(0.0, HEAD, NARROW, OVER_LOAD, &body);
        frame(NARROW, HEAD + OVER_LOAD, &curve.title, &curve.detail, &body)
    }
}

impl Calls {
    fn picture(&self) -> String {
        let (height, map) = self.map();
        let body = part(0.0, HEAD, WIDTH, height, &format!("<g class=\"calls\">{map}</g>"));
        frame(WIDTH, HEAD + height, "Who calls whom", &self.note(), &body)
    }
}

/// A picture within a picture.
fn part(x: f64, y: f64, width: f64, height: f64, body: &str) -> String {
    format!("<svg x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\">{body}</svg>\n")
}

fn frame(width: f64, height: f64, title: &str, details: &str, body: &str) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\">\n<title>{}</title>\n<style>{}</style>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        escape(title),
        escape_style(&of_pictures())
    );
    let _ = writeln!(
        out,
        "<text x=\"16\" y=\"28\" font-size=\"20\" font-weight=\"600\">{}</text>",
        escape(&cut(title, width / LETTER.0))
    );
    let _ = writeln!(
        out,
        "<text x=\"16\" y=\"50\" font-size=\"13\" fill=\"#575e6a\">{}</text>",
        escape(&cut(details, width / LETTER.1))
    );
    out + body + "</svg>\n"
}

/// A style as text of XML.
fn escape_style(style: &str) -> String {
    style.replace('&', "&amp;").replace('<', "&lt;")
}

/// As much of a text as fits.
fn cut(text: &str, letters: f64) -> String {
    match text.char_indices().nth(letters as usize) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

/// Letters, digits and hyphens, at most 40.
fn slug(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            letter if letter.is_ascii_alphanumeric() => out.push(letter),
            _ if out.ends_with('-') || out.is_empty() => {}
            _ => out.push('-'),
        }
        if out.len() >= 40 {
            break;
        }
    }
    out.trim_end_matches('-').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_letters_that_every_system_takes() {
        let cases = ["1. queue_length · carts", "../../x", "Größe {a=\"b\"}", ""].map(slug);
        assert_eq!(cases, ["1-queue-length-carts", "x", "gr-e-a-b", ""]);
    }
}
