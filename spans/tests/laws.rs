//! What holds of every trace.

use proptest::prelude::*;
use spans::{Kind, Noted, OpenTraces, Series, Service, Services, Span, Tally, examine, read, read_protobuf};

/// As a tree grows: the place of the parent, service, kind, start, duration, failed.
type Sprout = (prop::sample::Index, u32, u8, u64, u64, bool);

const SECOND: u64 = 1_000_000_000;

fn kind(number: u8) -> Kind {
    [Kind::Unknown, Kind::Internal, Kind::Server, Kind::Client, Kind::Producer, Kind::Consumer][usize::from(number) % 6]
}

/// One trace in which each span but the first has one before it as its parent.
fn grow(trace: u128, sprouts: &[Sprout]) -> Vec<Span> {
    let span = |(at, sprout): (usize, &Sprout)| {
        let (parent, service, number, start, duration, failed) = sprout;
        let parent = if at == 0 { 0 } else { parent.index(at) as u64 + 1 };
        let start_ns = 1_700_000_000 * SECOND + start % (20 * SECOND);
        let (peer, kind) = ((service % 2 == 0).then_some(Service(service % 3)), kind(*number));
        let (service, end_ns) = (Service(service % 4), start_ns + duration % SECOND);
        Span { trace, id: at as u64 + 1, parent, service, kind, peer, failed: *failed, start_ns, end_ns }
    };
    sprouts.iter().enumerate().map(span).collect()
}

fn sprouts() -> impl Strategy<Value = Vec<Sprout>> {
    prop::collection::vec(any::<Sprout>(), 1..40)
}

fn services() -> Services {
    let mut services = Services::default();
    ["a", "b", "c", "d"].iter().for_each(|name| {
        services.place(name);
    });
    services
}

/// Everything that is said about spans in this order.
fn told(spans: &[Span]) -> (Vec<String>, Noted) {
    let (mut tally, mut open, mut noted) = (Tally::new(SECOND), OpenTraces::new(60 * SECOND), Noted::default());
    let add = |tally: &mut Tally, mut trace: Vec<Span>, noted: &mut Noted| tally.add(&examine(&mut trace, noted));
    let mut clock = 0;
    for span in spans {
        tally.record(span);
        open.add(*span, &mut noted);
        clock = clock.max(span.end_ns);
        while let Some(trace) = open.advance(clock) {
            add(&mut tally, trace, &mut noted);
        }
    }
    while let Some(trace) = open.close() {
        add(&mut tally, trace, &mut noted);
    }
    let mut lines = Vec::new();
    let told: Result<(), ()> = tally.series(&services(), 1.0, |one: Series| {
        lines.push(format!("{one:?}"));
        Ok(())
    });
    assert_eq!(told, Ok(()));
    (lines, noted)
}

