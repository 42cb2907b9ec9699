//! The b-tree of an index.

use std::io;

use catalog::btree::{PAGE_SIZE, PageKind};

use super::file::PageFile;
use super::interior::Interior;
use super::overflow;
use super::page::PageBuilder;
use super::record::{Record, put_varint, varint_size};

/// Takes entries in the index's order.
///
/// Entries on interior pages are not repeated below, so the entry that a leaf has no room for becomes the divider
/// between that leaf and the next. A full leaf is held back until the next one has an entry: there may be none.
#[derive(Debug)]
pub(crate) struct IndexWriter {
    leaf: PageBuilder,
    full: Option<(PageBuilder, Vec<u8>)>,
    interior: Interior,
    cell: Vec<u8>,
}

impl IndexWriter {
    /// Writes an index without entries.
    pub(crate) fn new() -> Self {
        Self {
            leaf: PageBuilder::new(PageKind::LeafIndex),
            full: None,
            interior: Interior::new(PageKind::InteriorIndex),
            cell: vec![],
        }
    }

    /// Adds an entry: the columns of its key, then the row's number. Errors: those of writing.
    pub(crate) fn entry(&mut self, file: &mut PageFile, record: &Record) -> io::Result<()> {
        self.encode(file, record)?;
        if let Some((mut page, divider)) = self.full.take() {
            let number = file.append(page.finish(None))?;
            self.interior.add(file, number, &divider)?;
        }
        if self.leaf.fits(self.cell.len()) {
            self.leaf.cell(self.cell.len()).copy_from_slice(&self.cell);
        } else {
            let page = std::mem::replace(&mut self.leaf, PageBuilder::new(PageKind::LeafIndex));
            self.full = Some((page, self.cell.clone()));
        }
        Ok(())
    }

    /// Writes what remains, and returns the number of the root page. Errors: those of writing.
    pub(crate) fn finish(mut self, file: &mut PageFile) -> io::Result<u32> {
        if let Some((mut page, entry)) = self.full.take() {
            let divider = page.pop();
            let number = file.append(page.finish(None))?;
            self.interior.add(file, number, &divider)?;
            self.leaf.cell(entry.len()).copy_from_slice(&entry);
        }
        let last = file.append(self.leaf.finish(None))?;
        self.interior.finish(file, last)
    }

    /// The cell of an entry, in a leaf and, after the child's number, in an interior page.
    fn encode(&mut self, file: &mut PageFile, record: &Record) -> io::Result<()> {
        let payload = record.size();
        let head = varint_size(payload as u64);
        self.cell.clear();
        self.cell.resize(head + payload, 0);
        put_varint(&mut self.cell, payload as u64);
        record.write(&mut self.cell[head..]);
        let local = PageKind::LeafIndex.local(PAGE_SIZE, payload);
        if local < payload {
            let first = overflow::append(file, &self.cell[head + local..])?;
            self.cell.truncate(head + local);
            self.cell.extend_from_slice(&first.to_be_bytes());
        }
        Ok(())
    }
}
