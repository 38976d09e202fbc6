//! When nothing was answered for longer than is usual.

/// For each step, whether an answer was due in it and none came. `answered` are the answers of each step, NaN where they are
/// not known.
///
/// Where on the average a step has an answer or more, one was due in each. Where there are fewer (a single user who waits five
/// seconds), steps without one are the rule: it was due when twice the usual time between steps with answers (the median) has
/// gone by, as for the reports of Locust's workers. Linear, but for the median.
pub(super) fn overdue(answered: impl Iterator<Item = f64>) -> Vec<bool> {
    let answered: Vec<f64> = answered.collect();
    let places: Vec<usize> = (0..answered.len()).filter(|tick| answered[*tick] > 0.0).collect();
    let usual = usual(&places, &answered);
    let mut last = None;
    let mut is_overdue = |(tick, answered): (usize, &f64)| {
        last = if *answered > 0.0 { Some(tick) } else { last };
        let since = last.map_or(tick + 1, |last| tick - last);
        *answered == 0.0 && (usual == 1 || since >= 2 * usual)
    };
    answered.iter().enumerate().map(&mut is_overdue).collect()
}

/// How many steps are usually between answers: 1 where they come in each.
fn usual(places: &[usize], answered: &[f64]) -> usize {
    let mut gaps: Vec<usize> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return 1 };
    let all: f64 = places[1..].iter().map(|place| answered[*place]).sum();
    if gaps.is_empty() || all >= (last - first) as f64 {
        return 1;
    }
    let middle = (gaps.len() - 1) / 2;
    *gaps.select_nth_unstable(middle).1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(answered: &[f64]) -> String {
        overdue(answered.iter().copied()).into_iter().map(|is| if is { 'x' } else { '.' }).collect()
    }

    #[test]
    fn one_who_waits_is_not_stalled() {
        let five = [0.0, 0.0, 0.0, 0.0, 1.0].repeat(4);
        assert_eq!(due(&five), "....................");
        let then = [five, vec![0.0; 12]].concat();
        assert_eq!(due(&then), ".............................xxx");
    }

    #[test]
    fn many_who_wait_are() {
        assert_eq!(due(&[20.0, 20.0, 0.0, 20.0, 0.0, 0.0, 5.0]), "..x.xx.");
        assert_eq!(due(&[0.0, 0.0, 0.0]), "xxx");
        assert_eq!(due(&[1.0, f64::NAN, 0.0, 1.0, 1.0]), "..x..");
        assert_eq!(due(&[]), "");
    }
}
