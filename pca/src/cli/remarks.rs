//! What is said on standard error.

use grid::{Io, Names, counted};
use pca::{Components, Fit, Group, Prepared, Rounds, State};

/// Says what was filled, what carries nothing, and what the fit fell short of.
pub(crate) fn say(asked: Option<Components>, names: &Names, fit: &Fit, io: &mut Io) {
    say_columns(names, &fit.data, fit.model.rounds, io);
    say_components(asked, fit.model.components.len(), fit.model.unsettled, io);
}

/// Says what was filled, and what carries nothing.
pub(crate) fn say_columns(names: &Names, data: &Prepared, rounds: Option<Rounds>, io: &mut Io) {
    say_missing(data, rounds, io);
    for (state, what) in [(State::Constant, "constant"), (State::Empty, "empty")] {
        let same = data.shifts.iter().zip(names.iter()).filter(|(shift, _)| shift.state == state);
        let same: Vec<&str> = same.map(|(_, name)| name).collect();
        if !same.is_empty() {
            io.note_columns(format!("{} {what}, without loading", counted(same.len(), "column")), &same, same.len());
        }
    }
    if data.spans.len() > 1 {
        io.note(format!("{} windows, each centred on its own", data.spans.len()));
    }
}

/// Says when fewer components carry variance than were asked for, or the iteration did not settle.
pub(crate) fn say_components(asked: Option<Components>, kept: usize, unsettled: f64, io: &mut Io) {
    match asked {
        Some(Components::Count(asked)) if asked > kept => {
            io.note(format!("{} carry variance, {asked} were asked for", counted(kept, "component")));
        }
        _ => {}
    }
    if unsettled > 1e-10 {
        io.note(format!("the iteration ended with a relative residual of {unsettled:.1e}; --solver gram is exact"));
    }
}

/// Says when the components explain the baseline wholly, so that next to nothing can lie outside them.
pub(crate) fn say_all_kept(fit: &Fit, left_of_baseline: &[f64], io: &mut Io) {
    if !left_of_baseline.is_empty() && !fit.model.components.is_empty() && left_of_baseline.iter().all(|q| *q == 0.0) {
        let kept = counted(fit.model.components.len(), "component");
        io.note(format!(
            "{kept} explain all of the baseline, so only what is constant there can lie outside; -k keeps fewer"
        ));
    }
}

fn say_missing(data: &Prepared, rounds: Option<Rounds>, io: &mut Io) {
    let columns = data.missing.chunk_by(|a, b| a.0 == b.0);
    let partly = columns.filter(|places| data.shifts[places[0].0 as usize].state != State::Empty);
    let missing: Vec<usize> = partly.map(<[_]>::len).collect();
    let total: usize = missing.iter().sum();
    if total == 0 {
        return;
    }
    let place =
        format!("{} in {} of {}", counted(total, "missing value"), missing.len(), counted(data.shifts.len(), "column"));
    match rounds {
        None => io.note(format!("{place} taken as the column's mean")),
        Some(Rounds { count: rounds, settled: true, .. }) => {
            io.note(format!("{place} estimated in {}", counted(rounds, "round")));
        }
        Some(Rounds { count: rounds, change, .. }) => io.note(format!(
            "{place} estimated in {}, the last of which still changed them by {change:.0e} of the grid",
            counted(rounds, "round")
        )),
    }
}

/// Says which columns take no part, and why.
pub(crate) fn say_left_out(names: &[&str], what: &str, io: &mut Io) {
    if !names.is_empty() {
        io.note_columns(format!("{} {what}, left out", counted(names.len(), "column")), names, names.len());
    }
}

/// Says which column stands for which.
pub(crate) fn say_groups(in_full: bool, names: &Names, groups: &[Group], loose: usize, io: &mut Io) {
    let carried: f64 = groups.iter().map(|group| group.contribution).sum();
    io.note(format!(
        "kept {} of {}, which carry {:.1} % of what the components explain; {loose} left without a group",
        groups.len(),
        counted(names.len(), "column"),
        100.0 * carried
    ));
    for group in groups.iter().filter(|group| in_full && group.members.len() > 1) {
        let others: Vec<&str> = group.members[1..].iter().map(|member| names.get(member.0)).collect();
        io.note_columns(format!("{} stands for", names.get(group.representative)), &others, others.len());
    }
}
