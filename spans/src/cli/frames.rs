//! Takes an input apart into messages with their length in front, as the OpenTelemetry Collector's file exporter writes
//! protobuf (`format: proto`), and either form when it compresses (`compression: zstd`: each message by itself).

use std::io::Read;

use grid::{Error, Source};

/// Four bytes, the highest first.
const LENGTH: usize = 4;
/// No message is longer: its length begins with a 0, by which the form is known.
pub(crate) const MARK: u8 = 0;
/// Bytes of a message when it is decompressed.
const MOST: u64 = 256 << 20;
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The messages of one input.
pub(crate) struct Frames {
    source: Source,
    message: Vec<u8>,
    number: usize,
}

impl Frames {
    pub(crate) fn new(source: Source) -> Self {
        Frames { source, message: Vec::new(), number: 0 }
    }

    /// The name of the input, for messages.
    pub(crate) fn place(&self) -> &str {
        self.source.place()
    }

    /// The message found last, decompressed.
    pub(crate) fn message(&self) -> &[u8] {
        &self.message
    }

    /// Goes to the next message; false at the end of the input.
    pub(crate) fn next(&mut self) -> Result<bool, Error> {
        self.number += 1;
        self.take(LENGTH as u64)?;
        if self.message.is_empty() {
            return Ok(false);
        }
        let length = <[u8; LENGTH]>::try_from(self.message.as_slice()).map(u32::from_be_bytes);
        let length = length.map_err(|_| self.fault("the input ends in the middle of a length"))?;
        if length == 0 || length.to_be_bytes()[0] != MARK {
            return Err(self.fault(format!("expected the length of a message, above 0 and below 16 MiB: \"{length}\"")));
        }
        self.take(u64::from(length))?;
        if self.message.len() < length as usize {
            return Err(self.fault("the input ends in the middle of a message"));
        }
        if self.message.starts_with(&ZSTD) {
            self.message = decompressed(&self.message).map_err(|e| self.fault(format!("cannot decompress: {e}")))?;
        }
        Ok(true)
    }

    fn take(&mut self, bytes: u64) -> Result<(), Error> {
        self.message.clear();
        let read = (&mut self.source).take(bytes).read_to_end(&mut self.message);
        read.map(drop).map_err(|e| Error::read(self.source.place(), &e))
    }

    /// An error at this message.
    pub(crate) fn fault(&self, what: impl std::fmt::Display) -> Error {
        Error::failed(format!("message {}: {what}", self.number)).at(self.place())
    }
}

/// The bytes of a compressed message; one that grows beyond all that a message can be is an error.
fn decompressed(message: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = if grid::is_unlimited() { u64::MAX } else { MOST };
    zstd::Decoder::new(message)?.take(most).read_to_end(&mut bytes)?;
    let whole = (bytes.len() as u64) < most;
    whole.then_some(bytes).ok_or_else(|| std::io::Error::other("more than 256 MiB, which --no-limits allows"))
}
