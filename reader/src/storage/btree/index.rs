//! An entry by its first columns in an index b-tree, which is also what a table WITHOUT ROWID is; and the rows that an
//! index of a table names for a key.

use std::cmp::Ordering;

use rusqlite::types::ValueRef;

use super::page::{Kind, Page, length};
use super::record::Columns;
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

/// The entries of an index of a table, for one key after another. Rows that are read in their order often have keys in
/// the index's, so the entries of the next key are looked for behind those of the key before.
pub(crate) struct Entries<'p> {
    pages: &'p Pages,
    root: u32,
    /// The leaf on which the entries of the key before ended, and the cell behind them.
    leaf: Option<(Page, usize)>,
}

impl<'p> Entries<'p> {
    pub(super) fn new(pages: &'p Pages, root: u32) -> Self {
        Self { pages, root, leaf: None }
    }

    /// Appends to `found` the row numbers of the entries whose first columns equal `key`, all columns of the index, in the
    /// index's order: at most `most`.
    pub(crate) fn rows(
        &mut self,
        key: &[Part<'_>],
        most: usize,
        found: &mut Vec<i64>,
    ) -> Result<(), NotHandled> {
        let Self { pages, root, leaf } = self;
        if let Some((page, at)) = leaf
            && let Some(end) = behind(pages, page, *at, key, most, found)?
        {
            *at = end;
            return Ok(());
        }
        Rows { pages, key, most, found, leaf }.below(*root, DEPTH).map(drop)
    }
}

/// The same of one leaf, if its cell `at` is the key's first entry and the last one is on it too: the cell behind.
fn behind(
    pages: &Pages,
    page: &Page,
    at: usize,
    key: &[Part<'_>],
    most: usize,
    found: &mut Vec<i64>,
) -> Result<Option<usize>, NotHandled> {
    let Some(before) = at.checked_sub(1).filter(|_| at < page.cells()) else { return Ok(None) };
    if compare(pages, page, content(page, false, before)?, key)? != Ordering::Less {
        return Ok(None);
    }
    let before = found.len();
    for index in at..page.cells() {
        match row(pages, page, content(page, false, index)?, key)? {
            (Ordering::Equal, Some(row)) if found.len() < most => found.push(row),
            (Ordering::Less, _) => break,
            _ => return Ok(Some(index)),
        }
    }
    // The first entry is further on, or there may be more on the next page.
    found.truncate(before);
    Ok(None)
}

struct Rows<'a> {
    pages: &'a Pages,
    key: &'a [Part<'a>],
    most: usize,
    found: &'a mut Vec<i64>,
    /// As in [`Entries`].
    leaf: &'a mut Option<(Page, usize)>,
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
            match row(self.pages, &page, content(&page, interior, at)?, self.key)? {
                (Ordering::Equal, Some(row)) if self.found.len() < self.most => self.found.push(row),
                _ => break,
            }
            at += 1;
        }
        if !interior {
            *self.leaf = Some((page, at));
        }
        Ok(false)
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
#[inline]
fn content(page: &Page, interior: bool, index: usize) -> Result<&[u8], NotHandled> {
    page.cell(index)?.get(if interior { 4 } else { 0 }..).ok_or(NotHandled)
}

/// How the first columns of an entry compare with the key.
fn compare(pages: &Pages, page: &Page, cell: &[u8], key: &[Part<'_>]) -> Result<Ordering, NotHandled> {
    let order = |bytes| order(&mut Columns::new(bytes)?, key);
    // Where an entry goes on on other pages, its first columns are mostly on this one.
    match pages.local(page, cell).and_then(order) {
        Err(NotHandled) => order(entry(pages, page, cell, key.len())?.bytes()),
        compared => compared,
    }
}

/// The same, and the row number of an entry that has the key.
fn row(
    pages: &Pages,
    page: &Page,
    cell: &[u8],
    key: &[Part<'_>],
) -> Result<(Ordering, Option<i64>), NotHandled> {
    let row = |bytes| {
        let mut columns = Columns::new(bytes)?;
        match order(&mut columns, key)? {
            Ordering::Equal => match columns.value()? {
                ValueRef::Integer(row) => Ok((Ordering::Equal, Some(row))),
                _ => Err(NotHandled),
            },
            other => Ok((other, None)),
        }
    };
    match pages.local(page, cell).and_then(row) {
        Err(NotHandled) => row(entry(pages, page, cell, key.len() + 1)?.bytes()),
        found => found,
    }
}

/// How the next columns compare with the key.
#[inline]
fn order(columns: &mut Columns<'_>, key: &[Part<'_>]) -> Result<Ordering, NotHandled> {
    for part in key {
        match part.compare(columns.value()?)? {
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
    if wanted <= record.bytes().len() {
        return Ok(record);
    }
    Record::parse(0, pages.payload(page, &cell[read..], size, wanted)?)
}
