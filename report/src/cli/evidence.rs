//! Pictures of what the other tables say of the suspects.

use std::collections::BTreeMap;

use grid::Cell;
use names::Name;
use report::words::{change, number};
use report::{Calls, Change, Changes, Components, Edge, Lag, Lags, Loading, Warping};

use super::inputs::Inputs;
use super::sheet::Sheet;
use super::suspects::Suspect;

/// Suspects shown in a picture, and the size of the heat map.
const SHOWN: usize = 12;
const NAMES: usize = 60;
const PLACES: usize = 12;
/// Warpings that are drawn.
const WARPINGS: usize = 3;

/// When each suspect moved, earliest first.
pub(crate) fn lags(inputs: &Inputs, suspects: &[Suspect]) -> Option<Lags> {
    let dtw = inputs.dtw.as_ref()?;
    let query = (0..dtw.len()).find_map(|row| dtw.text(row, "query"));
    let mut metrics: Vec<Lag> = suspects
        .iter()
        .take(SHOWN)
        .filter_map(|suspect| {
            let row = dtw.row(&suspect.metric)?;
            let detail = dtw.number(row, "normalised").map(|far| format!("distance {} per step", number(far, "")));
            Some(Lag {
                name: inputs.naming.long(&suspect.metric),
                seconds: dtw.number(row, "lag")?,
                detail: detail.unwrap_or_default(),
                opposite: dtw.text(row, "sign").as_deref() == Some("-"),
            })
        })
        .collect();
    metrics.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let warpings = warpings(inputs, dtw, query.as_deref());
    let query = query.map_or_else(|| "the query".to_string(), |query| inputs.naming.short(&query));
    Some(Lags { query, metrics, warpings })
}

/// The nearest metrics whose path is known, a phenomenon of a service each.
fn warpings(inputs: &Inputs, dtw: &Sheet, query: Option<&str>) -> Vec<(String, Warping)> {
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut out = Vec::new();
    let metrics = (0..dtw.len()).filter_map(|row| dtw.text(row, "metric"));
    for metric in metrics.filter(|metric| inputs.naming.outcome(metric).is_none()) {
        let place = inputs.naming.long(&metric).split(':').next().unwrap_or_default().to_string();
        let key = (place, inputs.naming.phenomenon(&metric));
        let warping = warping(inputs, &metric, query);
        if !warping.matches.is_empty() && !seen.contains(&key) && out.len() < WARPINGS {
            out.push((inputs.naming.long(&metric), warping));
            seen.push(key);
        }
    }
    out
}

/// The query and a metric over the times that were matched; empty where the path or a column is not known.
fn warping(inputs: &Inputs, metric: &str, query: Option<&str>) -> Warping {
    let (Some(matches), Some(grid)) = (inputs.matches.get(metric), &inputs.overload) else { return Warping::default() };
    let (Some(own), Some(other)) = (grid.find(metric), query.and_then(|query| grid.find(query))) else {
        return Warping::default();
    };
    let among = |times: Vec<f64>, values: &[f64]| -> Vec<(f64, f64)> {
        let (first, last) =
            (times.iter().copied().fold(f64::INFINITY, f64::min), times.iter().copied().fold(0.0, f64::max));
        let all = grid.times_ms.iter().map(|ms| *ms as f64).zip(values.iter().copied());
        all.filter(|(ms, value)| (first..=last).contains(ms) && value.is_finite()).collect()
    };
    Warping {
        query: among(matches.iter().map(|pair| pair.0).collect(), &other.values),
        metric: among(matches.iter().map(|pair| pair.1).collect(), &own.values),
        matches: matches.clone(),
    }
}

