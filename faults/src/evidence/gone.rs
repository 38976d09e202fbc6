//! What gaps say: a service of which nothing could be read was gone.

use std::collections::BTreeMap;

use names::{Catalogue, Name};

use super::place::Placed;
use super::role::{self, Role};
use crate::Series;
use crate::steady::{ABSENT, in_steady_units};

/// The part of its steady work below which a service that was gone did nothing.
const NOTHING: f64 = 0.5;

/// Series, in steady units, for each service that was gone in some row: `up`, unless there is one, and
/// [`role::IDLE`], which is 1 / [`ABSENT`] with harm upwards in rows in which it was gone and after which
/// its processor time has grown by less than half of what it does in steady state, or after which it
/// never came back, and else 0. A counter's rate after a gap is that of the whole gap, so this tells
/// a service that stood still from one that was only out of sight.
pub fn absences(now: &[Series], steady: &[Series], catalogue: &Catalogue) -> Vec<Series> {
    let (now, steady) = (Placed::new(now, None, catalogue), Placed::new(steady, None, catalogue));
    let known = steady.presence();
    let mut found = Vec::new();
    for (service, there) in now.presence().into_iter().filter(|(_, there)| there.contains(&0.0)) {
        let Some(before) = known.get(service).filter(|before| before.contains(&1.0)) else { continue };
        if now.of(service, Role::Presence).next().is_none() {
            found.push(now.series("up", service, in_steady_units(&there, before)));
        }
        found.push(now.series(role::IDLE, service, idle(&there, &now.work(service), &steady.work(service))));
    }
    found
}

impl<'a> Placed<'a> {
    fn of(&self, service: &str, role: Role) -> impl Iterator<Item = &'a Series> {
        self.iter()
            .filter(move |(own, place, _)| *own == service && place.role == Some(role))
            .map(|(.., series)| series)
    }

    /// A series of a service, named as its others are: by a label, or by the beginning of its name.
    fn series(&self, metric: &str, service: &str, values: Vec<f64>) -> Series {
        let other = self.iter().find(|(own, ..)| *own == service).map_or("", |(.., series)| &series.name);
        let labels = || vec![("service".to_string(), service.to_string())];
        let name = match () {
            () if other.contains('{') || other.is_empty() => Name::new(metric, labels()).to_string(),
            () if other.contains('|') => format!("{service}|{metric}"),
            () => format!("{service}_{metric}"),
        };
        Series { name, values }
    }

    /// Whether each service was there: 1 in rows where any of its series has a value, 0 in those where
    /// only other services have, NaN where none has.
    fn presence(&self) -> BTreeMap<&str, Vec<f64>> {
        let mut services: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        let mut any = vec![f64::NAN; self.rows()];
        for (service, _, series) in self.iter().filter(|(_, place, _)| !place.is_about) {
            let own = services.entry(service).or_insert_with(|| vec![f64::NAN; any.len()]);
            for (row, _) in series.values.iter().enumerate().filter(|(_, x)| !x.is_nan()) {
                (any[row], own[row]) = (0.0, 1.0);
            }
        }
        for own in services.values_mut() {
            own.iter_mut().zip(&any).filter(|(own, _)| own.is_nan()).for_each(|(own, any)| *own = *any);
        }
        services
    }

    /// The processor time a service takes, per row; NaN where it is not known.
    fn work(&self, service: &str) -> Vec<f64> {
        let mut work = vec![f64::NAN; self.rows()];
        for series in self.of(service, Role::Cpu) {
            for (sum, x) in work.iter_mut().zip(&series.values).filter(|(_, x)| !x.is_nan()) {
                *sum = if sum.is_nan() { *x } else { *sum + x };
            }
        }
        work
    }
}

