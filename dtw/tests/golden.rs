//! Distances and paths of dtaidistance, tslearn and dtw-python (`tools/golden_dtw.py`).

#![allow(clippy::unwrap_used)]

use dtw::{Band, Cost, Ends, Problem, Region, Settings, Step, align, derivative};

struct Case {
    name: String,
    settings: Settings,
    dims: usize,
    derivative: bool,
    query: Vec<f64>,
    series: Vec<f64>,
    distance: f64,
    path: Vec<(u32, u32)>,
}

fn parse(line: &str) -> Case {
    let cells: Vec<&str> = line.split('\t').collect();
    let numbers = |text: &str| text.split(' ').map(|x| x.parse().unwrap()).collect::<Vec<f64>>();
    let pair = |text: &str| text.split_once(',').map(|(i, j)| (i.parse().unwrap(), j.parse().unwrap())).unwrap();
    let mut case = Case {
        name: format!("{} [{}]", cells[0], cells[1]),
        settings: Settings::default(),
        dims: 1,
        derivative: false,
        query: numbers(cells[2]),
        series: numbers(cells[3]),
        distance: cells[4].parse().unwrap(),
        path: cells[5].split_whitespace().map(pair).collect(),
    };
    for word in cells[1].split_whitespace() {
        match word.split_once('=').unwrap_or((word, "")) {
            ("band", r) => case.settings.band = Band::Points(r.parse().unwrap()),
            ("itakura", slope) => case.settings.band = Band::Itakura(slope.parse().unwrap()),
            ("cost", "absolute") => case.settings.cost = Cost::Absolute,
            ("step", "symmetric1") => case.settings.step = Step::Symmetric1,
            ("step", "symmetric2") => case.settings.step = Step::Symmetric2,
            ("ends", "subsequence") => case.settings.ends = Ends::Subsequence,
            ("ends", "open") => case.settings.ends = Ends::OpenEnd,
            ("dims", d) => case.dims = d.parse().unwrap(),
            ("derivative", _) => case.derivative = true,
            other => panic!("{other:?}"),
        }
    }
    case
}

#[test]
fn distances_and_paths_are_those_of_other_implementations() {
    let cases: Vec<Case> = include_str!("golden/alignments.tsv").lines().map(parse).collect();
    assert!(cases.len() > 200);
    for mut case in cases {
        if case.derivative {
            case.query = derivative(&case.query);
            case.series = derivative(&case.series);
        }
        let (n, m) = (case.query.len() / case.dims, case.series.len() / case.dims);
        let region = Region::new(case.settings.band, n, m).unwrap_or_else(|| panic!("{}: no region", case.name));
        let series: [&[f64]; 1] = [&case.series];
        let problem = Problem::new(&case.query, case.dims, &series, &region, case.settings);
        let found = align(&Problem { paths: true, ..problem });
        let distance = case.settings.distance(found[0].sum);
        let error = (distance - case.distance).abs();
        assert!(error <= 1e-9 * case.distance.abs(), "{}: {distance}, not {}", case.name, case.distance);
        if !case.path.is_empty() {
            assert_eq!(found[0].path, case.path, "{}", case.name);
        }
    }
}
