//! An entry by its first columns in an index b-tree, which is also what a table WITHOUT ROWID is; and the rows that an
//! index of a table names for a key.

use std::cmp::Ordering;

use rusqlite::types::ValueRef;

use super::page::{Kind, Page, length};
use super::{DEPTH, NotHandled, Pages, Part, Record};

pub(super) fn find(
    pages: &Pages,
    root: u32,
    key: &[Part<'_>],
    columns: usize,
) -> Result<Option<Record>, NotHandled> {
    let mut number = root;
    for _ in 0..DEPTH {
        let page = Page::read(pages, number)?;
        let interior = is_interior(&page)?;
        let (mut low, mut high) = (0, page.cells());
        while low < high {
            let middle = usize::midpoint(low, high);
            let cell = content(&page, interior, middle)?;
            match compare(pages, &page, cell, key)? {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                // Interior entries are entries too: unlike in a table, none is repeated below.
                Ordering::Equal => return entry(pages, &page, cell, columns).map(Some),
            }
        }
        if !interior {
            return Ok(None);
        }
        number = page.child(low)?;
    }
    Err(NotHandled)
}

/// The last entry whose first columns equal `key`.
pub(super) fn last(
    pages: &Pages,
    root: u32,
    key: &[Part<'_>],
    columns: usize,
) -> Result<Option<Record>, NotHandled> {
    let (mut number, mut found) = (root, None);
    for _ in 0..DEPTH {
        let page = Page::read(pages, number)?;
        let interior = is_interior(&page)?;
        let cell_at = |index| content(&page, interior, index);
        let (mut low, mut high) = (0, page.cells());
        while low < high {
            let middle = usize::midpoint(low, high);
            match compare(pages, &page, cell_at(middle)?, key)? {
                Ordering::Less | Ordering::Equal => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        // Entries below are between the one left of their page and the one right of it.
        if low > 0 && compare(pages, &page, cell_at(low - 1)?, key)? == Ordering::Equal {
            found = Some(entry(pages, &page, cell_at(low - 1)?, columns)?);
        }
        if !interior {
            return Ok(found);
        }
        number = page.child(low)?;
    }
    Err(NotHandled)
}

/// Appends to `found` the row numbers of the entries whose first columns equal `key`, in the index's order: at most `most`.
pub(super) fn rows(
    pages: &Pages,
    root: u32,
    key: &[Part<'_>],
    most: usize,
    found: &mut Vec<i64>,
) -> Result<(), NotHandled> {
    Rows { pages, key, most, found }.below(root, DEPTH).map(drop)
}

struct Rows<'a> {
    pages: &'a Pages,
    key: &'a [Part<'a>],
    most: usize,
    found: &'a mut Vec<i64>,
}

impl Rows<'_> {
    /// Those of a page and of all pages below it; whether there may be more right of it.
    fn below(&mut self, number: u32, levels: usize) -> Result<bool, NotHandled> {
        let below = levels.checked_sub(1).ok_or(NotHandled)?;
        let page = Page::kept(self.pages, number)?;
        let interior = is_interior(&page)?;
        let mut at = self.first(&page, interior)?;
        loop {
            if interior && !self.below(page.child(at)?, below)? {
                return Ok(false);
            }
            if at == page.cells() {
                return Ok(true);
            }
            let entry = entry(self.pages, &page, content(&page, interior, at)?, self.key.len() + 1)?;
            if self.found.len() == self.most || order(&entry, self.key)? != Ordering::Equal {
                return Ok(false);
            }
            let ValueRef::Integer(row) = entry.get(self.key.len())? else { return Err(NotHandled) };
            self.found.push(row);
            at += 1;
        }
    }

    /// The first cell of a page whose entry is not less than the key.
    fn first(&self, page: &Page, interior: bool) -> Result<usize, NotHandled> {
        let (mut low, mut high) = (0, page.cells());
        while low < high {
            let middle = usize::midpoint(low, high);
            match compare(self.pages, page, content(page, interior, middle)?, self.key)? {
                Ordering::Less => low = middle + 1,
                Ordering::Equal | Ordering::Greater => high = middle,
            }
        }
        Ok(low)
    }
}

fn is_interior(page: &Page) -> Result<bool, NotHandled> {
    match page.kind {
        Kind::InteriorIndex => Ok(true),
        Kind::LeafIndex => Ok(false),
        Kind::InteriorTable | Kind::LeafTable => Err(NotHandled),
    }
}

/// A cell without the number of the page left of it.
fn content(page: &Page, interior: bool, index: usize) -> Result<&[u8], NotHandled> {
    page.cell(index)?.get(if interior { 4 } else { 0 }..).ok_or(NotHandled)
}

fn compare(pages: &Pages, page: &Page, cell: &[u8], key: &[Part<'_>]) -> Result<Ordering, NotHandled> {
    order(&entry(pages, page, cell, key.len())?, key)
}

/// How the first columns of an entry compare with the key.
fn order(record: &Record, key: &[Part<'_>]) -> Result<Ordering, NotHandled> {
    for (index, part) in key.iter().enumerate() {
        match part.compare(record.get(index)?)? {
            Ordering::Equal => {}
            other => return Ok(other),
        }
    }
    Ok(Ordering::Equal)
}

/// The entry of a cell, with at least its first `columns`.
fn entry(pages: &Pages, page: &Page, cell: &[u8], columns: usize) -> Result<Record, NotHandled> {
    let (size, read) = length(cell)?;
    let record = Record::parse(0, pages.payload(page, &cell[read..], size, 0)?)?;
    let wanted = record.end(columns.checked_sub(1).ok_or(NotHandled)?)?;
    if wanted <= record.bytes() {
        return Ok(record);
    }
    Record::parse(0, pages.payload(page, &cell[read..], size, wanted)?)
}
