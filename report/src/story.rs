//! The headline, and the sentences below it.

use grid::Table;
use report::Report;
use report::words::{change, number, unit};

use crate::evidence::{Evidence, short, text};

/// Says what gives first, by which metric and when, what follows, and what the users saw.
pub(crate) fn tell(report: &mut Report, evidence: &Evidence, services: Option<&Table>, on: Option<&str>) {
    let table = services.unwrap_or(evidence.rank);
    let service = text(table, 0, "service");
    let Some(metric) = text(table, 0, "metric").or_else(|| evidence.text(0, "metric")) else {
        report.story.push("The ranking is empty.".into());
        return;
    };
    let first = service.clone().unwrap_or_else(|| short(&metric));
    let verb = if evidence.rank.column("elasticity").is_some() { "scales least." } else { "gives first." };
    report.headline = Some((first.clone(), verb.into()));
    let subject = if service.is_some() { format!("Its {}", short(&metric)) } else { "It".into() };
    report.story.extend(moved(evidence, &metric, &subject));
    if let Some(on) = on {
        report.story.extend(moved(evidence, on, "The response time"));
    }
    let mut others: Vec<String> = Vec::new();
    for row in 1..table.rows.len() {
        let other = text(table, row, "service").filter(|other| *other != first && !others.contains(other));
        others.extend(other);
    }
    if service.is_some() && !others.is_empty() {
        others.truncate(2);
        report.story.push(format!("After it: {}.", others.join(", then ")));
    }
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
