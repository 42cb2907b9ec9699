//! A large file read and hashed by a separate thread, a few blocks ahead of the parser: the copy out of
//! the page cache is an eighth of what a check takes, a digest of a build another, and nothing waits for them then.

use std::fs::File;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use super::digests::Digests;

/// How much is read at once, in bytes.
const BLOCK: usize = 1024 * 1024;

/// Blocks that wait to be parsed, at most.
const WAITING: usize = 2;

/// FileBytes from which on a thread is worth its start; most files are far below.
const LARGE: u64 = 4 * 1024 * 1024;

/// A file's bytes, in order.
pub(super) enum ReadAhead {
    /// Read on request.
    Small(File, Box<Digests>),
    /// Read by a thread, which ends with the file or when nobody takes blocks any more.
    Large {
        blocks: Receiver<io::Result<Vec<u8>>>,
        empty: SyncSender<Vec<u8>>,
        thread: JoinHandle<Digests>,
        /// The block that is being handed out, from `position` on.
        block: Vec<u8>,
        position: usize,
    },
}

impl ReadAhead {
    /// Reads `file`, with `digests` of what was read.
    pub(super) fn new(file: File, digests: Digests) -> io::Result<Self> {
        if file.metadata()?.len() < LARGE {
            return Ok(Self::Small(file, Box::new(digests)));
        }
        let (send, blocks) = sync_channel(WAITING);
        let (empty, receive_empty) = sync_channel(WAITING + 2);
        let thread = thread::Builder::new().spawn(move || read_all(file, digests, &send, &receive_empty))?;
        Ok(Self::Large { blocks, empty, thread, block: vec![], position: 0 })
    }

    /// The digests: of all bytes, once all were read.
    pub(super) fn into_digests(self) -> Digests {
        match self {
            Self::Small(_, digests) => *digests,
            Self::Large { blocks, thread, .. } => {
                drop(blocks); // the thread ends
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }
        }
    }
}

/// Sends every block, then none: a last one that is empty needs no sending. Returns the digests of all of them.
fn read_all(
    mut file: File,
    mut digests: Digests,
    blocks: &SyncSender<io::Result<Vec<u8>>>,
    empty: &Receiver<Vec<u8>>,
) -> Digests {
    loop {
        let mut block = empty.try_recv().unwrap_or_default();
        block.clear();
        let read = Read::by_ref(&mut file).take(BLOCK as u64).read_to_end(&mut block);
        digests.update(&block);
        let more = matches!(read, Ok(1..));
        let wanted = matches!(read, Ok(0)) || blocks.send(read.map(|_| block)).is_ok();
        if !more || !wanted {
            return digests;
        }
    }
}

impl Read for ReadAhead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Small(file, digests) => {
                let read = file.read(buffer)?;
                digests.update(&buffer[..read]);
                Ok(read)
            }
            Self::Large { blocks, empty, block, position, .. } => {
                if *position == block.len() {
                    // The thread hangs up at the file's end.
                    let Ok(next) = blocks.recv() else { return Ok(0) };
                    let _ = empty.try_send(std::mem::replace(block, next?)); // a spare one is dropped
                    *position = 0;
                }
                let rest = &block[*position..];
                let length = rest.len().min(buffer.len());
                buffer[..length].copy_from_slice(&rest[..length]);
                *position += length;
                Ok(length)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use datapackage::schema::DataFile;

    use super::*;

    fn read_ahead(file: &tempfile::NamedTempFile) -> (ReadAhead, DataFile) {
        let described = DataFile::plain(file.path());
        (ReadAhead::new(file.reopen().unwrap(), Digests::new(&described, true)).unwrap(), described)
    }

    #[test]
    fn the_bytes_are_those_of_the_file() {
        for length in [0, 1, LARGE as usize - 1, LARGE as usize, LARGE as usize + BLOCK + 7] {
            let bytes: Vec<u8> = (0..length).map(|at| (at * 31 % 251) as u8).collect();
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(&bytes).unwrap();
            let mut found = vec![];
            let (mut ahead, described) = read_ahead(&file);
            ahead.read_to_end(&mut found).unwrap();
            assert!(found == bytes, "{length} bytes");
            let (sha256, bytes) = catalog::file_digest(file.path()).unwrap();
            let source = ahead.into_digests().finish(&described).source.unwrap();
            assert_eq!((source.sha256, source.bytes), (sha256, bytes));
        }
    }

    #[test]
    fn nobody_need_read_to_the_end() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&vec![7; 3 * LARGE as usize]).unwrap();
        let (mut ahead, _) = read_ahead(&file);
        assert_eq!(ahead.read(&mut [0; 10]).unwrap(), 10);
        ahead.into_digests();
    }
}
