//! A row by its number in a table b-tree, and the rows one after another.

use super::page::{Kind, Page, Payload, length, varint};
use super::{DEPTH, NotHandled, Pages, Record};

/// The record with that row number. `read` reads a page: [`Page::read`] or [`Page::kept`].
pub(super) fn find(
    pages: &Pages,
    root: u32,
    rowid: i64,
    read: impl Fn(&Pages, u32) -> Result<Page, NotHandled>,
) -> Result<Option<Record>, NotHandled> {
    let Some((page, index)) = place(pages, root, rowid, read)? else { return Ok(None) };
    let (rowid, payload) = content(pages, &page, index)?;
    Record::parse(rowid, payload).map(Some)
}

/// The same in the place of `record`; whether there is one.
pub(super) fn find_again(
    pages: &Pages,
    root: u32,
    rowid: i64,
    record: &mut Record,
) -> Result<bool, NotHandled> {
    let Some((page, index)) = place(pages, root, rowid, Page::kept)? else { return Ok(false) };
    let (rowid, payload) = content(pages, &page, index)?;
    record.replace(rowid, payload)?;
    Ok(true)
}

/// The leaf with that row number, and the cell.
#[inline]
fn place(
    pages: &Pages,
    root: u32,
    rowid: i64,
    read: impl Fn(&Pages, u32) -> Result<Page, NotHandled>,
) -> Result<Option<(Page, usize)>, NotHandled> {
    let mut number = root;
    for _ in 0..DEPTH {
        let page = read(pages, number)?;
        let low = search(&page, rowid)?;
        match page.kind {
            // A child holds the keys up to and with its cell's.
            Kind::InteriorTable => number = page.child(low)?,
            Kind::LeafTable if low < page.cells() && key(&page, low)? == rowid => {
                return Ok(Some((page, low)));
            }
            Kind::LeafTable => return Ok(None),
            Kind::InteriorIndex | Kind::LeafIndex => return Err(NotHandled),
        }
    }
    Err(NotHandled)
}

/// The row number and the payload of a leaf's cell.
fn content(pages: &Pages, page: &Page, index: usize) -> Result<(i64, Payload), NotHandled> {
    let cell = page.cell(index)?;
    let (size, read) = length(cell)?;
    let (rowid, more) = varint(&cell[read..])?;
    Ok((rowid, pages.payload(page, &cell[read + more..], size, size)?))
}

/// The records of a table b-tree in the order of their row numbers.
pub(crate) struct Scan<'p> {
    pages: &'p Pages,
    /// The pages from the root down, each with the cell or child that comes next.
    way: Vec<(Page, usize)>,
}

impl<'p> Scan<'p> {
    /// From the first row number on, or from the first that is not less than `from`.
    pub(super) fn new(pages: &'p Pages, root: u32, from: Option<i64>) -> Result<Self, NotHandled> {
        let mut scan = Self { pages, way: vec![] };
        scan.down(root, from)?;
        Ok(scan)
    }

    /// Goes down from that page to a leaf.
    fn down(&mut self, mut number: u32, from: Option<i64>) -> Result<(), NotHandled> {
        while self.way.len() < DEPTH {
            let page = Page::read(self.pages, number)?;
            let low = from.map_or(Ok(0), |rowid| search(&page, rowid))?;
            match page.kind {
                Kind::InteriorTable => {
                    number = page.child(low)?;
                    self.way.push((page, low + 1));
                }
                Kind::LeafTable => {
                    self.way.push((page, low));
                    return Ok(());
                }
                Kind::InteriorIndex | Kind::LeafIndex => return Err(NotHandled),
            }
        }
        Err(NotHandled)
    }

    /// Puts the next record in the place of `record`; whether there is one.
    pub(crate) fn next(&mut self, record: &mut Record) -> Result<bool, NotHandled> {
        while let Some((page, at)) = self.way.last_mut() {
            let index = *at;
            *at += 1;
            match page.kind {
                Kind::LeafTable if index < page.cells() => {
                    let (rowid, payload) = content(self.pages, page, index)?;
                    record.replace(rowid, payload)?;
                    return Ok(true);
                }
                // The last child is right of all cells.
                Kind::InteriorTable if index <= page.cells() => {
                    let child = page.child(index)?;
                    self.down(child, None)?;
                }
                _ => drop(self.way.pop()),
            }
        }
        Ok(false)
    }
}

/// The first cell whose key is not less than `rowid`.
///
/// Row numbers hardly ever have gaps, so in a leaf the cell is as far from the first as the numbers are, and elsewhere
/// where between two known keys the one is that is looked for is a good guess: two or three keys are read instead of
/// nine. Every other guess is the middle, so that numbers with wide gaps take twice as many as that and not hundreds.
fn search(page: &Page, rowid: i64) -> Result<usize, NotHandled> {
    let Some(last) = page.cells().checked_sub(1) else { return Ok(0) };
    let first = key(page, 0)?;
    if rowid <= first {
        return Ok(0);
    }
    if page.kind == Kind::LeafTable
        && let Some(guess) = rowid.checked_sub(first).and_then(|away| usize::try_from(away).ok())
        && guess <= last
        && key(page, guess)? == rowid
    {
        return Ok(guess);
    }
    let (mut low, mut high) = ((0, first), (last, key(page, last)?));
    if rowid > high.1 {
        return Ok(page.cells());
    }
    // The key at `low` is less than `rowid`, that at `high` is not.
    let mut by_value = true;
    while high.0 - low.0 > 1 {
        let middle = match by_value {
            true => between(low, high, rowid),
            false => usize::midpoint(low.0, high.0),
        };
        by_value = !by_value;
        match key(page, middle)? {
            found if found == rowid => return Ok(middle),
            found if found < rowid => low = (middle, found),
            found => high = (middle, found),
        }
    }
    Ok(high.0)
}

/// Where between two cells, both excluded, `rowid` would be if keys grew evenly.
fn between(low: (usize, i64), high: (usize, i64), rowid: i64) -> usize {
    let share = rowid.abs_diff(low.1) as f64 / high.1.abs_diff(low.1) as f64;
    let guess = low.0 + (share * (high.0 - low.0) as f64) as usize;
    guess.clamp(low.0 + 1, high.0 - 1)
}

#[inline]
fn key(page: &Page, index: usize) -> Result<i64, NotHandled> {
    let cell = page.cell(index)?;
    let skip = match page.kind {
        Kind::InteriorTable => 4, // the child's page number
        _ => length(cell)?.1,     // the payload's size
    };
    Ok(varint(cell.get(skip..).ok_or(NotHandled)?)?.0)
}
