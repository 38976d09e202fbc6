//! What holds for any input.

#![allow(clippy::unwrap_used)]

use grid::{Grid, Source};
use grid_build::{Agg, Counters, Fill, Load, Options, Store, Wish, assemble, fill, quantile, read_series};
use proptest::collection::vec;
use proptest::prelude::*;

fn build(text: &[u8], options: &Options) -> Result<Grid, grid::Error> {
    let mut store = Store::new();
    read_series(Source::from_bytes(text.to_vec())?, &mut store)?;
    Ok(assemble(store, &Load::default(), options)?.grid)
}

/// Grids are compared as text: a gap is not equal to itself.
fn text(grid: &Grid) -> String {
    let mut out = Vec::new();
    grid::write_grid(grid, grid::Form::Csv, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn line(name: &str, samples: &[(i64, f64)]) -> String {
    let (times, values): (Vec<String>, Vec<String>) =
        samples.iter().map(|(t, v)| ((1_700_000_000_000 + t * 100).to_string(), v.to_string())).unzip();
    let (times, values) = (times.join(","), values.join(","));
    format!("{{\"metric\":{{\"__name__\":\"{name}\"}},\"values\":[{values}],\"timestamps\":[{times}]}}")
}

fn pair_form(name: &str, samples: &[(i64, f64)]) -> String {
    let pair = |(t, v): &(i64, f64)| format!("[{}.{},\"{v}\"]", 1_700_000_000 + t / 10, t % 10);
    let pairs: Vec<String> = samples.iter().map(pair).collect();
    format!("{{\"metric\":{{\"__name__\":\"{name}\"}},\"values\":[{}]}}", pairs.join(", "))
}

fn samples() -> impl Strategy<Value = Vec<(i64, f64)>> {
    vec((0..300i64, prop_oneof![-1e3..1e3, (0..50i32).prop_map(f64::from)]), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_form_and_the_order_of_lines_do_not_matter(a in samples(), b in samples(), cut in 0usize..40) {
        let cut = cut.min(a.len());
        let options = Options { wish: Wish { step_ms: Some(1000), ..Wish::default() }, ..Options::default() };
        let one = [line("a", &a), line("b_total", &b)].join("\n");
        let other = [line("b_total", &b), line("a", &a[cut..]), line("a", &a[..cut])].join("\n");
        let pairs = format!("[{},\n {}]", pair_form("b_total", &b), pair_form("a", &a));
        let want = text(&build(one.as_bytes(), &options).unwrap());
        prop_assert_eq!(text(&build(other.as_bytes(), &options).unwrap()), want.clone());
        prop_assert_eq!(text(&build(pairs.as_bytes(), &options).unwrap()), want);
    }

    #[test]
    fn no_value_is_invented(a in samples(), lookback in 1i64..40) {
        let options = Options {
            wish: Wish { step_ms: Some(700), ..Wish::default() },
            lookback_ms: Some(lookback * 100),
            counters: Counters::Raw,
            ..Options::default()
        };
        let grid = build(line("a", &a).as_bytes(), &options).unwrap();
        for (time, value) in grid.times_ms.iter().zip(&grid.columns[0].values) {
            let time = (time - 1_700_000_000_000) as f64 / 100.0;
            let young = |t: i64| t as f64 <= time && time < (t + lookback) as f64;
            let last = a.iter().filter(|(t, _)| young(*t)).map(|(t, _)| *t).max();
            let known = a.iter().any(|(t, v)| Some(*t) == last && v == value);
            prop_assert!(known || (value.is_nan() && last.is_none()), "{value} at {time}");
        }
    }

    #[test]
    fn rates_add_up_to_the_growth_of_the_counter(steps in vec(0..1000u32, 2..60), reset in 1usize..60) {
        // A counter that is read every second, and begins again at zero once.
        let (mut now, mut total) = (0.0, 0.0);
        let samples: Vec<(i64, f64)> = steps.iter().enumerate().map(|(at, step)| {
            now = if at == reset { f64::from(*step) } else { now + f64::from(*step) };
            total += if at > 0 { f64::from(*step) } else { 0.0 };
            (at as i64 * 10, now)
        }).collect();
        // A drop can only be seen if it is one, and no small dip.
        let seen = reset >= samples.len() || (samples[reset - 1].1 - samples[reset].1) * 8.0 >= samples[reset - 1].1;
        let grid = build(line("c_total", &samples).as_bytes(), &Options::default()).unwrap();
        let sum: f64 = grid.columns[0].values.iter().filter(|v| !v.is_nan()).sum();
        prop_assert!(!seen || sum == total, "{sum}, expected {total}");
    }

    #[test]
    fn numbers_are_read_to_the_last_bit(values in vec(any::<f64>(), 1..20)) {
        let finite: Vec<(i64, f64)> =
            values.into_iter().filter(|v| v.is_finite()).enumerate().map(|(t, v)| (t as i64 * 10, v)).collect();
        prop_assume!(!finite.is_empty());
        let options = Options { counters: Counters::Raw, ..Options::default() };
        let grid = build(line("a", &finite).as_bytes(), &options).unwrap();
        let got: Vec<u64> = grid.columns[0].values.iter().map(|v| v.to_bits()).collect();
        prop_assert_eq!(got, finite.iter().map(|(_, v)| v.to_bits()).collect::<Vec<u64>>());
    }

    #[test]
    fn quantiles_lie_within_the_bounds_and_rise(counts in vec(0..100u32, 2..8), qs in vec(0.0..1.0f64, 2)) {
        let mut sum = 0.0;
        let last = counts.len() - 1;
        let buckets: Vec<(f64, f64)> = counts.iter().enumerate().map(|(at, count)| {
            sum += f64::from(*count);
            (if at == last { f64::INFINITY } else { (at + 1) as f64 }, sum)
        }).collect();
        let of = |q: f64| quantile(q, &buckets);
        let (low, high) = (of(qs[0].min(qs[1])), of(qs[0].max(qs[1])));
        prop_assert_eq!(low.is_some(), sum > 0.0);
        if let (Some(low), Some(high)) = (low, high) {
            prop_assert!(0.0 <= low && low <= high && high <= last as f64, "{low} {high}");
        }
    }

    #[test]
    fn aggregates_are_those_of_their_members(a in samples(), b in samples()) {
        let name = |which: &str| format!("g\",\"i\":\"{which}");
        let both = [line(&name("1"), &a), line(&name("2"), &b)].join("\n");
        let options = |by, agg| Options {
            wish: Wish { step_ms: Some(1000), ..Wish::default() },
            counters: Counters::Raw,
            by,
            agg,
            ..Options::default()
        };
        let apart = build(both.as_bytes(), &options(None, Agg::Mean)).unwrap();
        for agg in [Agg::Sum, Agg::Mean, Agg::Max] {
            let joined = build(both.as_bytes(), &options(Some(Vec::new()), agg)).unwrap();
            for row in 0..apart.rows() {
                let members: Vec<f64> = apart.columns.iter().map(|c| c.values[row]).filter(|v| !v.is_nan()).collect();
                let sum: f64 = members.iter().sum();
                let want = match agg {
                    _ if members.is_empty() => f64::NAN,
                    Agg::Sum => sum,
                    Agg::Mean => sum / members.len() as f64,
                    Agg::Max => members.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                };
                let got = joined.columns[0].values[row];
                prop_assert!(got == want || got.is_nan() && want.is_nan(), "{got}, expected {want}");
            }
        }
    }

    #[test]
    fn filling_changes_gaps_only(values in vec(prop_oneof![Just(f64::NAN), -1e3..1e3], 0..40), most in 0usize..8) {
        for how in [Fill::Previous, Fill::Linear] {
            let mut filled = values.clone();
            let count = fill(&mut filled, how, most);
            let was = |v: &[f64]| v.iter().filter(|v| v.is_nan()).count();
            prop_assert_eq!(was(&values) - was(&filled), count);
            for (before, after) in values.iter().zip(&filled) {
                prop_assert!(before.is_nan() || before == after);
            }
        }
    }

    #[test]
    fn broken_text_is_refused_and_never_a_panic(a in samples(), at in 0usize..2000, byte: u8, cut: bool) {
        let mut text = [line("a", &a), pair_form("b", &a), format!("[{}]", pair_form("c", &a))].join("\n").into_bytes();
        let at = at % text.len();
        if cut { text.truncate(at) } else { text[at] = byte }
        let options = Options { wish: Wish { step_ms: Some(60_000), ..Wish::default() }, ..Options::default() };
        if let Err(e) = build(&text, &options) {
            prop_assert!(!e.to_string().contains('\n'), "{e}");
        }
    }
}
