//! The headline, and the sentences below it.

use grid::Table;
use report::Report;
use report::words::{change, number, unit};

use crate::evidence::{Evidence, number as number_in, short, text};
use crate::rankings::grows;

/// Says what gives first, by which metric and when, what follows, and what the users saw; of a
/// ranking by growth, what scales least, and by how much it is worse than linear.
pub(crate) fn tell(report: &mut Report, evidence: &Evidence, services: Option<&Table>, on: Option<&str>) {
    let table = services.unwrap_or(evidence.rank);
    let service = text(table, 0, "service");
    let Some(metric) = text(table, 0, "metric").or_else(|| evidence.text(0, "metric")) else {
        report.story.push("The ranking is empty.".into());
        return;
    };
    let by_growth = grows(evidence.rank);
    if by_growth && evidence.row(&metric).and_then(|row| evidence.number(row, "worse")).is_none() {
        report.story.push("Of no metric is it known how it grows with the load.".into());
        return;
    }
    let first = service.clone().unwrap_or_else(|| short(&metric));
    let verb = if by_growth { "scales least." } else { "gives first." };
    report.headline = Some((first.clone(), verb.into()));
    let subject = if service.is_some() { format!("Its {}", short(&metric)) } else { "It".into() };
    if by_growth {
        report.story.extend(grown(evidence, &metric, &subject));
    }
    report.story.extend(moved(evidence, &metric, &subject));
    if let Some(on) = on {
        report.story.extend(moved(evidence, on, "The response time"));
    }
    let mut others: Vec<String> = Vec::new();
    for row in 1..table.rows.len() {
        // what scales does not come after what does not
        let counts = !by_growth || number_in(table, row, "worse").is_some_and(|worse| worse > 0.0);
        let other = text(table, row, "service").filter(|other| counts && *other != first && !others.contains(other));
        others.extend(other);
    }
    if service.is_some() && !others.is_empty() {
        others.truncate(2);
        report.story.push(format!("After it: {}.", others.join(", then ")));
    }
}

/// "Its queue_length goes ×3.29 when the load doubles, ×34.4 beyond its knee at a load of 18.4; if it scaled, ×2.
/// Its exponent is worse than linear by 4.1; it left its line at a load of 40."
fn grown(evidence: &Evidence, metric: &str, subject: &str) -> Option<String> {
    let row = evidence.row(metric)?;
    let cell = |column: &str| evidence.number(row, column);
    let doubled = |exponent: f64| format!("×{}", number(exponent.exp2(), ""));
    let load = |load: f64| format!("at a load of {}", number(load, ""));
    let mut out = format!("{subject} goes {} when the load doubles", doubled(cell("elasticity")?));
    if let (Some(knee), Some(after)) = (cell("knee"), cell("slope_after")) {
        out += &format!(", {} beyond its knee {}", doubled(after), load(knee));
    }
    out += &match cell("linear") {
        Some(0.0) => "; if it scaled, it would stay the same".into(),
        Some(linear) => format!("; if it scaled, {}", doubled(linear)),
        None => String::new(),
    };
    out += &match cell("worse")? {
        worse if worse > 0.0 => format!(". Its exponent is worse than linear by {}", number(worse, "")),
        _ => ". Its exponent is no worse than linear".into(),
    };
    out += &cell("left_at").map_or(String::new(), |left| format!("; it left its line {}", load(left)));
    Some(out + ".")
}

/// "Its queue_length rose from 0.1 to 69 (×690), 4 s into the overload."
fn moved(evidence: &Evidence, metric: &str, subject: &str) -> Option<String> {
    let row = evidence.row(metric)?;
    let (from, to) = (evidence.number(row, "steady")?, evidence.number(row, "overload")?);
    let verb = match to.total_cmp(&from) {
        std::cmp::Ordering::Less => "fell",
        std::cmp::Ordering::Equal => return Some(format!("{subject} stayed at {}.", number(to, unit(metric)))),
        std::cmp::Ordering::Greater => "rose",
    };
    let mut out = format!("{subject} {verb} from {} to {}", number(from, unit(metric)), number(to, unit(metric)));
    if let Some(percent) = evidence.number(row, "pct_change") {
        out += &format!(" ({})", change(percent));
    }
    if let Some(onset) = evidence.number(row, "onset") {
        out += &format!(", {} into the overload", number(onset, "s"));
    }
    Some(out + ".")
}
