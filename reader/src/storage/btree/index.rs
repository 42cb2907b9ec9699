//! An entry by its first columns in an index b-tree, which is also what a table WITHOUT ROWID is.

use std::cmp::Ordering;

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
        let interior = match page.kind {
            Kind::InteriorIndex => true,
            Kind::LeafIndex => false,
            Kind::InteriorTable | Kind::LeafTable => return Err(NotHandled),
        };
        let (mut low, mut high) = (0, page.cells());
        while low < high {
            let middle = usize::midpoint(low, high);
            let cell = page.cell(middle)?;
            let cell = if interior { cell.get(4..).ok_or(NotHandled)? } else { cell };
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
        let interior = match page.kind {
            Kind::InteriorIndex => true,
            Kind::LeafIndex => false,
            Kind::InteriorTable | Kind::LeafTable => return Err(NotHandled),
        };
        let cell_at = |index| {
            let cell = page.cell(index)?;
            if interior { cell.get(4..).ok_or(NotHandled) } else { Ok(cell) }
        };
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

fn compare(pages: &Pages, page: &Page, cell: &[u8], key: &[Part<'_>]) -> Result<Ordering, NotHandled> {
    let record = entry(pages, page, cell, key.len())?;
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
