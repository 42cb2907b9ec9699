//! The cells of a record, as bytes and as text.

use super::quotes::Stray;

/// The cells of one record, unquoted.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(super) row: u64,
    pub(super) text: &'a [u8],
    pub(super) ends: &'a [usize],
    /// How many bytes are between two cells: a delimiter in ASCII, or nothing.
    pub(super) gap: usize,
    pub(super) strays: &'a [Stray],
    pub(super) controls: bool,
}

impl<'a> Record<'a> {
    /// Its number among the file's rows, from 1: blank lines and comments are rows too.
    pub(crate) fn row(self) -> u64 {
        self.row
    }

    /// How many cells it has; at least one.
    pub(crate) fn len(self) -> usize {
        self.ends.len()
    }

    /// The cell at `index`, from 0.
    pub(crate) fn cell(self, index: usize) -> &'a [u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] + self.gap };
        &self.text[start..self.ends[index]]
    }

    /// Its cells with text after their closing quotes.
    pub(crate) fn strays(self) -> &'a [Stray] {
        self.strays
    }

    /// Whether its cells are the text between its delimiters, and not all empty.
    #[inline]
    pub(crate) fn is_plain(self) -> bool {
        self.strays.is_empty() && !self.is_empty()
    }

    /// Whether control characters may be in it.
    #[inline]
    pub(crate) fn may_have_controls(self) -> bool {
        self.controls
    }

    /// Whether it has nothing but delimiters and quotes.
    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        self.text.len() == (self.ends.len() - 1) * self.gap
    }

    /// The same record as text, or the index of the first cell that is not UTF-8.
    #[inline]
    pub(crate) fn text(self) -> Result<TextRecord<'a>, usize> {
        // One pass over the whole record, which is faster than one per cell; a character that
        // two cells share would be valid in the whole, so the borders count too.
        if let Ok(text) = simdutf8::basic::from_utf8(self.text)
            && (text.is_ascii() || self.ends.iter().all(|end| text.is_char_boundary(*end)))
        {
            return Ok(TextRecord { text, ends: self.ends, gap: self.gap });
        }
        let wrong = (0..self.len()).find(|index| std::str::from_utf8(self.cell(*index)).is_err());
        Err(wrong.unwrap_or(0))
    }
}

/// The cells of one record, all of them UTF-8.
#[derive(Clone, Copy)]
pub(crate) struct TextRecord<'a> {
    pub(super) text: &'a str,
    pub(super) ends: &'a [usize],
    pub(super) gap: usize,
}

impl<'a> TextRecord<'a> {
    /// How many cells it has; at least one.
    pub(crate) fn len(self) -> usize {
        self.ends.len()
    }

    /// The cell at `index`, from 0.
    pub(crate) fn cell(self, index: usize) -> &'a str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] + self.gap };
        &self.text[start..self.ends[index]]
    }

    /// All cells.
    pub(crate) fn cells(self) -> impl Iterator<Item = &'a str> {
        let (mut rest, mut start, gap) = (self.text, 0, self.gap);
        self.ends.iter().map(move |end| {
            let (cell, behind) = rest.split_at(end - start);
            (rest, start) = (behind.get(gap..).unwrap_or_default(), end + gap);
            cell
        })
    }
}
