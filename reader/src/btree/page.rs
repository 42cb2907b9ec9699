//! One b-tree page, and the pieces that cells are made of.

use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use super::{Pages, Unreadable};

/// How many pages are kept: the way down two trees of three levels, so that a warm read fetches
/// little more than its leaf.
const KEPT: usize = 8;

/// A b-tree page (SQLite, "Database File Format", section 1.6).
pub(super) struct Page {
    bytes: Arc<Vec<u8>>,
    pub(super) kind: Kind,
    cells: usize,
    /// Where the array of cell pointers starts.
    pointers: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    InteriorIndex,
    InteriorTable,
    LeafIndex,
    LeafTable,
}

impl Page {
    pub(super) fn read(pages: &Pages, number: u32) -> Result<Self, Unreadable> {
        // Page 1 starts with the file's header; no b-tree of ours does.
        if number < 2 {
            return Err(Unreadable);
        }
        let bytes = pages.page(number)?;
        let kind = match bytes[0] {
            0x02 => Kind::InteriorIndex,
            0x05 => Kind::InteriorTable,
            0x0a => Kind::LeafIndex,
            0x0d => Kind::LeafTable,
            _ => return Err(Unreadable),
        };
        let pointers = if matches!(kind, Kind::InteriorIndex | Kind::InteriorTable) { 12 } else { 8 };
        let cells = usize::from(u16::from_be_bytes([bytes[3], bytes[4]]));
        Ok(Self { bytes, kind, cells, pointers })
    }

    pub(super) fn cells(&self) -> usize {
        self.cells
    }

    /// The page's bytes from the start of that cell on.
    pub(super) fn cell(&self, index: usize) -> Result<&[u8], Unreadable> {
        let at = self.pointers + 2 * index;
        let pointer = self.bytes.get(at..at + 2).ok_or(Unreadable)?;
        let start = usize::from(u16::from_be_bytes([pointer[0], pointer[1]]));
        self.bytes.get(start..).ok_or(Unreadable)
    }

    /// The child left of that cell, or right of all for `index == cells()`.
    pub(super) fn child(&self, index: usize) -> Result<u32, Unreadable> {
        let bytes = if index == self.cells { &self.bytes[8..] } else { self.cell(index)? };
        number(bytes)
    }
}

impl Pages {
    /// The bytes of that page, from 1.
    fn page(&self, number: u32) -> Result<Arc<Vec<u8>>, Unreadable> {
        let mut kept = self.kept.borrow_mut();
        if let Some((_, page)) = kept.iter().find(|(known, _)| *known == number) {
            return Ok(Arc::clone(page));
        }
        // The buffer of the page that was fetched longest ago, where nobody holds it any more.
        let oldest = if kept.len() == KEPT { Arc::into_inner(kept.remove(0).1) } else { None };
        let mut bytes = oldest.unwrap_or_else(|| Vec::with_capacity(self.size));
        bytes.clear();
        let mut file = &self.file;
        file.seek(SeekFrom::Start((u64::from(number) - 1) * self.size as u64)).map_err(|_| Unreadable)?;
        // Unlike a read into a slice, this one needs no zeroes to overwrite.
        file.take(self.size as u64).read_to_end(&mut bytes).map_err(|_| Unreadable)?;
        if bytes.len() < self.size {
            return Err(Unreadable);
        }
        let page = Arc::new(bytes);
        kept.push((number, Arc::clone(&page)));
        Ok(page)
    }

    /// The payload of a cell of `size` bytes whose local part is at the start of `cell`, at
    /// least its first `wanted` bytes. `index` says which kind of b-tree it lies in (section
    /// 1.6, "B-tree Cell Format", and 1.7, "Cell Payload Overflow Pages").
    pub(super) fn payload(
        &self,
        cell: &[u8],
        size: usize,
        wanted: usize,
        index: bool,
    ) -> Result<Vec<u8>, Unreadable> {
        if size as u64 > self.bytes {
            return Err(Unreadable);
        }
        let usable = self.size; // the builder reserves no bytes at the end of a page
        let most = if index { (usable - 12) * 64 / 255 - 23 } else { usable - 35 };
        if size <= most {
            return Ok(cell.get(..size).ok_or(Unreadable)?.to_vec());
        }
        let least = (usable - 12) * 32 / 255 - 23;
        let local = least + (size - least) % (usable - 4);
        let local = if local <= most { local } else { least };
        let mut payload = cell.get(..local).ok_or(Unreadable)?.to_vec();
        let mut next = number(cell.get(local..).ok_or(Unreadable)?)?;
        while payload.len() < wanted.min(size) {
            if next < 2 {
                return Err(Unreadable);
            }
            let page = self.page(next)?;
            next = number(&page)?;
            let rest = (size - payload.len()).min(usable - 4);
            payload.extend_from_slice(&page[4..4 + rest]);
        }
        Ok(payload)
    }
}

fn number(bytes: &[u8]) -> Result<u32, Unreadable> {
    let bytes = bytes.get(..4).ok_or(Unreadable)?;
    Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

/// A variable-length integer and its length in bytes (section 1.6, "varint").
pub(super) fn varint(bytes: &[u8]) -> Result<(i64, usize), Unreadable> {
    let mut value = 0_i64;
    for (index, &byte) in bytes.iter().take(9).enumerate() {
        if index == 8 {
            return Ok((value << 8 | i64::from(byte), 9));
        }
        value = value << 7 | i64::from(byte & 0x7f);
        if byte < 0x80 {
            return Ok((value, index + 1));
        }
    }
    Err(Unreadable)
}

/// A variable-length integer that counts bytes, and its own length.
pub(super) fn length(bytes: &[u8]) -> Result<(usize, usize), Unreadable> {
    let (value, read) = varint(bytes)?;
    Ok((usize::try_from(value).map_err(|_| Unreadable)?, read))
}
