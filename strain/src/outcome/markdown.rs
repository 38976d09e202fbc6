//! What was found as Markdown, for a pull request.

use report::words::change;

use super::findings::Findings;

/// A section for each phase.
pub fn markdown(title: &str, phases: &[(&str, &Findings)], before: &str, after: &str) -> String {
    let mut text = format!("## {}\n", escaped(title));
    for (phase, found) in phases {
        text += &format!("\n### {}\n\n{}\n", escaped(phase), escaped(&found.words()));
        if found.services.is_empty() {
            continue;
        }
        text += &format!(
            "\n| service | metric | {} | {} | change |\n| --- | --- | ---: | ---: | ---: |\n",
            escaped(before),
            escaped(after)
        );
        for finding in &found.services {
            let level = |value: Option<f64>| value.map_or_else(String::new, |value| finding.level(value));
            let change = finding.pct_change.map_or_else(String::new, change);
            let (service, metric) = (escaped(&finding.service), escaped(&finding.metric));
            text += &format!(
                "| {service} | {metric} | {} | {} | {change} |\n",
                level(finding.steady),
                if finding.is_gone() { String::from("gone") } else { level(finding.overload) }
            );
        }
    }
    text
}

/// Text that Markdown takes as it is, on one line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' => out.extend(['\\', c]),
            _ if c.is_control() => out.push(' '),
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
    fn a_table_has_what_got_worse() {
        let text = markdown("A|B", &[("overload", &found("worse"))], "A", "B");
        assert!(text.starts_with("## A\\|B\n\n### overload\n\nWorse: carts gives first."), "{text}");
        assert!(text.contains("| carts | queue | 0.0167 | 75.9 | ×4,556 |\n"), "{text}");
        assert!(!markdown("t", &[("overload", &found("quiet"))], "A", "B").contains("| carts"));
    }
}
