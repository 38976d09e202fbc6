//! A ranking as a table with bars.

use std::fmt::Write;

use crate::words::{breakable, escape};

/// Things in order, with the numbers that put them there.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// Its heading.
    pub title: String,
    /// A sentence below it.
    pub note: String,
    /// The columns.
    pub headings: Vec<Heading>,
    /// The rows, first to last.
    pub entries: Vec<Entry>,
}

/// A column of a ranking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// Its name.
    pub text: String,
    /// True for numbers, which are set flush right.
    pub numeric: bool,
}

/// A row of a ranking.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The cells; the first is the row's name.
    pub cells: Vec<String>,
    /// The whole name, where the first cell shortens it.
    pub full_name: String,
    /// Length of the bar, of at most 1; none when not finite.
    pub bar: f64,
}

impl Ranking {
    /// The table.
    pub(crate) fn html(&self) -> String {
        let long = self.entries.iter().any(|entry| entry.cells.first().is_some_and(|cell| cell.len() > 24));
        let named = if long { " class=\"named\"" } else { "" };
        let mut out = format!("<div class=\"wide\"><table{named}><caption>{}</caption>\n", escape(&self.note));
        out += "<thead><tr><th scope=\"col\" class=\"number\">#</th>";
        for (i, heading) in self.headings.iter().enumerate() {
            let class = if heading.numeric { " class=\"number\"" } else { "" };
            let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", escape(&heading.text));
            if i == 0 {
                out += "<th scope=\"col\" class=\"bar\"><span class=\"hidden\">its size as a bar</span></th>";
            }
        }
        out += "</tr></thead>\n<tbody>\n";
        for (rank, entry) in self.entries.iter().enumerate() {
            out += &self.row(rank + 1, entry);
        }
        out + "</tbody></table></div>\n"
    }

    fn row(&self, rank: usize, entry: &Entry) -> String {
        let mut out = format!("<tr><td class=\"number rank\">{rank}</td>");
        for (i, (cell, heading)) in entry.cells.iter().zip(&self.headings).enumerate() {
            if i > 0 {
                // what is short would rather widen its column than break
                let class = match heading.numeric {
                    true => " class=\"number\"",
                    false if cell.chars().count() <= 16 => " class=\"word\"",
                    false => " class=\"long\"",
                };
                let text = if heading.numeric { escape(cell) } else { breakable(cell) };
                let _ = write!(out, "<td{class}>{text}</td>");
                continue;
            }
            let title = escape(&entry.full_name);
            let _ = write!(out, "<th scope=\"row\" title=\"{title}\">{}</th><td class=\"bar\">", breakable(cell));
            if entry.bar.is_finite() {
                let width = entry.bar.clamp(0.0, 1.0) * 100.0;
                let _ = write!(
                    out,
                    "<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
                     <rect class=\"track\" width=\"100\" height=\"10\"/><rect width=\"{width:.1}\" height=\"10\"/></svg>"
                );
            }
            out += "</td>";
        }
        out + "</tr>\n"
    }
}
