//! The inputs, read side by side: the next document comes from the one that is furthest behind in time.

use std::path::{Path, PathBuf};

use grid::{Error, Source};
use spans::{Fault, Noted, Services, Span};

use super::documents::Documents;
use super::frames::{self, Frames};

const EXPECTED: &str = "expected traces as OTLP, Jaeger or Zipkin JSON, or OTLP protobuf";

/// What an input is made of.
enum Reader {
    /// JSON.
    Documents(Documents),
    /// Messages with their length in front.
    Frames(Frames),
}

/// An input, and how far it has got.
struct Input {
    reader: Reader,
    /// The latest end of a span so far.
    latest_ns: u64,
    /// True once a document was read from it.
    begun: bool,
}

/// All inputs that have not ended.
pub(crate) struct Inputs {
    running: Vec<Input>,
}

impl Inputs {
    pub(crate) fn open(files: &[PathBuf]) -> Result<Self, Error> {
        let standard_input = [PathBuf::from("-")];
        let files = if files.is_empty() { &standard_input } else { files };
        if files.iter().filter(|file| file.as_path() == Path::new("-")).count() > 1 {
            return Err(Error::usage("standard input cannot be read twice"));
        }
        let open = |file: &PathBuf| Ok(Input { reader: Reader::open(file)?, latest_ns: 0, begun: false });
        Ok(Inputs { running: files.iter().map(open).collect::<Result<_, Error>>()? })
    }

    /// Adds the spans of the next document to `spans`; false when there is none.
    pub(crate) fn next_document(
        &mut self,
        services: &mut Services,
        noted: &mut Noted,
        spans: &mut Vec<Span>,
    ) -> Result<bool, Error> {
        let places = 0..self.running.len();
        let Some(behind) = places.min_by_key(|&at| self.running[at].latest_ns) else { return Ok(false) };
        let input = &mut self.running[behind];
        if !input.reader.next()? {
            let ended = self.running.remove(behind);
            if !ended.begun {
                let nothing = format!("the input is empty, {EXPECTED}");
                return Err(Error::failed(nothing).at(ended.reader.place()));
            }
            return Ok(!self.running.is_empty());
        }
        input.begun = true;
        let from = spans.len();
        input.reader.read(services, noted, spans)?;
        let ends = spans[from..].iter().map(|span| span.end_ns);
        input.latest_ns = ends.fold(input.latest_ns, u64::max);
        Ok(true)
    }

    /// The time up to which every input has been read.
    pub(crate) fn clock_ns(&self) -> u64 {
        self.running.iter().map(|input| input.latest_ns).min().unwrap_or(0)
    }
}

impl Reader {
    /// Opens a file; its first byte tells what it is made of.
    fn open(file: &Path) -> Result<Self, Error> {
        let mut source = Source::open(file)?;
        let framed = source.head(1)? == [frames::MARK];
        Ok(if framed { Reader::Frames(Frames::new(source)) } else { Reader::Documents(Documents::new(source)) })
    }

    fn place(&self) -> &str {
        match self {
            Reader::Documents(documents) => documents.place(),
            Reader::Frames(frames) => frames.place(),
        }
    }

    fn next(&mut self) -> Result<bool, Error> {
        match self {
            Reader::Documents(documents) => documents.next_line(),
            Reader::Frames(frames) => frames.next(),
        }
    }

    /// Reads what is at hand.
    fn read(&mut self, services: &mut Services, noted: &mut Noted, spans: &mut Vec<Span>) -> Result<(), Error> {
        match self {
            Reader::Documents(documents) => read(documents, services, noted, spans),
            Reader::Frames(frames) => {
                let read = if is_json(frames.message()) { spans::read } else { spans::read_protobuf };
                read(frames.message(), services, noted, spans).map_err(|fault| frames.fault(fault))
            }
        }
    }
}

fn is_json(document: &[u8]) -> bool {
    matches!(document.first(), Some(b'{' | b'['))
}

/// Reads the document at hand: the rest of the line if that is one, else what its brackets enclose.
fn read(
    documents: &mut Documents,
    services: &mut Services,
    noted: &mut Noted,
    spans: &mut Vec<Span>,
) -> Result<(), Error> {
    if !is_json(documents.text()) {
        let text = String::from_utf8_lossy(documents.text());
        let line = format!("line {}", documents.line());
        return Err(Error::parse(line, EXPECTED, &text).at(documents.place()));
    }
    let (spans_before, noted_before) = (spans.len(), *noted);
    let Err(fault) = spans::read(documents.text(), services, noted, spans) else { return Ok(()) };
    if !fault.goes_on() {
        return Err(refuse(documents, &fault));
    }
    if !documents.next_whole()? {
        let line = documents.line() + memchr::memchr_iter(b'\n', documents.text().trim_ascii_end()).count();
        return Err(
            Error::failed(format!("line {line}: the input ends in the middle of a document")).at(documents.place())
        );
    }
    spans.truncate(spans_before);
    *noted = noted_before;
    spans::read(documents.text(), services, noted, spans).map_err(|fault| refuse(documents, &fault))
}

fn refuse(documents: &Documents, fault: &Fault) -> Error {
    let line = documents.line() + fault.line() - 1;
    Error::failed(format!("line {line}: column {}: {fault}", fault.column())).at(documents.place())
}
