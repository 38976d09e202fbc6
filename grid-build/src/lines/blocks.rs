//! The bytes of an input in large blocks, read ahead while the block before is being parsed.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use memchr::memrchr;

/// How much is read at a time. A line longer than this comes in several blocks.
const BLOCK: usize = 2 << 20;

/// Reads ahead by a thread of its own.
pub(super) struct Blocks {
    filled: Receiver<io::Result<Vec<u8>>>,
    /// Blocks that may be filled anew: memory that was used is faster than new memory.
    spare: Sender<Vec<u8>>,
}

impl Blocks {
    pub(super) fn new(reader: Box<dyn Read + Send>) -> Self {
        let (sender, filled) = sync_channel(1);
        let (spare, emptied) = channel();
        let unable = sender.clone();
        if let Err(e) = thread::Builder::new().spawn(move || fill_blocks(reader, &sender, &emptied)) {
            // The channel holds one message, and this is the first.
            let _ = unable.send(Err(e));
        }
        Blocks { filled, spare }
    }

    /// The next block, which ends with a line if there is the end of one in it; `None` at the end.
    pub(super) fn next(&self) -> Option<io::Result<Vec<u8>>> {
        self.filled.recv().ok()
    }

    /// Gives a block back.
    pub(super) fn give_back(&self, block: Vec<u8>) {
        // At the end of the input nobody takes it.
        let _ = self.spare.send(block);
    }
}

fn fill_blocks(
    mut reader: Box<dyn Read + Send>,
    sender: &SyncSender<io::Result<Vec<u8>>>,
    emptied: &Receiver<Vec<u8>>,
) {
    let mut carried: Vec<u8> = Vec::new();
    loop {
        let mut block = emptied.try_recv().unwrap_or_default();
        block.clear();
        // Where there is no memory for it, reading says so.
        let _ = block.try_reserve_exact(BLOCK);
        block.append(&mut carried);
        let missing = (BLOCK - block.len()) as u64;
        let got = match reader.by_ref().take(missing).read_to_end(&mut block) {
            Ok(got) => got as u64,
            Err(e) => {
                // Nobody listens any more when the parsing side has ended with an error of its own.
                let _ = sender.send(Err(e));
                return;
            }
        };
        let ended = got < missing;
        if let (false, Some(last)) = (ended, memrchr(b'\n', &block)) {
            carried.extend_from_slice(&block[last + 1..]);
            block.truncate(last + 1);
        }
        if sender.send(Ok(block)).is_err() || ended {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_and_lines_stay_whole() {
        let text = ("x".repeat(1000) + "\n").repeat(9000) + &"y".repeat(2 * BLOCK) + "\nend";
        let blocks = Blocks::new(Box::new(io::Cursor::new(text.clone().into_bytes())));
        let (mut all, mut whole) = (Vec::new(), 0);
        while let Some(block) = blocks.next() {
            let block = block.unwrap();
            whole += usize::from(block.ends_with(b"\n"));
            all.extend_from_slice(&block);
            blocks.give_back(block);
        }
        assert!(all == text.as_bytes() && whole >= 2);
    }
}