fn idle(there: &[f64], work: &[f64], steady: &[f64]) -> Vec<f64> {
    let known: Vec<f64> = steady.iter().copied().filter(|x| !x.is_nan()).collect();
    let least = NOTHING * known.iter().sum::<f64>() / known.len() as f64;
    let mut after = 0.0;
    let one = |(there, work): (&f64, &f64)| {
        after = if work.is_nan() { after } else { *work };
        if *there == 0.0 && after < least { -ABSENT } else { 0.0 }
    };
    let mut idle: Vec<f64> = there.iter().zip(work).rev().map(one).collect();
    idle.reverse();
    idle
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{ABSENT, Catalogue, Series, absences};

    const GONE: f64 = f64::NAN;
    const UP: &str = "carts_up";

    /// Series of these values.
    pub(crate) fn series(all: &[(&str, &[f64])]) -> Vec<Series> {
        all.iter().map(|(name, values)| Series { name: name.to_string(), values: values.to_vec() }).collect()
    }

    /// The column of that name in the evidence.
    fn said(name: &str, now: &[(&str, &[f64])], steady: &[(&str, &[f64])]) -> Option<Vec<f64>> {
        absences(&series(now), &series(steady), &Catalogue::default())
            .into_iter()
            .find(|c| c.name == name)
            .map(|c| c.values)
    }

    #[test]
    fn a_service_was_gone_where_others_have_values_and_it_has_none() {
        let steady: [(&str, &[f64]); 3] =
            [("front_cpu", &[1.0; 4]), ("carts_cpu", &[1.0; 4]), ("carts_mem", &[1.0; 4])];
        let front: (&str, &[f64]) = ("front_cpu", &[1.0; 4]);
        let cpu: (&str, &[f64]) = ("carts_cpu", &[1.0, GONE, GONE, 1.0]);
        let memory: (&str, &[f64]) = ("carts_mem", &[1.0, 1.0, GONE, 1.0]);
        assert_eq!(said(UP, &[front, cpu], &steady), Some(vec![0.0, ABSENT, ABSENT, 0.0]));
        assert_eq!(said(UP, &[front, cpu, memory], &steady), Some(vec![0.0, 0.0, ABSENT, 0.0]));
        // The monitoring was away.
        let away: (&str, &[f64]) = ("front_cpu", &[1.0, GONE, GONE, 1.0]);
        assert_eq!(said(UP, &[away, cpu], &steady), None);
        // It says so itself.
        assert_eq!(said(UP, &[front, cpu, ("carts_up", &[1.0, 0.0, 0.0, 1.0])], &steady), None);
        // It has never been there.
        assert_eq!(said(UP, &[front, ("new_cpu", &[GONE; 4])], &steady), None);
    }

    #[test]
    fn a_service_that_comes_and_goes_in_steady_state_says_less() {
        let steady: [(&str, &[f64]); 2] = [("front_cpu", &[1.0; 4]), ("carts_cpu", &[1.0, GONE, 1.0, 1.0])];
        let up = said(UP, &[("front_cpu", &[1.0; 4]), ("carts_cpu", &[GONE; 4])], &steady).unwrap();
        assert!(up.iter().all(|x| (-3.0..0.0).contains(x)), "{up:?}");
    }

    #[test]
    fn a_service_that_was_gone_was_idle_unless_its_counter_went_on() {
        let steady: [(&str, &[f64]); 3] =
            [("front_cpu", &[1.0; 2]), ("carts_cpu", &[1.0, 3.0]), ("carts_cpu_io", &[1.0, 1.0])];
        let idle =
            |cpu: &[f64]| said("carts_gone_idle", &[("front_cpu", &vec![1.0; cpu.len()]), ("carts_cpu", cpu)], &steady);
        assert_eq!(idle(&[9.0, GONE, GONE, 1.4, 9.0]), Some(vec![0.0, -ABSENT, -ABSENT, 0.0, 0.0]));
        assert_eq!(idle(&[9.0, GONE, GONE, 1.6, 9.0]), Some(vec![0.0; 5]));
        assert_eq!(idle(&[9.0, GONE]), Some(vec![0.0, -ABSENT]));
        assert_eq!(idle(&[9.0, 0.0]), None);
    }
}