/// What each component explains, and the loadings of the suspects; the load itself is left out.
pub(crate) fn components(inputs: &Inputs, suspects: &[Suspect]) -> Option<Components> {
    let pca = inputs.pca.as_ref().filter(|pca| pca.has("pc1"))?;
    let columns: Vec<String> = pca.header().iter().filter(|name| is_component(name)).cloned().collect();
    let mut loadings: Vec<Loading> = suspects
        .iter()
        .filter_map(|suspect| {
            let row = pca.row(&suspect.metric)?;
            let values = columns.iter().map(|column| pca.number(row, column).unwrap_or(f64::NAN)).collect();
            let share = pca.number(row, "contribution").unwrap_or(f64::NAN);
            Some(Loading { name: inputs.naming.long(&suspect.metric), values, share })
        })
        .collect();
    // those that carry most
    loadings.sort_by(|a, b| b.share.total_cmp(&a.share));
    loadings.truncate(SHOWN);
    let variance = inputs.variance.as_ref();
    let shares = variance.map(|table| (0..table.len()).filter_map(|row| table.number(row, "ratio")).collect());
    Some(Components { shares: shares.unwrap_or_default(), loadings })
}

fn is_component(name: &str) -> bool {
    name.strip_prefix("pc").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// Who calls whom, most calls first.
pub(crate) fn calls(inputs: &Inputs) -> Option<Calls> {
    let table = inputs.edges.as_ref()?;
    let at = |name: &str| table.column(name);
    let (caller, callee, calls) = (at("caller")?, at("callee")?, at("calls"));
    let text = |cell: &Cell| cell.text();
    let mut edges: Vec<Edge> = table
        .rows
        .iter()
        .map(|row| Edge {
            caller: text(&row[caller]),
            callee: text(&row[callee]),
            calls: calls.and_then(|at| row[at].number()).unwrap_or(f64::NAN),
        })
        .filter(|edge| !edge.caller.is_empty() && !edge.callee.is_empty())
        .collect();
    edges.sort_by(|a, b| b.calls.total_cmp(&a.calls).then_with(|| (&a.caller, &a.callee).cmp(&(&b.caller, &b.callee))));
    let services = inputs.services.as_ref();
    let scored =
        |table: &Sheet, row: usize| Some((table.text(row, "service")?, table.number(row, "score").unwrap_or(f64::NAN)));
    let ranked = services.map(|table| (0..table.len()).filter_map(|row| scored(table, row)).collect());
    Some(Calls { edges, ranked: ranked.unwrap_or_default() })
}

/// The change of every metric name at every instance: of each cell the series placed highest.
pub(crate) fn changes(inputs: &Inputs, top: usize) -> Option<Changes> {
    let rank = &inputs.rank;
    if !rank.has("pct_change") {
        return None;
    }
    let mut places: Vec<String> = Vec::new();
    let mut order: Vec<String> = Vec::new();
    let mut cells: BTreeMap<(String, String), Change> = BTreeMap::new();
    for row in 0..rank.len().min(top) {
        let Some(metric) = rank.text(row, "metric").filter(|metric| inputs.naming.outcome(metric).is_none()) else {
            continue;
        };
        let name = Name::parse(&metric);
        let service = rank.text(row, "service");
        let Some(place) = name.label("instance").map(str::to_string).or(service) else { continue };
        let Some(percent) = rank.number(row, "pct_change") else { continue };
        let key = (name.name.clone(), place.clone());
        let title = format!("{}: {}", inputs.naming.long(&metric), change(percent));
        cells.entry(key).and_modify(|cell| cell.series += 1).or_insert(Change {
            percent,
            place: row + 1,
            series: 1,
            title,
        });
        places.extend((!places.contains(&place)).then_some(place));
        order.extend((!order.contains(&name.name)).then_some(name.name));
    }
    places.truncate(PLACES);
    let left_out = order.len().saturating_sub(NAMES);
    order.truncate(NAMES);
    let row = |name: String| {
        let own = places.iter().map(|place| cells.get(&(name.clone(), place.clone())).cloned()).collect();
        (name, own)
    };
    let rows = order.into_iter().map(row).collect();
    Some(Changes { rows, places, left_out })
}
