//! From the inputs to what is written.

use grid::{Error, Io};
use spans::{Noted, OpenTraces, Services, Span, Tally, examine};

use super::inputs::Inputs;
use super::{Args, series, table};

/// Everything read so far.
struct State {
    services: Services,
    noted: Noted,
    open: OpenTraces,
    tally: Tally,
}

pub(crate) fn run(args: &Args, io: &mut Io) -> Result<(), Error> {
    io.quiet(args.quiet);
    if !args.edges && (args.table.to.is_some() || !args.table.columns.is_empty() || io.has_top()) {
        return Err(Error::usage("--to, --columns and --top are about the table of --edges, give that too"));
    }
    let mut state = State {
        services: Services::default(),
        noted: Noted::default(),
        open: OpenTraces::new(args.wait),
        tally: Tally::new(args.step),
    };
    let mut inputs = Inputs::open(&args.files)?;
    let mut spans = Vec::new();
    while inputs.next_document(&mut state.services, &mut state.noted, &mut spans)? {
        state.take(&mut spans, inputs.clock_ns());
    }
    while let Some(trace) = state.open.close() {
        state.examine(trace);
    }
    state.noted.lines().into_iter().for_each(|line| io.note(line));
    state.write(args, io)
}

impl State {
    /// Adds spans to their traces, and up the traces that no more spans will come for.
    fn take(&mut self, spans: &mut Vec<Span>, clock_ns: u64) {
        for span in spans.drain(..) {
            self.tally.record(&span);
            self.open.add(span, &mut self.noted);
        }
        while let Some(trace) = self.open.advance(clock_ns) {
            self.examine(trace);
        }
    }

    fn examine(&mut self, mut trace: Vec<Span>) {
        let findings = examine(&mut trace, &mut self.noted);
        self.tally.add(&findings);
    }

    fn write(&self, args: &Args, io: &mut Io) -> Result<(), Error> {
        if args.edges {
            return args.table.write(&table::edges(self.tally.totals(&self.services)), io);
        }
        let times_ns = self.tally.times_ns();
        if times_ns.is_empty() {
            return Err(Error::failed("there is no span in the input, expected traces of the time in question"));
        }
        let times = series::times(&times_ns);
        self.tally.series(&self.services, args.sampled, |one| series::write(&one, &times, io))
    }
}
