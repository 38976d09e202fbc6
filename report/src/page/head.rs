//! What is seen first.

use std::fmt::Write;

use crate::words::escape;
use crate::{Card, Report};

pub(super) fn head(report: &Report) -> String {
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

/// Where each section is.
pub(super) fn contents<'a>(sections: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let links: Vec<String> =
        sections.map(|(id, title)| format!("<li><a href=\"#{id}\">{}</a></li>", escape(title))).collect();
    match links.len() {
        0 | 1 => String::new(),
        _ => format!("<nav aria-label=\"Contents\"><ul>{}</ul></nav>\n", links.join("")),
    }
}

fn card(card: &Card) -> String {
    let before = if card.steady.is_empty() { "—" } else { &card.steady };
    let after = if card.overload.is_empty() { "—" } else { &card.overload };
    format!(
        "<div><dt>{}</dt><dd><span class=\"before\">{}</span> <span class=\"arrow\" aria-label=\"to\" role=\"img\">→</span> \
         <b>{}</b> <span class=\"change\">{}</span></dd></div>\n",
        escape(&card.label),
        escape(before),
        escape(after),
        escape(&card.change)
    )
}
