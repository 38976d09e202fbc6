//! The headline, and the sentences below it.

use grid::slip_in_time;
use names::Outcome;
use report::Report;
use report::words::{change, number, unit};

use super::facts::title;
use super::inputs::Inputs;
use super::rankings::grows;
use super::series::Store;
use super::sheet::Sheet;
use super::verdict::{Verdict, chance, changed, is_gone, moved};

/// What `faults` puts first where no kind that it knows is near enough.
const NO_KIND: &str = "none of these";

/// Says what gives first, by which metric and when, what follows, and what the users saw; of a
/// ranking by growth, what scales least, and by how much it is worse than linear.
pub(crate) fn tell(report: &mut Report, inputs: &Inputs, store: Option<&Store>) {
    let table = inputs.services.as_ref().unwrap_or(&inputs.rank);
    let by_growth = grows(&inputs.rank);
    // an order of metrics alone says nothing of a service
    let is_order = inputs.verdict == Verdict::Untold && inputs.services.is_none() && !by_growth;
    let service = table.text(0, "service").filter(|_| !is_order);
    let Some(metric) = table.text(0, "metric").or_else(|| inputs.rank.text(0, "metric")) else {
        report.story.push("The ranking is empty.".into());
        return;
    };
    if by_growth && inputs.rank.row(&metric).and_then(|row| inputs.rank.number(row, "worse")).is_none() {
        report.story.push("Not enough load levels to estimate growth.".into());
        return;
    }
    let (headline, reason) = verdict(inputs);
    if by_growth || headline.is_empty() {
        first(report, inputs, service.as_deref(), &metric);
    } else {
        report.headline = Some((headline.into(), String::new()));
        report.story.push(reason.into());
    }
    if let Some(on) = &inputs.on {
        report.story.extend(rose(inputs, on, "The response time"));
    }
    report.story.extend(failures(inputs, store));
    report.story.extend(known_fault(inputs));
    report.story.extend(store.filter(|_| !inputs.in_any_order).and_then(slip));
}

/// The headline and the reason of a verdict that is not of a service; empty where it is.
fn verdict(inputs: &Inputs) -> (&'static str, &'static str) {
    match inputs.verdict {
        Verdict::Worse if only_users_felt_it(inputs) => (
            "The users fared worse, but no metric of the system did.",
            "None changed for the worse beyond chance: look at the load generator, at what lies between, and at what is not measured.",
        ),
        Verdict::Quiet => ("Nothing got worse.", "No metric changed for the worse beyond chance."),
        Verdict::Undecided if are_apart(&inputs.rank) => {
            ("It cannot be told.", "Most metrics have no samples on one side, so nothing is known of their change.")
        }
        Verdict::Undecided => {
            ("It cannot be told.", "What changed may be chance: there are too few independent samples.")
        }
        Verdict::Worse | Verdict::Untold => ("", ""),
    }
}

/// True where most metrics of a ranking that tells both levels have one of them only.
fn are_apart(rank: &Sheet) -> bool {
    let [before, after] = ["steady", "overload"].map(|side| move |row: &usize| rank.number(*row, side).is_some());
    let both = (0..rank.len()).filter(|row| before(row) && after(row)).count();
    rank.has("steady") && rank.has("overload") && 2 * both < rank.len()
}

/// True where something got worse and no metric of the system did: the users felt it.
fn only_users_felt_it(inputs: &Inputs) -> bool {
    let rank = &inputs.rank;
    rank.has("verdict") && rank.has("moved") && (0..rank.len()).all(|row| moved(rank, row) != Some(true))
}

/// "The steady state is later than the overload: are the two swapped?", or how long they overlap.
fn slip(store: &Store) -> Option<String> {
    let [steady, overload] = store.times_ms.as_slice() else { return None };
    slip_in_time([steady.as_slice()], [overload.as_slice()]).map(|text| title(&text))
}

