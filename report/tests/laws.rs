//! Laws that hold for any page.

use proptest::prelude::*;
use report::words::{breakable, change, escape, number};
use report::{Card, Curve, Curves, Entry, Heading, Level, Map, Panel, Point, Ranking, Report, Timeline, page};

fn any_numbers() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(any::<u64>().prop_map(f64::from_bits), 0..40)
}

fn report(text: &str, numbers: &[f64], more: &[f64]) -> Report {
    let first = numbers.first().copied().unwrap_or(f64::NAN);
    let panel = Panel {
        title: text.into(),
        detail: text.into(),
        steady: more.to_vec(),
        overload: numbers.to_vec(),
        onset: Some(first),
        peaks: more.to_vec(),
        ..Panel::default()
    };
    let entry = Entry { cells: vec![text.into(), number(first, "s")], full_name: text.into(), bar: first };
    let level = |(load, value): (&f64, &f64)| Level { load: *load, value: *value, line: first, law: *load };
    let curve = Curve {
        title: text.into(),
        detail: text.into(),
        levels: numbers.iter().zip(more).map(level).collect(),
        knee: Some(first),
        left_at: more.first().copied(),
        peak: numbers.last().copied(),
        ..Curve::default()
    };
    let point = |(x, y): (&f64, &f64)| Point { name: text.into(), x: *x, y: *y, weight: first };
    Report {
        title: text.into(),
        subtitle: text.into(),
        headline: Some((text.into(), text.into())),
        story: vec![text.into()],
        cards: vec![Card { label: text.into(), steady: text.into(), overload: change(first), change: text.into() }],
        rankings: vec![Ranking {
            title: text.into(),
            note: text.into(),
            headings: vec![Heading { text: text.into(), numeric: false }, Heading { text: text.into(), numeric: true }],
            entries: vec![entry],
        }],
        timeline: Some(Timeline {
            steady: (0..more.len()).map(|i| i as f64).collect(),
            overload: more.to_vec(),
            panels: vec![Panel { leading: true, ..panel.clone() }, panel],
        }),
        curves: Some(Curves { curves: vec![curve.clone(), curve] }),
        map: Some(Map { points: numbers.iter().zip(more).map(point).collect(), named: 5 }),
        facts: vec![(text.into(), vec![(text.into(), text.into())])],
        commands: vec![(text.into(), text.into())],
    }
}

/// Every tag that opens is closed, in order; text holds no bare angle bracket.
fn balanced(html: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    for part in html.split('<').skip(1) {
        let Some((tag, _)) = part.split_once('>') else { return Err(format!("unclosed: {part}")) };
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(name) if open.last() == Some(&name) => drop(open.pop()),
            Some(name) => return Err(format!("closed {name}, open {open:?}")),
            None if tag.ends_with('/') || ["!doctype", "meta", "wbr"].contains(&name) => {}
            None => open.push(name),
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

proptest! {
    #[test]
    fn page_is_well_formed_whatever_it_shows(text in any::<String>(), a in any_numbers(), b in any_numbers()) {
        let html = page(&report(&text, &a, &b));
        prop_assert_eq!(balanced(&html), Ok(()));
        let plain = page(&report("", &a, &b));
        prop_assert!(!plain.contains("NaN") && !plain.contains("inf"), "a number that is none");
    }

    #[test]
    fn text_is_escaped_and_nothing_is_lost(text in any::<String>()) {
        let safe = escape(&text);
        prop_assert!(!safe.contains(['<', '>', '"', '\'']));
        prop_assert_eq!(breakable(&text).replace("<wbr>", ""), safe);
    }

    #[test]
    fn numbers_are_short_and_close(value in any::<f64>()) {
        let text = number(value, "");
        prop_assert!(text.chars().count() <= 12, "{}", text);
        if value.is_finite() && (1e-5..1e6).contains(&value.abs()) {
            let back: f64 = text.replace('\u{2212}', "-").replace(',', "").parse().map_err(|_| TestCaseError::fail(text))?;
            prop_assert!((back - value).abs() <= 0.006 * value.abs());
        }
    }
}

#[test]
fn empty_report_is_a_page() {
    let html = page(&Report::default());
    assert_eq!(balanced(&html), Ok(()));
    assert!(!html.contains("<section"));
}
