//! A row by its number in a table b-tree.

use super::page::{Kind, Page, length, varint};
use super::{DEPTH, Pages, Record, Unreadable};

pub(super) fn find(pages: &Pages, root: u32, rowid: i64) -> Result<Option<Record>, Unreadable> {
    let mut number = root;
    for _ in 0..DEPTH {
        let page = Page::read(pages, number)?;
        let low = search(&page, rowid)?;
        match page.kind {
            // A child holds the keys up to and with its cell's.
            Kind::InteriorTable => number = page.child(low)?,
            Kind::LeafTable if low < page.cells() && key(&page, low)? == rowid => {
                let cell = page.cell(low)?;
                let (size, read) = length(cell)?;
                let (_, more) = varint(&cell[read..])?;
                let payload = pages.payload(&page, &cell[read + more..], size, size)?;
                return Record::parse(rowid, payload).map(Some);
            }
            Kind::LeafTable => return Ok(None),
            Kind::InteriorIndex | Kind::LeafIndex => return Err(Unreadable),
        }
    }
    Err(Unreadable)
}

/// The first cell whose key is not less than `rowid`.
fn search(page: &Page, rowid: i64) -> Result<usize, Unreadable> {
    let (mut low, mut high) = (0, page.cells());
    while low < high {
        let middle = usize::midpoint(low, high);
        if key(page, middle)? < rowid { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

#[inline]
fn key(page: &Page, index: usize) -> Result<i64, Unreadable> {
    let cell = page.cell(index)?;
    let skip = match page.kind {
        Kind::InteriorTable => 4, // the child's page number
        _ => length(cell)?.1,     // the payload's size
    };
    Ok(varint(cell.get(skip..).ok_or(Unreadable)?)?.0)
}
