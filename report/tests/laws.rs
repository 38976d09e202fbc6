//! Laws that hold for any page.

use proptest::prelude::*;
use report::words::{breakable, change, escape, number};
use report::{
    Calls, Card, Change, Changes, Clock, Components, Curve, Curves, Edge, Entry, Field, Heading, Lag, Lags, Level,
    Line, Links, Loading, Mark, Panel, Ranking, Report, Series, Strength, Time, Warping, markdown, page, pictures,
};

fn any_numbers() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(any::<u64>().prop_map(f64::from_bits), 0..40)
}

/// Any text, those that would be markup among them.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[<>/\"'&a-z!-]{0,12}", Just("</script><script>alert(1)</script>".to_string())]
}

fn ranking(text: &str, first: f64) -> Ranking {
    let heading = |numeric| Heading { text: text.into(), meaning: text.into(), numeric };
    let cells = vec![Field::words(text), Field { text: number(first, "s"), value: first }];
    Ranking {
        title: text.into(),
        note: text.into(),
        headings: vec![heading(false), heading(true)],
        entries: vec![Entry {
            cells,
            full_name: text.into(),
            bar: first,
            faint: true,
            series: Some(0),
            page: text.into(),
        }],
        series: first.is_finite(),
    }
}

fn time(text: &str, numbers: &[f64], more: &[f64]) -> Time {
    let first = numbers.first().copied().unwrap_or(f64::NAN);
    let panel = Panel {
        title: text.into(),
        details: vec![text.into()],
        folded: Some((text.into(), vec![text.into()])),
        lines: vec![Line { label: text.into(), ..Line::default() }, Line { rank: 1, ..Line::default() }],
        band: Some((first, more.first().copied().unwrap_or(0.0))),
        onset: Some((1, first)),
        peaks: more.iter().map(|value| (1, *value)).collect(),
        ..Panel::default()
    };
    let even = |length: usize| (0..length as i64).map(|i| i * 1000).collect::<Vec<i64>>();
    let name = text.to_string();
    Time {
        clock: Clock::new(&[(name.clone(), 0, 40_000), (name.clone(), 100_000, 140_000)]),
        times_ms: vec![even(more.len()), even(numbers.len())],
        series: vec![Series { name: name.clone(), unit: "s", values: vec![more.to_vec(), numbers.to_vec()] }],
        outcomes: vec![Panel { leading: true, ..panel.clone() }],
        heading: "Suspects",
        suspects: vec![panel],
        strengths: vec![Strength {
            service: name.clone(),
            detail: name.clone(),
            sizes: vec![more.to_vec(), numbers.to_vec()],
        }],
        marks: vec![Mark { name, phase: 1, span_ms: (100_000.0, first), fault: true }],
    }
}

fn report(text: &str, numbers: &[f64], more: &[f64]) -> Report {
    let first = numbers.first().copied().unwrap_or(f64::NAN);
    let pairs: Vec<(f64, f64)> = numbers.iter().copied().zip(more.iter().copied()).collect();
    let level = |(load, value): &(f64, f64)| Level { load: *load, value: *value, line: first, law: *load };
    let curve = Curve {
        title: text.into(),
        detail: text.into(),
        levels: pairs.iter().map(level).collect(),
        knee: Some(first),
        left_at: more.first().copied(),
        peak: numbers.last().copied(),
        ..Curve::default()
    };
    let warping = Warping { query: pairs.clone(), metric: pairs.clone(), matches: pairs.clone() };
    let lag = Lag { name: text.into(), seconds: first, detail: text.into(), opposite: true };
    let change_of = Change { percent: first, place: 1, series: 1, title: text.into() };
    Report {
        title: text.into(),
        subtitle: text.into(),
        headline: Some((text.into(), text.into())),
        story: vec![text.into()],
        cards: vec![Card { label: text.into(), steady: text.into(), overload: change(first), change: text.into() }],
        services: Some(ranking(text, first)),
        runs: Some(ranking(text, f64::NAN)),
        time: Some(time(text, numbers, more)),
        changes: Some(Changes {
            places: vec![text.into()],
            rows: vec![(text.into(), vec![Some(change_of)])],
            left_out: 1,
        }),
        lags: Some(Lags { query: text.into(), metrics: vec![lag], warpings: vec![(text.into(), warping)] }),
        components: Some(Components {
            shares: numbers.to_vec(),
            loadings: vec![Loading { name: text.into(), values: more.to_vec(), share: first }],
        }),
        calls: Some(Calls {
            edges: vec![Edge { caller: text.into(), callee: "b".into(), calls: first }],
            ranked: vec![(text.into(), first)],
        }),
        faults: Some(ranking(text, first)),
        against: Some(ranking(text, first)),
        metrics: Some(ranking(text, first)),
        curves: Some(Curves { curves: vec![curve.clone(), curve] }),
        facts: vec![(text.into(), vec![(text.into(), text.into())])],
        chain: vec![(text.into(), text.into())],
        commands: vec![(text.into(), text.into())],
        links: Links { prometheus: Some(text.into()), grafana: Some(text.into()) },
    }
}

/// What is open in a page when its scripts begin.
const PAGE: [&str; 2] = ["html", "body"];

/// Every tag that opens is closed, but for those that are left, in order; text holds no bare angle bracket.
fn balanced(html: &str, left: &[&str]) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let html = html.split("<script").next().unwrap_or_default();
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
    if open == left { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

/// What the script reads.
fn data(html: &str) -> Result<serde_json::Value, serde_json::Error> {
    let start = html.find("id=\"data\">").map_or(0, |at| at + "id=\"data\">".len());
    let end = html[start..].find("</script>").map_or(start, |at| start + at);
    serde_json::from_str(&html[start..end])
}

proptest! {
    #[test]
    fn page_is_well_formed_whatever_it_shows(text in any_text(), a in any_numbers(), b in any_numbers()) {
        let html = page(&report(&text, &a, &b));
        prop_assert_eq!(balanced(&html, &PAGE), Ok(()));
        prop_assert_eq!(html.matches("<script").count(), 2, "the page's own");
        prop_assert!(data(&html).is_ok());
        let plain = page(&report("", &a, &b));
        let plain = plain.split("<main>").nth(1).and_then(|rest| rest.split("<script>").next()).unwrap_or_default();
        prop_assert!(!plain.contains("NaN") && !plain.contains("inf"), "a number that is none");
    }

    #[test]
    fn pictures_are_well_formed_whatever_they_show(text in any_text(), a in any_numbers(), b in any_numbers()) {
        let all = pictures(&report(&text, &a, &b));
        prop_assert!(all.len() >= 3);
        for (name, picture) in all {
            prop_assert_eq!(balanced(&picture, &[]), Ok(()));
            prop_assert!(name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-.".contains(letter)), "{}", name);
            prop_assert!(!picture.contains("<script") && !picture.contains("href"));
        }
    }

    #[test]
    fn markdown_has_no_markup_of_its_input(text in any_text(), a in any_numbers()) {
        let text = markdown(&report(&text, &a, &a));
        let bare = |mark: char| text.match_indices(mark).any(|(at, _)| !text[..at].ends_with('\\'));
        prop_assert!(!bare('<') && !bare('`') && !bare('['));
    }

    #[test]
    fn text_is_escaped_and_nothing_is_lost(text in any_text()) {
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
    assert_eq!(balanced(&html, &PAGE), Ok(()));
    assert!(!html.contains("<section"));
}
