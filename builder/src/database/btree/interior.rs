//! The interior pages over leaves that are written one after another.
//!
//! A child comes with its *divider*: what separates it from the next child. In a table that is the child's last row
//! number, in an index the entry between the two. Where a page has no room for a child and its divider, the child
//! becomes the page's last, and the divider becomes the page's own, one level up. A page is held back until the next
//! one has a cell: otherwise there is one child left over, and an interior page needs two.

use std::io;

use catalog::btree::PageKind;

use super::file::PageFile;
use super::page::PageBuilder;

/// Pages that are held before they are written, so that most b-trees have their interior pages side by side and not
/// scattered among their leaves: 1 MB, which lead to some 400 MB of rows.
const HELD: usize = 256;

/// All levels above the leaves.
#[derive(Debug)]
pub(super) struct Interior {
    kind: PageKind,
    /// From the one over the leaves up.
    levels: Vec<Level>,
}

#[derive(Debug)]
struct Level {
    page: PageBuilder,
    full: Vec<Full>,
}

/// A page that has no more room, with its last child and its divider.
#[derive(Debug)]
struct Full {
    page: PageBuilder,
    last: u32,
    divider: Vec<u8>,
}

impl Interior {
    pub(super) fn new(kind: PageKind) -> Self {
        Self { kind, levels: vec![] }
    }

    /// Adds the next leaf, which is not the last one. Errors: those of writing.
    pub(super) fn add(&mut self, file: &mut PageFile, leaf: u32, divider: &[u8]) -> io::Result<()> {
        self.add_to(0, file, leaf, divider)
    }

    /// Adds the last leaf, writes all pages, and returns the number of the root. Errors: those of writing.
    pub(super) fn finish(mut self, file: &mut PageFile, leaf: u32) -> io::Result<u32> {
        let mut last = leaf;
        let mut number = 0;
        while let Some(level) = self.levels.get_mut(number) {
            let Level { mut page, mut full } = std::mem::replace(level, Level::new(self.kind));
            if page.is_empty()
                && let Some(before) = full.last_mut()
            {
                add(&mut page, before.last, &before.divider);
                let cell = before.page.pop();
                let (child, divider) = cell.split_at(CHILD);
                before.last = u32::from_be_bytes([child[0], child[1], child[2], child[3]]);
                before.divider = divider.to_vec();
            }
            self.write(number, file, full)?;
            last = file.append(page.finish(Some(last)))?;
            number += 1;
        }
        Ok(last)
    }

    fn add_to(&mut self, number: usize, file: &mut PageFile, child: u32, divider: &[u8]) -> io::Result<()> {
        if self.levels.len() == number {
            self.levels.push(Level::new(self.kind));
        }
        let level = &mut self.levels[number];
        if level.page.fits(CHILD + divider.len()) {
            add(&mut level.page, child, divider);
            return Ok(());
        }
        let page = std::mem::replace(&mut level.page, PageBuilder::new(self.kind));
        let held = match level.full.len() {
            HELD => std::mem::take(&mut level.full),
            _ => vec![],
        };
        level.full.push(Full { page, last: child, divider: divider.to_vec() });
        self.write(number, file, held)
    }

    /// Writes full pages of a level, and adds them to the one above.
    fn write(&mut self, number: usize, file: &mut PageFile, full: Vec<Full>) -> io::Result<()> {
        for Full { mut page, last, divider } in full {
            let written = file.append(page.finish(Some(last)))?;
            self.add_to(number + 1, file, written, &divider)?;
        }
        Ok(())
    }
}

impl Level {
    fn new(kind: PageKind) -> Self {
        Self { page: PageBuilder::new(kind), full: vec![] }
    }
}

/// The size of a child's page number.
const CHILD: usize = 4;

fn add(page: &mut PageBuilder, child: u32, divider: &[u8]) {
    let cell = page.cell(CHILD + divider.len());
    cell[..CHILD].copy_from_slice(&child.to_be_bytes());
    cell[CHILD..].copy_from_slice(divider);
}
