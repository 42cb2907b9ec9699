//! The constants of SQLite's b-tree pages, which the builder writes and the reader reads (SQLite, "Database File
//! Format", sections 1.6, 1.7 and 2.1; the format is stable).
//!
//! Deliberately absent: pages, cells and records themselves. The builder's half is
//! `builder/src/database/btree/`, the reader's `reader/src/storage/btree/`; tests of both compare them with SQLite.

/// The size of a page of `data.db`, in bytes. No bytes are reserved at its end, so all of it is usable.
pub const PAGE_SIZE: usize = 4096;

/// The page with the bytes that SQLite locks (section 1.3.1): it belongs to no b-tree.
pub const LOCK_PAGE: u32 = (1 << 30) / PAGE_SIZE as u32 + 1;

/// How many bytes of an overflow page lead to the next one.
pub const OVERFLOW_HEADER: usize = 4;

/// What a b-tree page holds: the number is its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum PageKind {
    /// Entries of an index, with children between them.
    InteriorIndex = 0x02,
    /// Row numbers, with children between them.
    InteriorTable = 0x05,
    /// Entries of an index.
    LeafIndex = 0x0a,
    /// Rows.
    LeafTable = 0x0d,
}

impl PageKind {
    /// The kind of a page that begins with that byte; `None` if no b-tree page does.
    #[inline]
    pub fn of(byte: u8) -> Option<Self> {
        Some(match byte {
            0x02 => Self::InteriorIndex,
            0x05 => Self::InteriorTable,
            0x0a => Self::LeafIndex,
            0x0d => Self::LeafTable,
            _ => return None,
        })
    }

    /// Whether its cells begin with the number of a child page.
    #[inline]
    pub fn is_interior(self) -> bool {
        matches!(self, Self::InteriorIndex | Self::InteriorTable)
    }

    /// The size of the page's header in bytes: the array of cell pointers follows. An interior page's header ends
    /// with the number of its last child.
    #[inline]
    pub fn header(self) -> usize {
        if self.is_interior() { 12 } else { 8 }
    }

    /// How many of a payload's bytes are in the cell, on a page of `usable` bytes; the others are on overflow pages.
    #[inline]
    pub fn local(self, usable: usize, payload: usize) -> usize {
        let most = match self {
            Self::InteriorIndex | Self::LeafIndex => (usable - 12) * 64 / 255 - 23,
            Self::InteriorTable | Self::LeafTable => usable - 35,
        };
        if payload <= most {
            return payload;
        }
        let least = (usable - 12) * 32 / 255 - 23;
        let local = least + (payload - least) % (usable - OVERFLOW_HEADER);
        if local <= most { local } else { least }
    }
}

/// The serial types of a record's columns.
pub mod serial {
    /// NULL.
    pub const NULL: u64 = 0;
    /// An integer of six bytes; 1 to 4 are those of as many bytes.
    pub const SIX_BYTES: u64 = 5;
    /// An integer of eight bytes.
    pub const EIGHT_BYTES: u64 = 6;
    /// An IEEE 754 double, most significant byte first.
    pub const REAL: u64 = 7;
    /// The integer 0, without a byte.
    pub const ZERO: u64 = 8;
    /// The integer 1, without a byte.
    pub const ONE: u64 = 9;

    /// A blob of that many bytes.
    #[inline]
    pub fn blob(bytes: usize) -> u64 {
        12 + 2 * bytes as u64
    }

    /// A text of that many bytes.
    #[inline]
    pub fn text(bytes: usize) -> u64 {
        13 + 2 * bytes as u64
    }

    /// How many bytes a value of that serial type takes; `None` for the two that are reserved.
    #[inline]
    pub fn size(serial: u64) -> Option<u64> {
        Some(match serial {
            NULL | ZERO | ONE => 0,
            1..=4 => serial,
            SIX_BYTES => 6,
            EIGHT_BYTES | REAL => 8,
            12.. => (serial - 12) / 2,
            _ => return None,
        })
    }
}
