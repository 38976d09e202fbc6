//! The users' delay: the column whose rise is looked into.

use std::path::Path;

use grid::{Source as Input, Table, names_in};
use grid_build::Log;
use names::{Catalogue, Name, Outcome, users_delay};
use strain::plan::phases::{Joined, Phase, Source};

use super::args::Compare;

/// The column of `--on`, else of the response times that a load generator saw in both phases that of the users' delay.
pub(crate) fn on(args: &Compare, [before, after]: [&Phase; 2]) -> Option<String> {
    if args.on.is_some() {
        return args.on.clone();
    }
    let (earlier, later) = (response_times(before), response_times(after));
    let both: Vec<String> = earlier.into_iter().filter(|column| later.contains(column)).collect();
    users_delay(both.iter().map(|column| (column, column.as_str()))).cloned()
}

/// The response times that a phase has, or will have when its grid is made. A grid that cannot be read is left to the
/// filters, which say why.
fn response_times(phase: &Phase) -> Vec<String> {
    let log = match (&phase.source, &phase.joined) {
        (Source::Grid(file), _) => {
            let (columns, catalogue) = (names_in(Path::new(file)).unwrap_or_default(), Catalogue::default());
            let is_seen = |name: &String| catalogue.outcome(&Name::parse(name)) == Some(Outcome::ResponseTime);
            return columns.into_iter().filter(is_seen).collect();
        }
        // Without the percentiles of each moment, the means of each are left.
        (_, Joined { locust: Some(prefix), requests: None, .. }) if has_means_alone(prefix) => {
            return vec![Log::Locust.mean_response_time()];
        }
        (_, Joined { locust: Some(_), .. }) => Some(Log::Locust),
        // One that cannot be read, or is none, is left to grid-build, which says why.
        (_, Joined { requests: Some(file), .. }) => Input::open(Path::new(file))
            .and_then(|mut log| log.head(grid_build::Input::HEAD))
            .and_then(|head| Log::of(&head))
            .unwrap_or(Some(Log::Locust)),
        _ => None,
    };
    log.into_iter().flat_map(|log| [log.response_time(), log.mean_response_time()]).collect()
}

/// True for a history that Locust wrote without `--csv-full-history`: it has rows of all requests together only, and their
/// percentiles are of the whole run. One that cannot be read is left to grid-build, which says why.
fn has_means_alone(prefix: &str) -> bool {
    let Ok(history) = Table::read_file(Path::new(&format!("{prefix}_stats_history.csv"))) else { return false };
    let Some(kind) = history.column("Type") else { return false };
    history.rows.iter().all(|row| row.get(kind).is_none_or(|kind| kind.text().is_empty()))
}
