//! Which service calls which.

mod layers;

use std::fmt::Write;

use crate::words::{escape, number};
use layers::Place;

/// Calls between services.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calls {
    /// The calls.
    pub edges: Vec<Edge>,
    /// The services in the order of their ranking, each with its score; the first is set off.
    pub ranked: Vec<(String, f64)>,
}

/// One service calls another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edge {
    /// Who calls.
    pub caller: String,
    /// Who is called.
    pub callee: String,
    /// How often; not finite when it is not known.
    pub calls: f64,
}

/// The height of a layer, and of a box.
const LAYER: f64 = 92.0;
const BOX: f64 = 34.0;
/// Boxes beside each other.
const BESIDE: usize = 4;

/// Where the middle of a box stands, from above.
fn height(place: &Place) -> f64 {
    LAYER * place.row as f64 + LAYER / 2.0
}

impl Edge {
    fn words(&self) -> String {
        let calls = Some(self.calls).filter(|calls| calls.is_finite());
        let calls = calls.map(|calls| format!(": {} calls", number(calls, ""))).unwrap_or_default();
        format!("{} → {}{calls}", self.caller, self.callee)
    }

    /// A line from the caller to the callee, the thicker the more calls of the `most` of any.
    fn line(&self, most: f64, places: &[Place]) -> Option<String> {
        let place = |name: &str| places.iter().find(|place| place.name == name);
        let (from, to) = (place(&self.caller)?, place(&self.callee)?);
        let calls = if self.calls.is_finite() { self.calls.max(0.0) } else { 0.0 };
        let width = 1.0 + 5.0 * (calls / most).sqrt();
        Some(format!(
            "<line x1=\"{:.2}%\" y1=\"{}\" x2=\"{:.2}%\" y2=\"{}\" stroke-width=\"{width:.1}\"><title>{}</title></line>",
            from.x,
            height(from),
            to.x,
            height(to),
            escape(&self.words())
        ))
    }
}

impl Calls {
    /// A sentence on what is shown.
    pub(crate) fn note(&self) -> String {
        let first =
            self.ranked.first().map_or(String::new(), |(first, _)| format!(" {first}, the first of them, is set off."));
        format!(
            "Callers above, callees below; the thicker a line, the more calls, the darker a service, the higher its score.{first}"
        )
    }

    /// The services in layers, and a table of the calls.
    pub(crate) fn html(&self) -> String {
        let (height, map) = self.map();
        format!(
            "<svg class=\"calls\" height=\"{height}\" role=\"img\" aria-label=\"call map, as in the table below\">{map}</svg>\n{}",
            self.table()
        )
    }

    /// The services in layers, and how high they are.
    pub(crate) fn map(&self) -> (f64, String) {
        let places = layers::places(&self.edges, BESIDE);
        let rows = places.iter().map(|place| place.row + 1).max().unwrap_or(0);
        let most = self.edges.iter().map(|edge| edge.calls).filter(|calls| calls.is_finite()).fold(1.0, f64::max);
        let others = self.edges.iter().filter(|edge| edge.caller != edge.callee);
        let mut out: String = others.filter_map(|edge| edge.line(most, &places)).collect();
        places.iter().for_each(|place| out += &self.service(place));
        (LAYER * rows as f64, out)
    }

    /// A box, the darker the higher the score.
    fn service(&self, place: &Place) -> String {
        let y = height(place);
        let first = if self.ranked.first().is_some_and(|(first, _)| *first == place.name) { " first" } else { "" };
        format!(
            "<g class=\"s{}{first}\"><title>{}</title><rect x=\"{:.2}%\" y=\"{:.1}\" width=\"{:.2}%\" height=\"{BOX}\" rx=\"6\"/>\
             <text x=\"{:.2}%\" y=\"{:.1}\" text-anchor=\"middle\">{}</text></g>",
            self.shade(&place.name),
            escape(&self.words(&place.name)),
            place.x - place.width / 2.0,
            y - BOX / 2.0,
            place.width,
            place.x,
            y + 4.0,
            escape(&place.name)
        )
    }

    fn score(&self, service: &str) -> Option<f64> {
        self.ranked.iter().find(|(name, _)| name == service).map(|(_, score)| *score).filter(|score| score.is_finite())
    }

    /// How dark a service is, from 0 to 4: its score as a share of the highest.
    fn shade(&self, service: &str) -> usize {
        let most = self.ranked.iter().map(|(_, score)| *score).filter(|score| score.is_finite()).fold(0.0, f64::max);
        let share = self.score(service).filter(|_| most > 0.0).map_or(0.0, |score| (score / most).clamp(0.0, 1.0));
        (4.0 * share).round() as usize
    }

    fn words(&self, service: &str) -> String {
        self.score(service)
            .map_or_else(|| service.to_string(), |score| format!("{service}: score {}", number(score, "")))
    }

    fn table(&self) -> String {
        let mut out = String::from(
            "<details><summary>The calls as a table</summary><table class=\"sortable\"><thead><tr><th scope=\"col\">caller</th>\
             <th scope=\"col\">callee</th><th scope=\"col\" class=\"number\">calls</th></tr></thead>\n<tbody>",
        );
        for edge in &self.edges {
            let (caller, callee) = (escape(&edge.caller), escape(&edge.callee));
            let value = if edge.calls.is_finite() { format!(" data-v=\"{}\"", edge.calls) } else { String::new() };
            let calls = escape(&number(edge.calls, ""));
            let _ = writeln!(
                out,
                "<tr><th scope=\"row\">{caller}</th><td data-l=\"callee\">{callee}</td><td class=\"number\"{value} \
                 data-l=\"calls\">{calls}</td></tr>"
            );
        }
        out + "</tbody></table></details>\n"
    }
}
