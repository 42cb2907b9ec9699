//! The database's pages, appended to its file.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use catalog::btree::{LOCK_PAGE, PAGE_SIZE};

/// The bytes of a page.
pub(super) type PageBytes = [u8; PAGE_SIZE];

/// Pages that are written in one go: a call for each would take as long as the rows on it.
const BUFFERED: usize = 64;

/// Where the file's header has the number of its pages (SQLite, "Database File Format", section 1.3).
const PAGE_COUNT_AT: u64 = 28;

/// The last page up to which pages are appended; SQLite's own limit, with room for a buffer.
const LAST_PAGE: u32 = u32::MAX - 2 * BUFFERED as u32;

/// A database file whose first pages SQLite made. No connection may be open while there is one of these.
#[derive(Debug)]
pub(crate) struct PageFile {
    file: File,
    /// The number of the first page in `buffer`.
    first: u32,
    buffer: Vec<u8>,
}

impl PageFile {
    /// Appends to the database at `path`, after its last page. Errors: those of opening it.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let pages = file.metadata()?.len() / PAGE_SIZE as u64;
        Ok(Self {
            file,
            first: u32::try_from(pages + 1).map_err(|_| too_large())?,
            buffer: Vec::with_capacity(BUFFERED * PAGE_SIZE),
        })
    }

    /// The number of the page that is appended next.
    pub(crate) fn next(&self) -> u32 {
        not_locked(self.end())
    }

    /// The number of the page that is appended after that.
    pub(super) fn after_next(&self) -> u32 {
        not_locked(self.next() + 1)
    }

    /// Appends a page and returns its number. Errors: those of writing.
    pub(super) fn append(&mut self, page: &PageBytes) -> io::Result<u32> {
        let number = self.next();
        if number != self.end() {
            self.buffer.resize(self.buffer.len() + PAGE_SIZE, 0);
        }
        self.buffer.extend_from_slice(page);
        if self.buffer.len() >= BUFFERED * PAGE_SIZE {
            self.flush()?;
        }
        Ok(number)
    }

    /// Removes that page and all after it. Errors: those of writing.
    pub(crate) fn truncate(&mut self, number: u32) -> io::Result<()> {
        self.flush()?;
        self.first = number;
        self.file.set_len(offset(number))
    }

    /// Writes what remains, and the number of pages. Errors: those of writing.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.file.write_all_at(&(self.first - 1).to_be_bytes(), PAGE_COUNT_AT)
    }

    /// The number after that of the last page.
    fn end(&self) -> u32 {
        self.first + (self.buffer.len() / PAGE_SIZE) as u32
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all_at(&self.buffer, offset(self.first))?;
        self.first = Some(self.end()).filter(|end| *end <= LAST_PAGE).ok_or_else(too_large)?;
        self.buffer.clear();
        Ok(())
    }
}

fn not_locked(number: u32) -> u32 {
    if number == LOCK_PAGE { LOCK_PAGE + 1 } else { number }
}

fn offset(number: u32) -> u64 {
    u64::from(number - 1) * PAGE_SIZE as u64
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "an SQLite database has at most 4,294,967,294 pages")
}
