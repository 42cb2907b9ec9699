//! Rows on their way from the thread that checks to the thread that stores.

use rusqlite::types::ValueRef;

use datapackage::cell::Value;

/// A batch is handed over when it has this many rows or this many bytes of text: enough that the
/// hand-over costs little, little enough to stay in the second-level cache.
const ROWS: usize = 1024;
const TEXT: usize = 128 * 1024;

/// A batch with more room than this is not used again, so that one huge row does not keep its
/// memory for the rest of the build.
const KEPT_TEXT: usize = 1024 * 1024;

/// Rows of equally many cells. Cleared and used again, so that a build allocates a handful.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    rows: usize,
    cells: Vec<Cell>,
    text: String,
}

#[derive(Debug, Clone, Copy)]
enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    /// The text's range in the batch's text.
    Text(u32, u32),
}

impl Batch {
    /// Adds a cell to the last row.
    pub(crate) fn push(&mut self, value: &Value<'_>) {
        let cell = match value {
            Value::Null => Cell::Null,
            Value::Integer(number) => Cell::Integer(*number),
            Value::Real(number) => Cell::Real(*number),
            Value::Text(text) => {
                let start = self.text.len() as u32; // at most TEXT and one record
                self.text.push_str(text);
                Cell::Text(start, self.text.len() as u32)
            }
        };
        self.cells.push(cell);
    }

    /// Ends the last row. True when the batch should be handed over.
    pub(crate) fn end_row(&mut self) -> bool {
        self.rows += 1;
        self.rows >= ROWS || self.text.len() >= TEXT
    }

    /// How many rows it has.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The values of a row.
    #[inline]
    pub(crate) fn row(&self, row: usize) -> impl Iterator<Item = ValueRef<'_>> {
        let width = self.cells.len() / self.rows;
        let text = self.text.as_bytes();
        self.cells[row * width..(row + 1) * width].iter().map(move |cell| match *cell {
            Cell::Null => ValueRef::Null,
            Cell::Integer(number) => ValueRef::Integer(number),
            Cell::Real(number) => ValueRef::Real(number),
            Cell::Text(start, end) => ValueRef::Text(&text[start as usize..end as usize]),
        })
    }

    /// Whether it holds a row so large that copies of it should not be kept.
    pub(crate) fn is_large(&self) -> bool {
        self.text.len() > KEPT_TEXT
    }

    /// The same batch without rows.
    pub(crate) fn cleared(mut self) -> Self {
        if self.text.capacity() > KEPT_TEXT {
            return Self::default();
        }
        self.rows = 0;
        self.cells.clear();
        self.text.clear();
        self
    }
}
