//! Reading in large pieces that end with a line, while the piece before is being parsed.

use std::io::{self, Read};
use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use memchr::{memchr, memrchr};

use crate::Error;
use crate::forms::reading::check_line;

/// How much is read at a time: small enough to stay in the cache while it is parsed. A line longer than this makes a larger chunk.
pub(crate) const CHUNK: usize = 1 << 20;

/// Some whole lines. Their memory is used again for those that come when it is dropped.
pub struct Chunk {
    bytes: Vec<u8>,
    spare: Sender<Vec<u8>>,
}

impl Deref for Chunk {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.bytes
    }
}

impl DerefMut for Chunk {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        // What a long line took is not kept for others; and nobody takes anything any more where all has been read.
        if self.bytes.capacity() <= 2 * CHUNK {
            let _ = self.spare.send(mem::take(&mut self.bytes));
        }
    }
}

/// The input as chunks of whole lines, each ending after a line feed or at the end of the input; read ahead by a thread
/// of its own.
pub fn chunks(reader: Box<dyn Read + Send>) -> impl Iterator<Item = Result<Chunk, Error>> + Send {
    let (sender, receiver): (_, Receiver<io::Result<Vec<u8>>>) = sync_channel(1);
    let (spare, spares) = channel();
    let unable = sender.clone();
    if let Err(e) = thread::Builder::new().spawn(move || fill(reader, &sender, &spares)) {
        // The channel holds one message, and this is the first.
        let _ = unable.send(Err(e));
    }
    drop(unable);
    receiver.into_iter().map(move |read| match read {
        Ok(bytes) => Ok(Chunk { bytes, spare: spare.clone() }),
        Err(e) => Err(Error::read("", &e)),
    })
}

fn fill(mut reader: Box<dyn Read + Send>, sender: &SyncSender<io::Result<Vec<u8>>>, spares: &Receiver<Vec<u8>>) {
    let mut carried: Vec<u8> = Vec::new();
    loop {
        let spare = spares.try_recv().unwrap_or_default();
        let (mut bytes, ended) = match more(&mut reader, mem::take(&mut carried), spare) {
            Ok(read) => read,
            Err(e) => {
                // Nobody listens any more: the reading side has ended with another error.
                let _ = sender.send(Err(e));
                return;
            }
        };
        if !ended {
            match memrchr(b'\n', &bytes) {
                Some(last) => carried.extend_from_slice(&bytes[last + 1..]),
                None => {
                    carried = bytes;
                    continue;
                }
            }
            bytes.truncate(bytes.len() - carried.len());
        }
        if !bytes.is_empty() && sender.send(Ok(bytes)).is_err() || ended {
            return;
        }
    }
}

/// What was carried over, and what follows it; true at the end of the input. What is carried is no whole line: when it
/// grows beyond the longest line, it is refused.
fn more(reader: &mut dyn Read, carried: Vec<u8>, spare: Vec<u8>) -> io::Result<(Vec<u8>, bool)> {
    check_line(carried.len())?;
    // Twice as much of a line that does not end: its length is copied a few times, not its square.
    let mut filled = carried.len();
    let whole = filled + CHUNK.max(filled);
    // The beginning of a line goes into the memory of an earlier chunk, a long one stays where it is.
    let mut bytes = carried;
    if filled < CHUNK {
        let beginning = mem::replace(&mut bytes, spare);
        bytes.truncate(whole);
        bytes.resize(bytes.len().max(filled), 0);
        bytes[..filled].copy_from_slice(&beginning);
    }
    bytes.try_reserve_exact(whole - bytes.len())?;
    while filled < whole {
        // Memory that has not been written takes no room.
        let end = whole.min(filled + CHUNK);
        bytes.resize(bytes.len().max(end), 0);
        match reader.read(&mut bytes[filled..end]) {
            Ok(0) => break,
            Ok(got) => filled += got,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    bytes.truncate(filled);
    Ok((bytes, filled < whole))
}

/// Cuts whole lines into about `count` parts, each ending with a line.
pub fn pieces(bytes: &[u8], count: usize) -> Vec<&[u8]> {
    let size = (bytes.len() / count.max(1)).max(1 << 14);
    let mut parts = Vec::with_capacity(count + 1);
    let mut rest = bytes;
    while rest.len() > size {
        let Some(end) = memchr(b'\n', &rest[size..]) else { break };
        let (part, after) = rest.split_at(size + end + 1);
        parts.push(part);
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_end_with_a_line_and_lose_nothing() {
        let line = "x".repeat(1000) + "\n";
        let text = line.repeat(9000) + "end";
        let reader = Box::new(io::Cursor::new(text.clone().into_bytes()));
        let parts: Vec<Vec<u8>> = chunks(reader).map(|c| c.unwrap().to_vec()).collect();
        assert!(parts.len() > 1);
        assert!(parts[..parts.len() - 1].iter().all(|p| p.ends_with(b"\n")));
        assert_eq!(parts.concat(), text.as_bytes());
    }

    #[test]
    fn a_line_longer_than_a_chunk_is_one_chunk() {
        let text = "y".repeat(3 * CHUNK) + "\nz\n";
        let parts: Vec<Vec<u8>> =
            chunks(Box::new(io::Cursor::new(text.clone().into_bytes()))).map(|c| c.unwrap().to_vec()).collect();
        assert_eq!(parts.concat(), text.as_bytes());
    }

    #[test]
    fn pieces_end_with_lines() {
        let text = "0123456789abcde\n".repeat(10_000);
        let parts = pieces(text.as_bytes(), 4);
        assert!(parts.len() >= 4 && parts.iter().all(|p| p.ends_with(b"\n")));
        assert_eq!(parts.concat(), text.as_bytes());
    }
}
