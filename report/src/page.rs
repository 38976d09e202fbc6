//! The page as a whole.

use std::fmt::Write;

use crate::style::STYLE;
use crate::words::escape;
use crate::{Card, Report};

/// The page: one file of HTML. Cost: proportional to what is shown.
pub fn page(report: &Report) -> String {
    let title = escape(&report.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<main>\n"
    );
    out += &head(report);
    if let Some(curves) = report.curves.as_ref().filter(|curves| !curves.curves.is_empty()) {
        let words = format!("<p class=\"note\">{}</p>\n", escape(&curves.note()));
        out += &section("How it grows with load", &format!("{words}{}", curves.html()));
    }
    for ranking in report.rankings.iter().take(1) {
        out += &section(&ranking.title, &ranking.html());
    }
    if let Some(timeline) = report.timeline.as_ref().filter(|timeline| !timeline.panels.is_empty()) {
        let words = "<p class=\"note\">Steady state on the left, overload (shaded) on the right, seconds from the start of \
                     each. A dashed line is the onset of the change, a dot the peak; a gap is a missing sample.</p>\n";
        out += &section("As it happened", &format!("{words}{}", timeline.html()));
    }
    for ranking in report.rankings.iter().skip(1) {
        out += &section(&ranking.title, &ranking.html());
    }
    if let Some(map) = report.map.as_ref().filter(|map| !map.points.is_empty()) {
        let words = "<p class=\"note\">What lies together moved together, what lies opposite moved the other way; the \
                     larger the dot, the more of the change the metric carries.</p>\n";
        out += &section("Which metrics move together", &format!("{words}{}", map.html()));
    }
    if !report.facts.is_empty() || !report.commands.is_empty() {
        out += &section("How it was measured", &facts(report));
    }
    out + "</main>\n</body>\n</html>\n"
}

fn section(title: &str, body: &str) -> String {
    format!("<section>\n<h2>{}</h2>\n{body}</section>\n", escape(title))
}

fn head(report: &Report) -> String {
    let mut out = format!("<header>\n<h1>{}</h1>\n", escape(&report.title));
    if !report.subtitle.is_empty() {
        let _ = writeln!(out, "<p class=\"subtitle\">{}</p>", escape(&report.subtitle));
    }
    if let Some((first, rest)) = &report.headline {
        let _ = writeln!(out, "<p class=\"headline\"><strong>{}</strong> {}</p>", escape(first), escape(rest));
    }
    for sentence in &report.story {
        let _ = writeln!(out, "<p class=\"story\">{}</p>", escape(sentence));
    }
    if !report.cards.is_empty() {
        let cards: String = report.cards.iter().map(card).collect();
        let _ = writeln!(
            out,
            "<dl class=\"cards\">\n{cards}</dl>\n<p class=\"note\">Means of the steady state and of the overload.</p>"
        );
    }
    out + "</header>\n"
}

fn card(card: &Card) -> String {
    let before = if card.steady.is_empty() { "—" } else { &card.steady };
    let after = if card.overload.is_empty() { "—" } else { &card.overload };
    format!(
        "<div><dt>{}</dt><dd><span class=\"before\">{}</span> <span class=\"arrow\" aria-label=\"to\">→</span> \
         <b>{}</b> <span class=\"change\">{}</span></dd></div>\n",
        escape(&card.label),
        escape(before),
        escape(after),
        escape(&card.change)
    )
}

fn facts(report: &Report) -> String {
    let mut out = String::from("<div class=\"facts\">\n");
    for (group, facts) in &report.facts {
        let _ = writeln!(out, "<div><h3>{}</h3><dl>", escape(group));
        for (name, value) in facts {
            let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(value));
        }
        out += "</dl></div>\n";
    }
    out += "</div>\n";
    if !report.commands.is_empty() {
        out += "<details><summary>Command lines</summary>\n<dl class=\"commands\">\n";
        for (name, command) in &report.commands {
            let _ = writeln!(out, "<dt>{}</dt><dd><code>{}</code></dd>", escape(name), escape(command));
        }
        out += "</dl></details>\n";
    }
    out
}
