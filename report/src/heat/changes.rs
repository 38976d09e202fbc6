//! The change of every metric name at every instance.

use std::fmt::Write;

use crate::words::{breakable, change, escape, number};

/// Metric names (rows) by instances (columns).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The instances, or services, in the order of the columns.
    pub places: Vec<String>,
    /// The metric names with their cells, each as long as `places`.
    pub rows: Vec<(String, Vec<Option<Change>>)>,
    /// How many names were left out.
    pub left_out: usize,
}

/// What became of a metric at an instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// Per cent of the steady mean; not finite where that cannot be said.
    pub percent: f64,
    /// The place of the series in the table of all metrics, from 1.
    pub place: usize,
    /// How many series there are of this name here; the best placed of them is shown.
    pub series: usize,
    /// Words for it.
    pub title: String,
}

impl Changes {
    /// A table that can be sorted; each cell leads to its series.
    pub(crate) fn html(&self) -> String {
        let mut out = String::from("<table class=\"changes sortable\"><thead><tr><th scope=\"col\">metric name</th>");
        for place in &self.places {
            let _ = write!(out, "<th scope=\"col\" class=\"number\">{}</th>", breakable(place));
        }
        out += "</tr></thead>\n<tbody>\n";
        for (name, cells) in &self.rows {
            let _ = write!(out, "<tr><th scope=\"row\">{}</th>", breakable(name));
            for (cell, place) in cells.iter().zip(&self.places) {
                out += &td(cell.as_ref(), place);
            }
            out += "</tr>\n";
        }
        out + "</tbody></table>\n"
    }
}

fn td(cell: Option<&Change>, place: &str) -> String {
    let Some(cell) = cell else { return "<td class=\"none\"></td>".to_string() };
    let words = if cell.percent.is_finite() { change(cell.percent) } else { "–".to_string() };
    format!(
        "<td class=\"{}\" data-v=\"{}\" data-l=\"{}\"><a href=\"#m{}\" title=\"{}\">{}</a></td>",
        shade(cell.percent),
        if cell.percent.is_finite() { format!("{:.6e}", cell.percent) } else { String::new() },
        escape(place),
        cell.place,
        escape(&cell.title),
        escape(&words)
    )
}

/// Colours for factors: `u1` to `u5` for what rose by 10 %, 50 %, ×2, ×5, ×20, `d1` to `d5` for what fell as far.
fn shade(percent: f64) -> String {
    let factor = 1.0 + percent / 100.0;
    let size = if factor >= 1.0 { factor } else { 1.0 / factor.max(0.0) };
    let level = [1.1, 1.5, 2.0, 5.0, 20.0].iter().filter(|least| size >= **least).count();
    match level {
        _ if !percent.is_finite() => "u0".to_string(),
        0 => "u0".to_string(),
        level if percent > 0.0 => format!("u{level}"),
        level => format!("d{level}"),
    }
}

impl Changes {
    /// A sentence on what is shown.
    pub(crate) fn note(&self) -> String {
        let left_out = match self.left_out {
            0 => String::new(),
            n => format!(" {} names without a change that counts are left out.", number(n as f64, "")),
        };
        format!(
            "The change of the overload's mean against the steady mean. Where a name has several series at an instance, the \
             one placed highest is shown. Select a cell to see its series.{left_out}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_are_those_of_factors() {
        let cases = [0.0, 9.0, 10.0, 100.0, 455_500.0, -10.0, -50.0, -100.0, f64::NAN].map(shade);
        assert_eq!(cases, ["u0", "u0", "u1", "u3", "u5", "d1", "d3", "d5", "u0"]);
    }

    #[test]
    fn cell_leads_to_its_series() {
        let cell = Change { percent: 45.0, place: 7, series: 2, title: "a \"b\"".into() };
        let html = td(Some(&cell), "carts");
        assert!(html.contains("href=\"#m7\" title=\"a &quot;b&quot;\">+45"), "{html}");
    }
}
