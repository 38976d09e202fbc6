//! How a steady state and an overload stand in time.

use crate::format_time;

/// What is most likely a slip, in words for a message: the states are in the wrong order, or they share a stretch of time.
/// Of each state the times of its grids are given, in Unix milliseconds; those of several grids are looked at in pairs.
/// States that only touch, as the ranges 12:00/12:10 and 12:10/12:20 do, are none.
pub fn slip_in_time<'a>(
    steady: impl IntoIterator<Item = &'a [i64]>,
    overload: impl IntoIterator<Item = &'a [i64]>,
) -> Option<String> {
    let (steady, overload) = (extents(steady), extents(overload));
    let pairs = || steady.iter().flat_map(|before| overload.iter().map(move |after| (before, after)));
    let shared = pairs().map(|(before, after)| before.1.min(after.1).saturating_sub(before.0.max(after.0))).max()?;
    if pairs().all(|(before, after)| before.0 > after.1) {
        return Some(String::from("the steady state is later than the overload: are the two swapped?"));
    }
    let seconds = format_time(shared);
    (shared > 0)
        .then(|| format!("the steady state and the overload overlap by {seconds} s: are these the two that are meant?"))
}

/// The first and the last time of each grid that has rows; windows may stand in any order.
fn extents<'a>(grids: impl IntoIterator<Item = &'a [i64]>) -> Vec<(i64, i64)> {
    grids.into_iter().filter_map(|times| Some((*times.iter().min()?, *times.iter().max()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(steady: &[&[i64]], overload: &[&[i64]]) -> String {
        slip_in_time(steady.iter().copied(), overload.iter().copied()).unwrap_or_default()
    }

    #[test]
    fn an_overload_comes_after_the_steady_state() {
        assert_eq!(slip(&[&[1000, 2000]], &[&[3000, 4000]]), "");
        assert_eq!(slip(&[&[1000, 2000]], &[&[2000, 3000]]), "");
        assert!(slip(&[&[3000, 4000]], &[&[1000, 2000]]).ends_with("are the two swapped?"));
        assert_eq!(slip(&[&[3000]], &[&[]]), "");
    }

    #[test]
    fn states_that_share_a_stretch_of_time_are_told() {
        assert!(slip(&[&[1000, 2000, 4000]], &[&[2500, 5000]]).contains("overlap by 1.5 s"));
        assert!(slip(&[&[1000, 2000]], &[&[1000, 2000]]).contains("overlap by 1 s"));
    }

    #[test]
    fn steady_states_between_overloads_are_none() {
        assert_eq!(slip(&[&[1000, 2000], &[5000, 6000]], &[&[3000, 4000], &[7000, 8000]]), "");
    }
}
