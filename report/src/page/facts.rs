//! What was run, on what.

use std::fmt::Write;

use crate::Report;
use crate::words::escape;

pub(super) fn html(report: &Report) -> String {
    let mut out = String::new();
    if !report.facts.is_empty() {
        out += "<div class=\"facts\">\n";
        for (group, facts) in &report.facts {
            let _ = writeln!(out, "<div><h3>{}</h3><dl>", escape(group));
            for (name, value) in facts {
                let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(value));
            }
            out += "</dl></div>\n";
        }
        out += "</div>\n";
    }
    for (title, open, commands) in
        [("The same numbers again", true, &report.chain), ("Command lines of the run", false, &report.commands)]
    {
        if commands.is_empty() {
            continue;
        }
        let open = if open { " open" } else { "" };
        let _ = writeln!(out, "<details{open}><summary>{title}</summary>\n<dl class=\"commands\">");
        for (name, command) in commands {
            let _ = writeln!(out, "<dt>{}</dt><dd><code>{}</code></dd>", escape(name), escape(command));
        }
        out += "</dl></details>\n";
    }
    out
}
