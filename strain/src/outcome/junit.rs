//! What was found as JUnit XML: a suite for each phase, a case for each service.

use std::fmt::Write as _;

use super::findings::{Findings, Verdict};

/// The file.
pub fn junit(phases: &[(&str, &Findings)]) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"strain\">\n");
    for (phase, found) in phases {
        suite(&mut text, phase, found);
    }
    text + "</testsuites>\n"
}

fn suite(text: &mut String, phase: &str, found: &Findings) {
    let failed = |service: &String| found.services.iter().find(|finding| finding.name() == service);
    let cases: Vec<(String, Option<String>)> = match (found.verdict, found.all_services.as_slice()) {
        (Verdict::Undecided, _) => vec![(String::from("whole"), Some(found.words()))],
        (Verdict::Worse, []) => vec![(String::from("whole"), Some(found.words()))],
        (Verdict::Quiet, []) => vec![(String::from("whole"), None)],
        (Verdict::Quiet, all) => all.iter().map(|service| (service.clone(), None)).collect(),
        (Verdict::Worse, all) => {
            all.iter().map(|service| (service.clone(), failed(service).map(|finding| finding.words()))).collect()
        }
    };
    let failures = cases.iter().filter(|(_, failure)| failure.is_some()).count();
    let (phase, all) = (escaped(phase), cases.len());
    // Writing to a text does not fail.
    let _ = writeln!(text, "  <testsuite name=\"{phase}\" tests=\"{all}\" failures=\"{failures}\">");
    for (name, failure) in cases {
        let name = escaped(&name);
        let _ = match failure {
            None => writeln!(text, "    <testcase classname=\"{phase}\" name=\"{name}\"/>"),
            Some(words) => writeln!(
                text,
                "    <testcase classname=\"{phase}\" name=\"{name}\"><failure message=\"{}\"/></testcase>",
                escaped(&words)
            ),
        };
    }
    text.push_str("  </testsuite>\n");
}

/// Text as an attribute of XML 1.0, which knows no control characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::findings::tests::found;

    #[test]
    fn a_service_that_got_worse_is_a_failure() {
        let text = junit(&[("overload", &found("worse")), ("steady", &found("quiet"))]);
        assert!(text.contains("<testsuite name=\"overload\" tests=\"2\" failures=\"1\">"), "{text}");
        assert!(text.contains("name=\"carts\"><failure message=\"queue went from"), "{text}");
        assert!(text.contains("<testsuite name=\"steady\" tests=\"2\" failures=\"0\">"), "{text}");
    }

    #[test]
    fn no_name_breaks_the_file() {
        assert_eq!(escaped("a<b>&\"c\"\u{1b}[31m"), "a&lt;b&gt;&amp;&quot;c&quot; [31m");
    }
}
