//! A row of a table.

use std::fmt::Write;

use super::{Entry, Field, Heading, Ranking};
use crate::words::{breakable, escape, visible};

impl Ranking {
    pub(super) fn row(&self, rank: usize, entry: &Entry, bars: bool) -> String {
        let id = if self.series { format!(" id=\"m{rank}\"") } else { String::new() };
        let id = entry.series.map_or(id.clone(), |series| format!("{id} data-s=\"{series}\""));
        let faint = if entry.faint { " class=\"faint\"" } else { "" };
        let mut out = format!("<tr{id}{faint}><td class=\"rank\">{rank}</td>");
        for (i, (cell, heading)) in entry.cells.iter().zip(&self.headings).enumerate() {
            match i {
                0 => out += &self.name(rank, entry, cell),
                _ => out += &td(cell, heading, self.series),
            }
            if i == 0 && bars {
                out += &bar(entry.bar);
            }
        }
        out + "</tr>\n"
    }

    fn name(&self, rank: usize, entry: &Entry, cell: &Field) -> String {
        let title = match entry.full_name == cell.text || entry.full_name.is_empty() {
            true => String::new(),
            false => format!(" title=\"{}\"", escape(&entry.full_name)),
        };
        let text = breakable(&cell.text);
        let text = match (self.series, entry.page.as_str()) {
            (true, _) => format!("<a href=\"#m{rank}\">{text}</a>"),
            (false, "") => text,
            (false, page) => format!("<a href=\"{}\">{text}</a>", escape(&relative(page))),
        };
        format!("<th scope=\"row\"{title}>{text}</th>")
    }
}

/// The address of a page below the folder of this one, whatever its path would be taken for elsewhere.
fn relative(path: &str) -> String {
    let mut out = String::from("./");
    for byte in path.trim_start_matches('/').bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' | b'+' | b',' | b'=' => {
                out.push(byte as char)
            }
            other => out += &format!("%{other:02X}"),
        }
    }
    out
}

/// Of many rows the cells have no name of their own: it stands in the head alone.
fn td(cell: &Field, heading: &Heading, brief: bool) -> String {
    if cell.text.is_empty() {
        return "<td></td>".to_string();
    }
    let value = match cell.value.is_finite() {
        true => format!(" data-v=\"{}\"", digits(cell.value)),
        false => String::new(),
    };
    let label = if brief { String::new() } else { format!(" data-l=\"{}\"", escape(&heading.text)) };
    let (class, text) = match heading.numeric {
        true if brief => ("", escape(&cell.text)),
        true => (" class=\"number\"", escape(&cell.text)),
        // what is short would rather widen its column than break
        false if visible(&cell.text).chars().count() <= 16 => (" class=\"word\"", escape(&cell.text)),
        false => (" class=\"long\"", breakable(&cell.text)),
    };
    format!("<td{class}{value}{label}>{text}</td>")
}

/// Six significant digits, in the shortest form.
fn digits(value: f64) -> String {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    let plain = format!("{rounded}");
    if plain.len() > 12 { format!("{rounded:e}") } else { plain }
}

fn bar(size: f64) -> String {
    let mut out = String::from("<td class=\"bar\">");
    if size.is_finite() {
        let width = size.clamp(0.0, 1.0) * 100.0;
        let _ = write!(
            out,
            "<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
             <rect class=\"track\" width=\"100\" height=\"10\"/><rect width=\"{width:.1}\" height=\"10\"/></svg>"
        );
    }
    out + "</td>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_looked_for_below_this_one() {
        let cases = ["a=1+b=2/x/report.html", "javascript:alert(1)", "//elsewhere/x", "a\"b é"].map(relative);
        assert_eq!(
            cases,
            ["./a=1+b=2/x/report.html", "./javascript%3Aalert%281%29", "./elsewhere/x", "./a%22b%20%C3%A9"]
        );
    }

    #[test]
    fn values_have_six_digits_in_the_shortest_form() {
        let cases = [455_500.0, 0.016_666_666_7, 3.418_465_547e-21, -2.0].map(digits);
        assert_eq!(cases, ["455500", "0.0166667", "3.41847e-21", "-2"]);
    }
}
