//! One b-tree page, and the pieces that cells are made of.

use std::os::unix::fs::FileExt;
use std::sync::Arc;

use catalog::btree::OVERFLOW_HEADER;
pub(super) use catalog::btree::PageKind as Kind;
use rustc_hash::FxHashMap;

use super::{NotHandled, Pages};

/// How many interior pages are kept, 2 MB of them: the ways down to some 800,000 pages of rows, so
/// that a warm read fetches its leaf and nothing else.
const KEPT: usize = 512;

/// How many other pages are kept of what is read row by row, 8 MB of them: embedded rows are on as many pages as there
/// are rows, and to fetch these again for each request took two fifths of its time.
const KEPT_LEAVES: usize = 2048;

/// What was fetched.
#[derive(Debug, Default)]
pub(super) struct Kept {
    interior: Numbered,
    leaves: Numbered,
    /// The last one of the others.
    last: Option<(u32, Arc<Vec<u8>>)>,
}

/// Pages by their numbers, which are those of our own file. A row is three look-ups.
type Numbered = FxHashMap<u32, Arc<Vec<u8>>>;

/// A b-tree page (SQLite, "Database File Format", section 1.6).
pub(super) struct Page {
    bytes: Arc<Vec<u8>>,
    pub(super) kind: Kind,
    cells: usize,
    /// Where the array of cell pointers starts.
    pointers: usize,
}

impl Page {
    pub(super) fn read(pages: &Pages, number: u32) -> Result<Self, NotHandled> {
        Self::of(number, |number| pages.page(number))
    }

    /// The same, and keeps it if it is a leaf too.
    pub(super) fn kept(pages: &Pages, number: u32) -> Result<Self, NotHandled> {
        Self::of(number, |number| pages.kept_page(number))
    }

    fn of(number: u32, bytes: impl Fn(u32) -> Result<Arc<Vec<u8>>, NotHandled>) -> Result<Self, NotHandled> {
        // Page 1 starts with the file's header; no b-tree of ours does.
        if number < 2 {
            return Err(NotHandled);
        }
        let bytes = bytes(number)?;
        let kind = Kind::of(bytes[0]).ok_or(NotHandled)?;
        let cells = usize::from(u16::from_be_bytes([bytes[3], bytes[4]]));
        Ok(Self { bytes, kind, cells, pointers: kind.header() })
    }

    pub(super) fn cells(&self) -> usize {
        self.cells
    }

    /// The page's bytes from the start of that cell on.
    #[inline]
    pub(super) fn cell(&self, index: usize) -> Result<&[u8], NotHandled> {
        let at = self.pointers + 2 * index;
        let pointer = self.bytes.get(at..at + 2).ok_or(NotHandled)?;
        let start = usize::from(u16::from_be_bytes([pointer[0], pointer[1]]));
        self.bytes.get(start..).ok_or(NotHandled)
    }

    /// The child left of that cell, or right of all for `index == cells()`.
    pub(super) fn child(&self, index: usize) -> Result<u32, NotHandled> {
        let bytes = if index == self.cells { &self.bytes[8..] } else { self.cell(index)? };
        number(bytes)
    }
}

impl Pages {
    /// The bytes of that page, from 1.
    fn page(&self, number: u32) -> Result<Arc<Vec<u8>>, NotHandled> {
        let Kept { interior, leaves: _, last } = &mut *self.kept.borrow_mut();
        if let Some(page) = interior.get(&number) {
            return Ok(Arc::clone(page));
        }
        if let Some((_, page)) = last.as_ref().filter(|(known, _)| *known == number) {
            return Ok(Arc::clone(page));
        }
        let mut page = last.take().map_or_else(Arc::default, |(_, page)| page);
        // The buffer of the page before, unless somebody holds it.
        let bytes = match Arc::get_mut(&mut page) {
            Some(bytes) => bytes,
            None => {
                page = Arc::default();
                Arc::get_mut(&mut page).ok_or(NotHandled)?
            }
        };
        self.fetch(number, bytes)?;
        if Kind::of(bytes[0]).is_some_and(Kind::is_interior) {
            if interior.len() == KEPT {
                interior.clear();
            }
            interior.insert(number, Arc::clone(&page));
        } else {
            *last = Some((number, Arc::clone(&page)));
        }
        Ok(page)
    }

