//! The sorted pieces of a temporary file, merged.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use super::sort::prefix;

/// What is before a key in the file: its length and its row's number.
pub(super) const HEAD: usize = 4 + 8;

/// The buffers of all pieces, together and the smallest, in bytes.
const BUFFERS: usize = 2 * 1024 * 1024;
const SMALLEST: usize = 4 * 1024;

/// The keys of all pieces, in order.
#[derive(Debug)]
pub(super) struct Merge {
    pieces: BinaryHeap<Piece>,
    /// Whether the first piece's key was given out.
    given: bool,
}

/// A piece, with its first key that was not given out yet.
#[derive(Debug)]
struct Piece {
    prefix: u64,
    key: Vec<u8>,
    row: i64,
    /// Its number: earlier ones have earlier rows.
    number: usize,
    file: Arc<File>,
    /// Where the bytes after the buffer's begin in the file, and where the piece ends.
    at: u64,
    end: u64,
    buffer: Vec<u8>,
    /// What is read of the buffer.
    read: usize,
    /// How much is read from the file at once.
    size: usize,
}

impl Merge {
    /// Merges the pieces of `file`, which end at `ends`. Errors: those of reading.
    pub(super) fn new(file: File, ends: &[u64]) -> io::Result<Self> {
        let file = Arc::new(file);
        let size = (BUFFERS / ends.len().max(1)).max(SMALLEST);
        let mut pieces = BinaryHeap::with_capacity(ends.len());
        let mut at = 0;
        for (number, end) in ends.iter().enumerate() {
            let mut piece = Piece {
                prefix: 0,
                key: vec![],
                row: 0,
                number,
                file: Arc::clone(&file),
                at,
                end: *end,
                buffer: vec![],
                read: 0,
                size,
            };
            if piece.advance()? {
                pieces.push(piece);
            }
            at = *end;
        }
        Ok(Self { pieces, given: false })
    }

    /// The next key, with its row's number. Errors: those of reading.
    pub(super) fn next(&mut self) -> io::Result<Option<(&[u8], i64)>> {
        if self.given
            && let Some(mut first) = self.pieces.peek_mut()
            && !first.advance()?
        {
            PeekMut::pop(first);
        }
        self.given = true;
        Ok(self.pieces.peek().map(|first| (&first.key[..], first.row)))
    }
}

impl Piece {
    /// Goes to the next key; false at the end.
    fn advance(&mut self) -> io::Result<bool> {
        if self.read == self.buffer.len() && self.at == self.end {
            return Ok(false);
        }
        let head = self.take(HEAD)?;
        let (length, row) = head.split_at(4);
        let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        self.row = row.iter().rev().fold(0, |number, byte| number << 8 | i64::from(*byte));
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        key.extend_from_slice(self.take(length)?);
        self.prefix = prefix(&key);
        self.key = key;
        Ok(true)
    }

    /// The next bytes of the piece.
    #[inline]
    fn take(&mut self, length: usize) -> io::Result<&[u8]> {
        if self.buffer.len() - self.read < length {
            self.fill(length)?;
        }
        let start = self.read;
        self.read += length;
        self.buffer.get(start..self.read).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// Reads more of the piece, so that at least `length` bytes are in the buffer.
    fn fill(&mut self, length: usize) -> io::Result<()> {
        self.buffer.drain(..self.read);
        self.read = 0;
        let before = self.buffer.len();
        let rest = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let more = rest.min(self.size.max(length - before));
        self.buffer.resize(before + more, 0);
        self.file.read_exact_at(&mut self.buffer[before..], self.at)?;
        self.at += more as u64;
        Ok(())
    }
}

/// The greatest is the one whose key is the first: a heap gives its greatest.
impl Ord for Piece {
    fn cmp(&self, other: &Self) -> Ordering {
        let own = (self.prefix, &self.key, self.number);
        (other.prefix, &other.key, other.number).cmp(&own)
    }
}

impl PartialOrd for Piece {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Piece {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Piece {}
