//! One b-tree page while its cells are added, in their order.

use catalog::btree::{PAGE_SIZE, PageKind};

use super::file::PageBytes;

/// A page that is filled from its end towards its start, as SQLite fills one, so that there is neither a free block
/// nor a fragment in it.
#[derive(Debug, Clone)]
pub(super) struct PageBuilder {
    bytes: Box<PageBytes>,
    kind: PageKind,
    cells: usize,
    /// Where the cell that was added last begins.
    start: usize,
}

impl PageBuilder {
    /// A page without cells.
    pub(super) fn new(kind: PageKind) -> Self {
        Self { bytes: Box::new([0; PAGE_SIZE]), kind, cells: 0, start: PAGE_SIZE }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cells == 0
    }

    /// Whether there is room for a cell of that many bytes and its pointer.
    #[inline]
    pub(super) fn fits(&self, bytes: usize) -> bool {
        self.pointers_end() + 2 + bytes <= self.start
    }

    /// Adds a cell of that many bytes, which fit, and returns them to be written.
    #[inline]
    pub(super) fn cell(&mut self, bytes: usize) -> &mut [u8] {
        let pointer = self.pointers_end();
        let end = self.start;
        self.start -= bytes;
        self.cells += 1;
        self.bytes[pointer..pointer + 2].copy_from_slice(&(self.start as u16).to_be_bytes());
        &mut self.bytes[self.start..end]
    }

    /// Removes the last of at least two cells, and returns its bytes.
    pub(super) fn pop(&mut self) -> Vec<u8> {
        let pointer = self.pointers_end() - 2;
        let before = usize::from(u16::from_be_bytes([self.bytes[pointer - 2], self.bytes[pointer - 1]]));
        let cell = self.bytes[self.start..before].to_vec();
        self.bytes[self.start..before].fill(0);
        self.bytes[pointer..pointer + 2].fill(0);
        (self.start, self.cells) = (before, self.cells - 1);
        cell
    }

    /// The page as it is stored, with `last` for an interior page's last child.
    pub(super) fn finish(&mut self, last: Option<u32>) -> &PageBytes {
        self.bytes[0] = self.kind as u8;
        self.bytes[3..5].copy_from_slice(&(self.cells as u16).to_be_bytes());
        self.bytes[5..7].copy_from_slice(&(self.start as u16).to_be_bytes());
        if let Some(last) = last {
            self.bytes[8..12].copy_from_slice(&last.to_be_bytes());
        }
        &self.bytes
    }

    /// Removes all cells.
    pub(super) fn clear(&mut self) {
        self.bytes.fill(0);
        (self.cells, self.start) = (0, PAGE_SIZE);
    }

    fn pointers_end(&self) -> usize {
        self.kind.header() + 2 * self.cells
    }
}