fn first(report: &mut Report, inputs: &Inputs, service: Option<&str>, metric: &str) {
    let (by_growth, rank) = (grows(&inputs.rank), &inputs.rank);
    let first = service.map_or_else(|| inputs.naming.short(metric), str::to_string);
    let said = if by_growth { "scales least.".into() } else { gives(inputs, service.is_some()) };
    report.headline = Some((first.clone(), said));
    let subject = if service.is_some() { format!("Its {}", inputs.naming.short(metric)) } else { "It".into() };
    if by_growth {
        report.story.extend(grown(inputs, metric, &subject));
    }
    if service.is_some() && rank.row(metric).is_some_and(|row| is_gone(rank, row)) {
        report.story.push(format!("{first} is gone."));
    } else {
        report.story.extend(rose(inputs, metric, &subject));
    }
    if service.is_some() && inputs.verdict == Verdict::Worse {
        report.story.extend(leader_by_chance(inputs, metric));
    }
    match service {
        Some(_) if by_growth => report.story.extend(others_grow(inputs, &first)),
        Some(_) if inputs.verdict == Verdict::Worse => report.story.extend(others(inputs, &first)),
        _ => {}
    }
}

/// What the first one does: it gives first, unless its change may be chance, or the ranking tells an order only.
fn gives(inputs: &Inputs, is_service: bool) -> String {
    let table = inputs.services.as_ref().unwrap_or(&inputs.rank);
    if inputs.verdict == Verdict::Untold {
        let things = match (is_service, table.len()) {
            (true, 1) => "service",
            (true, _) => "services",
            (false, 1) => "metric",
            (false, _) => "metrics",
        };
        return format!("is first of {} {things}; the table has no verdict.", whole(table.len() as f64));
    }
    let chance = chance(table, 0).map(|q| format!(", though its change may be chance (q = {})", number(q, "")));
    format!("gives first{}.", chance.unwrap_or_default())
}

/// What is said of a leading metric that may be chance, where others of its service moved.
fn leader_by_chance(inputs: &Inputs, metric: &str) -> Option<String> {
    let (rank, table) = (&inputs.rank, inputs.services.as_ref()?);
    let q = chance(rank, rank.row(metric)?).filter(|_| moved(table, 0) == Some(true))?;
    Some(format!("That may be chance (q = {}), but other metrics of it moved.", number(q, "")))
}

