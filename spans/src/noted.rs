//! What was left out, assumed or odd, in numbers: a line each on standard error.

/// Counts of what there is to say about the traces read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// Documents with metrics or logs, which OTLP allows in the same file.
    pub not_traces: u64,
    /// Spans without a start or an end: Zipkin allows that, and OTLP has 0 for them.
    pub untimed: u64,
    /// Spans that end before they start.
    pub negative: u64,
    /// Spans whose resource has no `service.name`.
    pub unnamed: u64,
    /// Spans that came twice.
    pub repeated: u64,
    /// Spans that are their own ancestors, and their descendants.
    pub cyclic: u64,
    /// Spans whose parent never came.
    pub orphans: u64,
    /// Spans that came after their trace was closed.
    pub late: u64,
    /// Server spans that begin before or end after the client span that caused them.
    pub skewed: u64,
    /// Server spans that took longer than the client span that caused them.
    pub longer: u64,
    /// Calls without a server span and without an attribute that names the callee.
    pub nameless: u64,
}

impl Noted {
    /// One line for each count that is not 0, in a fixed order.
    pub fn lines(&self) -> Vec<String> {
        let counted = |n: u64, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        let [spans, server, calls, documents] =
            ["span", "server span", "call", "document"].map(|what| move |n| counted(n, what));
        let all: [(u64, String); 11] = [
            (self.not_traces, format!("{} of metrics or logs: passed over", documents(self.not_traces))),
            (self.untimed, format!("{} without a start or an end: left out", spans(self.untimed))),
            (self.negative, format!("{} with an end before the start: taken as 0 s long", spans(self.negative))),
            (self.unnamed, format!("{} without a service.name: taken as \"unknown_service\"", spans(self.unnamed))),
            (self.repeated, format!("{} received again: used once", spans(self.repeated))),
            (self.cyclic, format!("{} in or below a cycle of parents: left out", spans(self.cyclic))),
            (self.orphans, format!("{} whose parent never came: caller unknown", spans(self.orphans))),
            (self.late, format!("{} later than --wait allows: left out", spans(self.late))),
            (self.skewed, format!("{} outside the client span: the clocks differ", server(self.skewed))),
            (self.longer, format!("{} longer than the client span: gap taken as 0", server(self.longer))),
            (self.nameless, format!("{} to a callee that nothing names: left out", calls(self.nameless))),
        ];
        all.into_iter().filter(|(count, _)| *count > 0).map(|(_, line)| line).collect()
    }
}