    /// The same, but a leaf is kept too.
    fn kept_page(&self, number: u32) -> Result<Arc<Vec<u8>>, NotHandled> {
        let Kept { interior, leaves, last: _ } = &mut *self.kept.borrow_mut();
        if let Some(page) = interior.get(&number).or_else(|| leaves.get(&number)) {
            return Ok(Arc::clone(page));
        }
        let mut bytes = vec![];
        self.fetch(number, &mut bytes)?;
        let (kept, most) = match Kind::of(bytes[0]).is_some_and(Kind::is_interior) {
            true => (interior, KEPT),
            false => (leaves, KEPT_LEAVES),
        };
        if kept.len() == most {
            kept.clear();
        }
        let page = Arc::new(bytes);
        kept.insert(number, Arc::clone(&page));
        Ok(page)
    }

    fn fetch(&self, number: u32, bytes: &mut Vec<u8>) -> Result<(), NotHandled> {
        bytes.resize(self.size, 0);
        let at = (u64::from(number) - 1) * self.size as u64;
        self.file.read_exact_at(bytes, at).map_err(|_| NotHandled)
    }

    /// As much of the payload of a cell as is on its page.
    pub(super) fn local<'c>(&self, page: &Page, cell: &'c [u8]) -> Result<&'c [u8], NotHandled> {
        let (size, read) = length(cell)?;
        cell.get(read..read + page.kind.local(self.size, size)).ok_or(NotHandled)
    }

    /// The payload of `size` bytes whose local part is at the start of `cell`, which goes up to the
    /// end of `page`: at least its first `wanted` bytes (section 1.6, "B-tree Cell Format", and 1.7,
    /// "Cell Payload Overflow Pages").
    pub(super) fn payload(
        &self,
        page: &Page,
        cell: &[u8],
        size: usize,
        wanted: usize,
    ) -> Result<Payload, NotHandled> {
        if size as u64 > self.bytes {
            return Err(NotHandled);
        }
        let usable = self.size; // the builder reserves no bytes at the end of a page
        let local = page.kind.local(usable, size);
        if local == size {
            let start = page.bytes.len() - cell.len();
            return match size <= cell.len() {
                true => Ok(Payload::Local { page: Arc::clone(&page.bytes), start, end: start + size }),
                false => Err(NotHandled),
            };
        }
        let mut payload = cell.get(..local).ok_or(NotHandled)?.to_vec();
        let mut next = number(cell.get(local..).ok_or(NotHandled)?)?;
        while payload.len() < wanted.min(size) {
            if next < 2 {
                return Err(NotHandled);
            }
            let page = self.page(next)?;
            next = number(&page)?;
            let rest = (size - payload.len()).min(usable - OVERFLOW_HEADER);
            payload.extend_from_slice(&page[OVERFLOW_HEADER..OVERFLOW_HEADER + rest]);
        }
        Ok(Payload::Gathered(payload))
    }
}

/// A cell's payload.
#[derive(Debug)]
pub(super) enum Payload {
    /// It is a part of one page.
    Local { page: Arc<Vec<u8>>, start: usize, end: usize },
    /// It was put together from several.
    Gathered(Vec<u8>),
}

impl Default for Payload {
    fn default() -> Self {
        Self::Gathered(vec![])
    }
}

impl Payload {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Local { page, start, end } => &page[*start..*end],
            Self::Gathered(bytes) => bytes,
        }
    }
}

fn number(bytes: &[u8]) -> Result<u32, NotHandled> {
    let bytes = bytes.get(..4).ok_or(NotHandled)?;
    Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

/// A variable-length integer and its length in bytes (section 1.6, "varint").
#[inline]
pub(super) fn varint(bytes: &[u8]) -> Result<(i64, usize), NotHandled> {
    match *bytes {
        [one, ..] if one < 0x80 => Ok((one.into(), 1)),
        [one, two, ..] if two < 0x80 => Ok((i64::from(one & 0x7f) << 7 | i64::from(two), 2)),
        [one, two, three, ..] if three < 0x80 => {
            Ok((i64::from(one & 0x7f) << 14 | i64::from(two & 0x7f) << 7 | i64::from(three), 3))
        }
        _ => long_varint(bytes),
    }
}

/// Of any length: of more than two million.
#[inline(never)]
fn long_varint(bytes: &[u8]) -> Result<(i64, usize), NotHandled> {
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
    Err(NotHandled)
}

/// A variable-length integer that counts bytes, and its own length.
#[inline]
pub(super) fn length(bytes: &[u8]) -> Result<(usize, usize), NotHandled> {
    let (value, read) = varint(bytes)?;
    Ok((usize::try_from(value).map_err(|_| NotHandled)?, read))
}
