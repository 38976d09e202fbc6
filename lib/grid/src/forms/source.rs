//! An input: a file or standard input, plain, gzip or zstd; its form told by its first byte.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::os::fd::AsFd;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::forms::reading::{most_bytes, too_many_bytes};
use crate::frame::ending::doing;
use crate::frame::progress::Watched;
use crate::{Error, Form, Picker};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];
/// How UTF-16 begins, in either order of its bytes: what PowerShell writes into a file by `>`.
const UTF_16: [[u8; 2]; 2] = [[0xff, 0xfe], [0xfe, 0xff]];
/// How what is packed otherwise begins: what it is, and what unpacks it.
const PACKED: [(&[u8], &str, &str); 5] = [
    (b"\xfd7zXZ\0", "xz", "xz -dc"),
    (b"BZh", "bzip2", "bzip2 -dc"),
    (b"\x04\x22\x4d\x18", "lz4", "lz4 -dc"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "7z x -so"),
    (b"PK\x03\x04", "zip", "unzip -p; of a workbook save a sheet as CSV"),
];
/// What follows the level in bzip2, whose first letters may be those of a text.
const BZIP2_BLOCK: &[u8] = b"1AY&SY";
/// Bytes that tell the form.
const HEAD: usize = 64;

/// An opened input.
pub struct Source {
    place: String,
    form: Form,
    bytes: Box<dyn Read + Send>,
    length: Option<u64>,
    picker: Picker,
}

impl Source {
    /// Opens a file; `-` is standard input.
    pub fn open(path: &Path) -> Result<Self, Error> {
        if path.as_os_str() == "-" {
            return Source::standard_input();
        }
        let place = path.display().to_string();
        match File::open(path) {
            Ok(file) => Source::new(place, file),
            Err(e) => Err(Error::open(place, &e)),
        }
    }

    /// Opens standard input.
    pub fn standard_input() -> Result<Self, Error> {
        let fd = io::stdin().as_fd().try_clone_to_owned();
        let fd = fd.map_err(|e| Error::open("standard input", &e))?;
        Source::new(String::new(), File::from(fd))
    }

    /// An input from bytes in memory.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Error> {
        let length = Some(bytes.len() as u64);
        Source::sniff(String::new(), Box::new(Cursor::new(bytes)), length)
    }

    fn new(place: String, mut file: File) -> Result<Self, Error> {
        doing(&format!("reading {}", if place.is_empty() { "standard input" } else { &place }));
        let length = match (file.metadata(), file.stream_position()) {
            (Ok(about), Ok(position)) if about.is_file() => about.len().checked_sub(position),
            _ => None,
        };
        Source::sniff(place, Box::new(Watched::new(file, length)), length)
    }

    fn sniff(place: String, mut bytes: Box<dyn Read + Send>, length: Option<u64>) -> Result<Self, Error> {
        let unreadable = |e: io::Error| Error::read(&place, &e);
        let (head, bytes) =
            peek(bytes.by_ref(), HEAD).map(|head| (head.clone(), rejoin(head, bytes))).map_err(unreadable)?;
        if let Some(how) = packed(&head) {
            return Err(Error::failed(format!("compressed with {how}")).at(&place));
        }
        let (mut bytes, length): (Box<dyn Read + Send>, _) = if head.starts_with(&GZIP) {
            (Box::new(Bounded::new(MultiGzDecoder::new(bytes))), None)
        } else if head.starts_with(&ZSTD) {
            (Box::new(Bounded::new(zstd::Decoder::new(bytes).map_err(unreadable)?)), None)
        } else {
            (bytes, length)
        };
        let mut head = peek(&mut bytes, HEAD).map_err(unreadable)?;
        if head.starts_with(&BOM) {
            head.drain(..BOM.len());
        }
        if UTF_16.iter().any(|mark| head.starts_with(mark)) {
            return Err(Error::failed("UTF-16, expected UTF-8 (iconv -f UTF-16 -t UTF-8)").at(&place));
        }
        let first = head.iter().find(|b| !b.is_ascii_whitespace());
        let form = if matches!(first, Some(b'{' | b'[')) { Form::Jsonl } else { Form::Csv };
        Ok(Source { place, form, bytes: rejoin(head, bytes), length, picker: Picker::default() })
    }

    /// Uses only some of the columns, as the picker says.
    #[must_use]
    pub fn pick(self, picker: Picker) -> Self {
        Source { picker, ..self }
    }

    /// A grid beside the main input, such as a baseline: where it lacks the column that `--time` names, its times may have
    /// a usual name.
    #[must_use]
    pub fn beside(mut self) -> Self {
        self.picker.beside = true;
        self
    }

    /// The form of a grid in it: one line per series when it opens with a brace or a bracket.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The first bytes, which stay to be read.
    pub fn head(&mut self, length: usize) -> Result<Vec<u8>, Error> {
        let unreadable = |e: io::Error| Error::read(&self.place, &e);
        let head = peek(&mut self.bytes, length).map_err(unreadable)?;
        let rest = std::mem::replace(&mut self.bytes, Box::new(io::empty()));
        self.bytes = rejoin(head.clone(), rest);
        Ok(head)
    }

    /// The file's name as messages give it; empty for standard input.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// How many bytes it has, where that is known before reading.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Gives the bytes (decompressed, without a byte order mark) and the picker of columns.
    pub fn into_parts(self) -> (Box<dyn Read + Send>, Picker) {
        (self.bytes, self.picker)
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }
}

/// A decompressed input that ends with an error where it grows beyond all reason.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Bounded<R> {
    fn new(inner: R) -> Self {
        Bounded { inner, left: most_bytes() }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(got as u64).ok_or_else(too_many_bytes)?;
        Ok(got)
    }
}

/// How an input is packed that cannot be read, and the way out.
fn packed(head: &[u8]) -> Option<String> {
    let (_, by, unpack) = PACKED.iter().find(|(magic, ..)| head.starts_with(magic))?;
    let is_text = *by == "bzip2" && head.get(4..10) != Some(BZIP2_BLOCK);
    (!is_text).then(|| format!("{by}, expected plain, gzip or zstd ({unpack})"))
}

/// The first bytes.
fn peek(reader: &mut dyn Read, length: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(length);
    reader.take(length as u64).read_to_end(&mut head)?;
    Ok(head)
}

fn rejoin(head: Vec<u8>, rest: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
    Box::new(Cursor::new(head).chain(rest))
}
