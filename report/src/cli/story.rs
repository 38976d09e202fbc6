//! The headline, and the sentences below it.

use names::Outcome;
use report::Report;
use report::words::{change, number, unit};

use super::inputs::Inputs;
use super::rankings::grows;
use super::series::Store;
use super::suspects::{counts, is_clear};

/// Says what gives first, by which metric and when, what follows, and what the users saw; of a
/// ranking by growth, what scales least, and by how much it is worse than linear.
pub(crate) fn tell(report: &mut Report, inputs: &Inputs, store: Option<&Store>) {
    let table = inputs.services.as_ref().unwrap_or(&inputs.rank);
    let service = table.text(0, "service");
    let Some(metric) = table.text(0, "metric").or_else(|| inputs.rank.text(0, "metric")) else {
        report.story.push("The ranking is empty.".into());
        return;
    };
    let by_growth = grows(&inputs.rank);
    if by_growth && inputs.rank.row(&metric).and_then(|row| inputs.rank.number(row, "worse")).is_none() {
        report.story.push("Not enough load levels to estimate growth.".into());
        return;
    }
    let (headline, reason) = match verdict(inputs) {
        Verdict::Quiet => ("Nothing got worse.", "No metric changed for the worse beyond chance."),
        Verdict::Undecided => {
            ("It cannot be told.", "What changed may be chance: there are too few independent samples.")
        }
        Verdict::Worse => ("", ""),
    };
    if by_growth || headline.is_empty() {
        first(report, inputs, service.as_deref(), &metric);
    } else {
        report.headline = Some((headline.into(), String::new()));
        report.story.push(reason.into());
    }
    if let Some(on) = &inputs.on {
        report.story.extend(moved(inputs, on, "The response time"));
    }
    report.story.extend(failures(inputs, store));
}

fn first(report: &mut Report, inputs: &Inputs, service: Option<&str>, metric: &str) {
    let by_growth = grows(&inputs.rank);
    let first = service.map_or_else(|| inputs.naming.short(metric), str::to_string);
    let verb = if by_growth { "scales least." } else { "gives first." };
    report.headline = Some((first.clone(), verb.into()));
    let subject = if service.is_some() { format!("Its {}", inputs.naming.short(metric)) } else { "It".into() };
    if by_growth {
        report.story.extend(grown(inputs, metric, &subject));
    }
    report.story.extend(moved(inputs, metric, &subject));
    if service.is_some() {
        report.story.extend(if by_growth { others_grow(inputs, &first) } else { others(inputs, &first) });
    }
}

/// Whether anything got worse.
enum Verdict {
    Worse,
    Quiet,
    Undecided,
}

/// The ranking's own verdict; of a ranking without one, quiet when it knows how clear each change is, and none is clear.
fn verdict(inputs: &Inputs) -> Verdict {
    let rank = &inputs.rank;
    let any_clear = || (0..rank.len()).any(|row| rank.number(row, "q").is_some_and(is_clear));
    match rank.text(0, "verdict").as_deref() {
        Some("quiet") => Verdict::Quiet,
        Some("undecided") => Verdict::Undecided,
        None if (0..rank.len()).any(|row| rank.number(row, "q").is_some()) && !any_clear() => Verdict::Quiet,
        _ => Verdict::Worse,
    }
}

/// "After it: orders (at 14 s), then front-end (at 20 s)." — but only of services whose change is clear and came later.
fn others(inputs: &Inputs, first: &str) -> Option<String> {
    let table = inputs.services.as_ref()?;
    let onset = |row: usize| table.number(row, "onset");
    let clear: Vec<(usize, String)> = (1..table.len())
        .filter(|row| !table.has("q") || table.number(*row, "q").is_some() && counts(table, *row))
        .filter_map(|row| Some((row, table.text(row, "service").filter(|other| other != first)?)))
        .collect();
    if clear.is_empty() {
        return (table.len() > 1).then(|| "The leading metric of no other service changed beyond chance.".to_string());
    }
    let start = onset(0);
    let mut later: Vec<(f64, &str)> = clear
        .iter()
        .filter_map(|(row, name)| {
            Some((onset(*row).filter(|at| start.is_some_and(|start| *at > start))?, name.as_str()))
        })
        .collect();
    later.sort_by(|a, b| a.0.total_cmp(&b.0));
    if later.is_empty() {
        let names: Vec<&str> = clear.iter().take(3).map(|(_, name)| name.as_str()).collect();
        return Some(format!("Also changed: {}.", names.join(", ")));
    }
    let words: Vec<String> =
        later.iter().take(2).map(|(at, name)| format!("{name} (at {})", number(*at, "s"))).collect();
    Some(format!("After it: {}.", words.join(", then ")))
}