/// A span as one OTLP document.
fn document(span: &Span) -> String {
    let name = services().name(span.service).to_string();
    let kind = ["UNSPECIFIED", "INTERNAL", "CLIENT", "PRODUCER", "SERVER", "CONSUMER"][span.kind as usize];
    let peer = span.peer.map(|peer| services().name(peer).to_string());
    let attribute = |key: &str, value: &str| format!(r#"{{"key":"{key}","value":{{"stringValue":"{value}"}}}}"#);
    let peer = peer.map_or(String::new(), |peer| attribute("peer.service", &peer));
    let (own, code) = (attribute("service.name", &name), if span.failed { 2 } else { 0 });
    format!(
        r#"{{"resourceSpans":[{{"resource":{{"attributes":[{own}]}},"scopeSpans":[{{"spans":[{{"traceId":"{:032x}","spanId":"{:016x}","parentSpanId":"{:016x}","kind":"SPAN_KIND_{kind}","startTimeUnixNano":"{}","endTimeUnixNano":{},"status":{{"code":{code}}},"attributes":[{peer}]}}]}}]}}]}}"#,
        span.trace, span.id, span.parent, span.start_ns, span.end_ns
    )
}

proptest! {
    #[test]
    fn the_order_of_spans_does_not_matter(
        trees in prop::collection::vec(sprouts(), 1..5),
        keys in prop::collection::vec(any::<u64>(), 200),
        twice in any::<prop::sample::Index>(),
    ) {
        let mut spans: Vec<Span> = trees.iter().zip(1..).flat_map(|(tree, trace)| grow(trace, tree)).collect();
        spans.push(spans[twice.index(spans.len())]);
        let before = told(&spans);
        let mut order: Vec<(u64, Span)> = keys.into_iter().zip(spans).collect();
        order.sort_by_key(|(key, _)| *key);
        let after: Vec<Span> = order.into_iter().map(|(_, span)| span).collect();
        prop_assert_eq!(told(&after), before);
    }

    #[test]
    fn every_span_with_a_remote_parent_is_one_call(tree in sprouts()) {
        let mut spans = grow(1, &tree);
        let remote = |s: &&Span| {
            let Some(parent) = s.parent.checked_sub(1).map(|at| spans[at as usize]) else { return false };
            parent.service != s.service || s.kind.receives() && parent.kind.sends()
        };
        let expected = spans.iter().filter(remote).count();
        let alone = |s: &&Span| {
            let children = || spans.iter().filter(|c| c.parent == s.id);
            let answered = children().any(|c| remote(&c) || c.kind.sends());
            s.kind.sends() && !answered
        };
        let (named, nameless): (Vec<&Span>, Vec<&Span>) = spans.iter().filter(alone).partition(|s| s.peer.is_some());
        let (named, nameless) = (named.len(), nameless.len() as u64);
        let mut noted = Noted::default();
        let findings = examine(&mut spans, &mut noted);
        let between = findings.calls.iter().filter(|call| call.caller.is_some()).count();
        prop_assert_eq!(between, expected + named);
        prop_assert_eq!(noted.nameless, nameless);
    }

    #[test]
    fn own_time_and_gap_are_parts_of_the_whole(tree in sprouts()) {
        let mut spans = grow(1, &tree);
        let findings = examine(&mut spans, &mut Noted::default());
        for own in &findings.self_times {
            let longest = spans.iter().filter(|s| s.end_ns == own.end_ns && s.service == own.service);
            prop_assert!(own.time_ns <= longest.map(Span::duration_ns).max().unwrap_or(0));
        }
        for call in &findings.calls {
            prop_assert!(call.gap_ns.is_none_or(|gap| gap <= call.latency_ns));
        }
    }

    #[test]
    fn a_shift_of_one_hosts_clock_changes_no_duration(tree in sprouts(), shift in 0..SECOND * 5) {
        let mut spans = grow(1, &tree);
        let gaps = |findings: &spans::Findings| {
            let mut gaps: Vec<_> = findings.calls.iter().map(|c| (c.caller, c.callee, c.latency_ns, c.gap_ns)).collect();
            gaps.sort_unstable();
            gaps
        };
        let before = gaps(&examine(&mut spans, &mut Noted::default()));
        for span in spans.iter_mut().filter(|s| s.service == Service(1)) {
            (span.start_ns, span.end_ns) = (span.start_ns + shift, span.end_ns + shift);
        }
        prop_assert_eq!(gaps(&examine(&mut spans, &mut Noted::default())), before);
    }

    #[test]
    fn a_span_reads_back(tree in sprouts()) {
        let spans = grow(7, &tree);
        let (mut services, mut noted, mut again) = (services(), Noted::default(), Vec::new());
        for span in &spans {
            prop_assert!(read(document(span).as_bytes(), &mut services, &mut noted, &mut again).is_ok());
        }
        prop_assert_eq!((again, noted), (spans, Noted::default()));
    }

    #[test]
    fn any_bytes_are_read_or_refused_in_one_line(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0..400_usize) {
        let good = document(&some_span());
        let mut text = good.into_bytes();
        let at = cut.min(text.len());
        text.splice(at..(at + 3).min(text.len()), bytes);
        let outcome = read(&text, &mut services(), &mut Noted::default(), &mut Vec::new());
        if let Err(fault) = outcome {
            prop_assert!(!fault.to_string().contains('\n'), "{}", fault);
        }
    }

    #[test]
    fn any_message_is_read_or_refused_in_one_line(bytes in prop::collection::vec(any::<u8>(), 0..20), cut in any::<prop::sample::Index>()) {
        let mut message = first_message();
        let at = cut.index(message.len());
        let end = (at + bytes.len() / 2).min(message.len());
        message.splice(at..end, bytes);
        let (mut spans, mut noted) = (Vec::new(), Noted::default());
        if let Err(fault) = read_protobuf(&message, &mut services(), &mut noted, &mut spans) {
            prop_assert!(!fault.to_string().contains('\n'), "{}", fault);
        }
        prop_assert!(spans.iter().all(|span| span.start_ns <= span.end_ns && span.trace != 0 && span.id != 0));
        examine(&mut spans, &mut noted);
    }
}

/// A message of OTLP as the Collector writes it, without its length.
fn first_message() -> Vec<u8> {
    let file = include_bytes!("cases/protobuf/in.pb");
    let length = u32::from_be_bytes([file[0], file[1], file[2], file[3]]);
    file[4..4 + length as usize].to_vec()
}

fn some_span() -> Span {
    let (start_ns, end_ns) = (1_700_000_000 * SECOND, 1_700_000_001 * SECOND);
    let (service, kind) = (Service(0), Kind::Server);
    Span { trace: 1, id: 1, parent: 0, service, kind, peer: None, failed: false, start_ns, end_ns }
}