/// "After it: orders (at 14 s), then front-end (at 20 s). db is gone." — but only of services that moved, and came later.
fn others(inputs: &Inputs, first: &str) -> Option<String> {
    let table = inputs.services.as_ref()?;
    let found = (1..table.len()).filter(|row| is_gone(table, *row) || changed(table, *row));
    let found = found.filter_map(|row| Some((row, table.text(row, "service").filter(|other| other != first)?)));
    let (gone, moved): (Vec<_>, Vec<_>) = found.partition(|(row, _)| is_gone(table, *row));
    let gone: Vec<String> = gone.into_iter().map(|(_, name)| name).collect();
    let gone_too = match gone.as_slice() {
        [] => None,
        [one] => Some(format!("{one} is gone.")),
        many => Some(format!("{} are gone.", list(many))),
    };
    let nothing = gone_too.is_none() && !is_gone(table, 0) && table.len() > 1;
    let nothing = nothing.then(|| match table.has("moved") {
        true => "No other service got worse beyond chance.".to_string(),
        false => "The leading metric of no other service changed beyond chance.".to_string(),
    });
    let said: Vec<String> = after(table, &moved).or(nothing).into_iter().chain(gone_too).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// "After it: orders (at 14 s)." of those that came later than the first, behind "Also changed: catalogue." of those that are not known
/// to: what changed in the same row may as well be what the first one waited for.
fn after(table: &Sheet, moved: &[(usize, String)]) -> Option<String> {
    let onset = |row: usize| table.number(row, "onset");
    let start = onset(0);
    let lag = |row: usize| onset(row).filter(|at| start.is_some_and(|start| *at > start));
    let mut later: Vec<(f64, &str)> =
        moved.iter().filter_map(|(row, name)| Some((lag(*row)?, name.as_str()))).collect();
    later.sort_by(|a, b| a.0.total_cmp(&b.0));
    let others = moved.iter().filter(|(row, _)| lag(*row).is_none());
    let names: Vec<&str> = others.take(3).map(|(_, name)| name.as_str()).collect();
    let also = (!names.is_empty()).then(|| format!("Also changed: {}.", names.join(", ")));
    let words: Vec<String> =
        later.iter().take(2).map(|(at, name)| format!("{name} (at {})", number(*at, "s"))).collect();
    let after = (!words.is_empty()).then(|| format!("After it: {}.", words.join(", then ")));
    let said: Vec<String> = also.into_iter().chain(after).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// `a, b and c`; of more than three `a, b, c and 2 more`.
fn list(names: &[String]) -> String {
    let (shown, rest) = names.split_at(names.len().min(3));
    match (rest.len(), shown.split_last()) {
        (0, Some((last, before))) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        (0, _) => shown.join(""),
        (more, _) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Of services that scale, none comes after one that does not.
fn others_grow(inputs: &Inputs, first: &str) -> Option<String> {
    let table = inputs.services.as_ref()?;
    let worse = |row: &usize| table.number(*row, "worse").is_some_and(|worse| worse > 0.0);
    let names: Vec<String> = (1..table.len()).filter(worse).filter_map(|row| table.text(row, "service")).collect();
    let names: Vec<String> = names.into_iter().filter(|name| name != first).take(2).collect();
    (!names.is_empty()).then(|| format!("Next: {}.", names.join(", then ")))
}

/// "258 of the 7,171 requests of the whole run failed, from second 12 of the overload, most often POST /orders (503)." What
/// Locust counted is of all that it ran: warm-up and steady state are in it.
fn failures(inputs: &Inputs, store: Option<&Store>) -> Option<String> {
    let start = store.and_then(|store| first_failure(store, inputs));
    let Some(locust) = &inputs.locust else {
        return start.map(|start| format!("Requests failed{start}."));
    };
    if locust.failures <= 0.0 {
        let none = || format!("None of the {} requests of the whole run failed.", whole(locust.requests));
        return (locust.requests > 0.0).then(none);
    }
    let mut out =
        format!("{} of the {} requests of the whole run failed", whole(locust.failures), whole(locust.requests));
    out += &start.unwrap_or_default();
    if let Some((what, error, _)) = &locust.most {
        out += &format!(", most often {what} ({error})");
    }
    Some(out + ".")
}

/// "It looks like a known fault: network-delay." Of a run in which something got worse; whether that is believed is the
/// table's own word, a kind of its own where none is near enough.
fn known_fault(inputs: &Inputs) -> Option<String> {
    let faults = inputs.faults.as_ref().filter(|_| matches!(inputs.verdict, Verdict::Worse | Verdict::Untold))?;
    let kind = faults.text(0, "kind")?;
    Some(match faults.number(0, "p") {
        _ if kind == NO_KIND => "It looks like none of the known faults.".into(),
        Some(_) => format!("It looks like a known fault: {kind}."),
        None => format!("Of the known faults {kind} is the nearest."),
    })
}

fn whole(count: f64) -> String {
    if count < 1e6 { number(count.round(), "") } else { number(count, "") }
}

/// ", from second 12 of the overload": the first row of the overload in which a request failed.
fn first_failure(store: &Store, inputs: &Inputs) -> Option<String> {
    let series = store.outcome(&inputs.naming, Outcome::Failures)?;
    let all: Vec<&[f64]> = store.values(series).collect();
    let fails = |values: &[f64]| values.iter().position(|value| *value > 0.0);
    if all.len() == 2 && fails(all[0]).is_some() {
        return Some(", from the steady state on".into());
    }
    let times = store.times_ms.last()?;
    let row = fails(all.last()?)?;
    Some(format!(", from second {} of the overload", number((times.get(row)? - times.first()?) as f64 / 1000.0, "")))
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
fn rose(inputs: &Inputs, metric: &str, subject: &str) -> Option<String> {
    let row = inputs.rank.row(metric)?;
    let cell = |column: &str| inputs.rank.number(row, column);
    let (from, to) = (cell("steady")?, cell("overload")?);
    let [before, after] = [from, to].map(|level| number(level, unit(metric)));
    if before == after {
        return Some(format!("{subject} stayed at {after}."));
    }
    let verb = if to < from { "fell" } else { "rose" };
    let mut out = format!("{subject} {verb} from {before} to {after}");
    if let Some(percent) = cell("pct_change") {
        out += &format!(" ({})", change(percent));
    }
    if let Some(onset) = cell("onset") {
        out += &format!(", {} into the overload", number(onset, "s"));
    }
    Some(out + ".")
}
