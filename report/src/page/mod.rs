//! The page as a whole.

mod facts;
mod guard;
mod head;

use std::fmt::Write;

use crate::Report;
use crate::script::SCRIPT;
use crate::style::STYLE;
use crate::words::escape;

/// A section: its anchor, its heading, a sentence, and what it shows.
struct Section {
    id: &'static str,
    title: String,
    note: String,
    body: String,
}

impl Section {
    fn new(id: &'static str, title: &str, note: String, body: String) -> Self {
        Section { id, title: title.to_string(), note, body }
    }
}

/// The page: one file of HTML, which needs no other. Cost: proportional to what is shown.
pub fn page(report: &Report) -> String {
    let sections = sections(report);
    let title = escape(&report.title);
    let policy = guard::policy();
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
    );
    out += &head::head(report);
    out += &head::contents(sections.iter().map(|section| (section.id, section.title.as_str())));
    for section in &sections {
        let note = match section.note.is_empty() {
            true => String::new(),
            false => format!("<p class=\"note\">{}</p>\n", escape(&section.note)),
        };
        let (id, title) = (section.id, escape(&section.title));
        let _ = write!(
            out,
            "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>\n{note}{}</section>\n",
            section.body
        );
    }
    let data = format!("{{\"time\":{},\n\"links\":{}}}", time_json(report), report.links.json());
    let _ = write!(
        out,
        "</main>\n<script type=\"application/json\" id=\"data\">{data}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    );
    out
}

fn time_json(report: &Report) -> String {
    report.time.as_ref().map_or_else(|| "null".to_string(), |time| time.json())
}

/// All that is there, in the order of the page; what has no body is left out.
fn sections(report: &Report) -> Vec<Section> {
    let facts = Section::new("facts", "How it was measured", String::new(), facts::html(report));
    let all = pictures(report).into_iter().chain(tables(report)).chain([facts]);
    all.filter(|section| !section.body.is_empty()).collect()
}

/// What is drawn, and the services that it begins with.
fn pictures(report: &Report) -> Vec<Section> {
    let mut out = Vec::new();
    let mut add = |id, title: &str, note, body| out.push(Section::new(id, title, note, body));
    if let Some(curves) = report.curves.as_ref().filter(|curves| !curves.curves.is_empty()) {
        add("growth", "How it grows with load", curves.note(), curves.html());
    }
    if let Some(ranking) = &report.services {
        add("services", &ranking.title, String::new(), ranking.html());
    }
    if let Some(time) = &report.time {
        add("time", "As it happened", time_note(time.is_thinned()), time.html());
    }
    if let Some(changes) = report.changes.as_ref().filter(|changes| !changes.rows.is_empty()) {
        add("changes", "What changed where", changes.note(), changes.html());
    }
    if let Some(lags) = report.lags.as_ref().filter(|lags| !lags.metrics.is_empty()) {
        add("lags", "What moved first", lags.note(), lags.html());
    }
    if let Some(components) = report.components.as_ref().filter(|components| !components.loadings.is_empty()) {
        add("components", "Which metrics move together", components.note(), components.html());
    }
    if let Some(calls) = report.calls.as_ref().filter(|calls| !calls.edges.is_empty()) {
        add("calls", "Who calls whom", calls.note(), calls.html());
    }
    out
}

/// The tables below them.
fn tables(report: &Report) -> Vec<Section> {
    let tables = [
        ("faults", &report.faults),
        ("against", &report.against),
        ("runs", &report.runs),
        ("metrics", &report.metrics),
    ];
    let there = tables.into_iter().filter_map(|(id, ranking)| Some((id, ranking.as_ref()?)));
    there.map(|(id, ranking)| Section::new(id, &ranking.title, String::new(), ranking.html())).collect()
}

fn time_note(thinned: bool) -> String {
    let thinned = match thinned {
        true => {
            " Long series are thinned for the screen: of each stretch the least and the largest value are kept, so no \
                 peak is lost."
        }
        false => "",
    };
    format!(
        "Steady state, then overload (shaded), on one clock. The band is where the middle 90 % of the steady values lie; a dashed \
         line is the onset of the change, a dot a peak; a gap in a line is a missing sample.{thinned}"
    )
}