/// Of services that scale, none comes after one that does not.
fn others_grow(inputs: &Inputs, first: &str) -> Option<String> {
    let table = inputs.services.as_ref()?;
    let worse = |row: &usize| table.number(*row, "worse").is_some_and(|worse| worse > 0.0);
    let names: Vec<String> = (1..table.len()).filter(worse).filter_map(|row| table.text(row, "service")).collect();
    let names: Vec<String> = names.into_iter().filter(|name| name != first).take(2).collect();
    (!names.is_empty()).then(|| format!("Next: {}.", names.join(", then ")))
}

/// "258 of 7,171 requests failed, from second 12, most often POST /orders (503)."
fn failures(inputs: &Inputs, store: Option<&Store>) -> Option<String> {
    let start = store.and_then(|store| first_failure(store, inputs));
    let Some(locust) = &inputs.locust else {
        return start.map(|start| format!("Requests failed{start}."));
    };
    if locust.failures <= 0.0 {
        return (locust.requests > 0.0).then(|| format!("None of {} requests failed.", number(locust.requests, "")));
    }
    let mut out = format!("{} of {} requests failed", whole(locust.failures), whole(locust.requests));
    out += &start.unwrap_or_default();
    if let Some((what, error, _)) = &locust.most {
        out += &format!(", most often {what} ({error})");
    }
    Some(out + ".")
}

fn whole(count: f64) -> String {
    if count < 1e6 { number(count.round(), "") } else { number(count, "") }
}

/// ", from second 12": the first row of the overload in which a request failed.
fn first_failure(store: &Store, inputs: &Inputs) -> Option<String> {
    let series = store.outcome(&inputs.naming, Outcome::Failures)?;
    let all: Vec<&[f64]> = store.values(series).collect();
    let fails = |values: &[f64]| values.iter().position(|value| *value > 0.0);
    if all.len() == 2 && fails(all[0]).is_some() {
        return Some(", from the steady state on".into());
    }
    let times = store.times_ms.last()?;
    let row = fails(all.last()?)?;
    Some(format!(", from second {}", number((times.get(row)? - times.first()?) as f64 / 1000.0, "")))
}

/// "Its queue_length goes ×3.29 when the load doubles, ×34.4 beyond its knee at a load of 18.4; if it scaled, ×2.
/// Its exponent is worse than linear by 4.1; it left its line at a load of 40."
fn grown(inputs: &Inputs, metric: &str, subject: &str) -> Option<String> {
    let row = inputs.rank.row(metric)?;
    let cell = |column: &str| inputs.rank.number(row, column);
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
fn moved(inputs: &Inputs, metric: &str, subject: &str) -> Option<String> {
    let row = inputs.rank.row(metric)?;
    let cell = |column: &str| inputs.rank.number(row, column);
    let (from, to) = (cell("steady")?, cell("overload")?);
    let verb = match to.total_cmp(&from) {
        std::cmp::Ordering::Less => "fell",
        std::cmp::Ordering::Equal => return Some(format!("{subject} stayed at {}.", number(to, unit(metric)))),
        std::cmp::Ordering::Greater => "rose",
    };
    let mut out = format!("{subject} {verb} from {} to {}", number(from, unit(metric)), number(to, unit(metric)));
    if let Some(percent) = cell("pct_change") {
        out += &format!(" ({})", change(percent));
    }
    if let Some(onset) = cell("onset") {
        out += &format!(", {} into the overload", number(onset, "s"));
    }
    Some(out + ".")
}
