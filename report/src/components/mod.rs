//! Principal components: how much each explains, and which suspects it is made of.

use std::fmt::Write;

use crate::words::{breakable, escape, number};

/// Components, the most important first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Components {
    /// The share of the variance that each explains; may be empty.
    pub shares: Vec<f64>,
    /// The suspects, with their loadings.
    pub loadings: Vec<Loading>,
}

/// A metric on the components.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loading {
    /// Its name.
    pub name: String,
    /// Its loading on each component, from -1 to 1.
    pub values: Vec<f64>,
    /// Its share of what all components explain; may not be finite.
    pub share: f64,
}

/// Components whose loadings are shown.
const SHOWN: usize = 3;
/// Components of the scree.
const SCREE: usize = 10;

impl Components {
    /// A sentence on what is shown.
    pub(crate) fn note(&self) -> String {
        "Each component is a direction in which metrics move together. Metrics whose bars point the same way rise and fall \
         together; bars that point apart move against each other; the longest bar of a component is its largest loading shown. Users and the other numbers of the load generator are left out."
            .into()
    }

    /// The scree, and the loadings of the suspects.
    pub(crate) fn html(&self) -> String {
        format!("<div class=\"components\">\n{}{}</div>\n", self.scree(), self.loadings())
    }

    fn scree(&self) -> String {
        if self.shares.is_empty() {
            return String::new();
        }
        let largest = self.shares.iter().copied().filter(|share| share.is_finite()).fold(1e-9, f64::max);
        let mut out = String::from(
            "<table class=\"scree\"><caption>How much of the movement each component explains</caption><thead><tr>\
             <th scope=\"col\">component</th><th scope=\"col\" class=\"bar\"><span class=\"hidden\">as a bar</span></th>\
             <th scope=\"col\" class=\"number\">explains</th><th scope=\"col\" class=\"number\">together</th></tr></thead>\n<tbody>",
        );
        let mut together = 0.0;
        for (i, share) in self.shares.iter().filter(|share| share.is_finite()).take(SCREE).enumerate() {
            together += share;
            let _ = writeln!(
                out,
                "<tr><th scope=\"row\">{}</th><td class=\"bar\"><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" \
                 aria-hidden=\"true\"><rect class=\"track\" width=\"100\" height=\"10\"/><rect width=\"{:.1}\" height=\"10\"/></svg>\
                 </td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
                i + 1,
                (100.0 * share / largest).clamp(0.0, 100.0),
                number(100.0 * share, "%"),
                number(100.0 * together, "%")
            );
        }
        out + "</tbody></table>\n"
    }

    fn loadings(&self) -> String {
        let components = self.loadings.iter().map(|loading| loading.values.len()).max().unwrap_or(0).min(SHOWN);
        let mut out = String::from(
            "<table class=\"loadings sortable\"><caption>Loadings of the metrics</caption><thead><tr><th scope=\"col\">metric</th>",
        );
        for i in 1..=components {
            let _ = write!(out, "<th scope=\"col\">component {i}</th>");
        }
        out += "<th scope=\"col\" class=\"number\">carries</th></tr></thead>\n<tbody>";
        let most = |i: usize| {
            let sizes = self.loadings.iter().filter_map(|loading| loading.values.get(i)).map(|value| value.abs());
            sizes.filter(|size| size.is_finite()).fold(1e-9, f64::max)
        };
        let most: Vec<f64> = (0..components).map(most).collect();
        for loading in &self.loadings {
            let _ = write!(out, "<tr><th scope=\"row\">{}</th>", breakable(&loading.name));
            for (i, most) in most.iter().enumerate() {
                out += &bar(loading.values.get(i).copied().unwrap_or(f64::NAN), *most, i + 1);
            }
            let share = match 100.0 * loading.share {
                share if (0.0..0.01).contains(&share) => "< 0.01\u{a0}%".to_string(),
                share => number(share, "%"),
            };
            let share = escape(&share);
            let _ = writeln!(out, "<td class=\"number\" data-l=\"carries\">{share}</td></tr>");
        }
        out + "</tbody></table>\n"
    }
}

/// A bar from the middle, to the left for what is negative; `most` is as long as can be.
fn bar(value: f64, most: f64, component: usize) -> String {
    if !value.is_finite() {
        return "<td></td>".to_string();
    }
    let width = 50.0 * (value.abs() / most).min(1.0);
    let (x, class) = if value < 0.0 { (50.0 - width, "down") } else { (50.0, "up") };
    let text = number(value, "");
    format!(
        "<td class=\"bar\" data-v=\"{value:.4}\" data-l=\"component {component}\"><svg viewBox=\"0 0 100 10\" \
         preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{text}\"><rect class=\"track\" width=\"100\" height=\"10\"/>\
         <rect class=\"{class}\" x=\"{x:.1}\" width=\"{width:.1}\" height=\"10\"/><title>{text}</title></svg></td>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_loading_points_left() {
        assert!(bar(-0.5, 1.0, 1).contains("class=\"down\" x=\"25.0\" width=\"25.0\""));
        assert!(bar(2.0, 1.0, 1).contains("class=\"up\" x=\"50.0\" width=\"50.0\""));
        assert_eq!(bar(f64::NAN, 1.0, 1), "<td></td>");
    }

    #[test]
    fn scree_needs_shares() {
        let loadings = vec![Loading { name: "a".into(), values: vec![0.1], share: f64::NAN }];
        let mut components = Components { shares: vec![], loadings };
        assert!(!components.html().contains("scree"));
        components.shares = vec![0.6, 0.2];
        assert!(components.html().contains("80\u{a0}%"));
    }
}
