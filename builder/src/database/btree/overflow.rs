//! Payloads that are too large for their page: the rest is on overflow pages (SQLite, "Database File Format",
//! section 1.7).

use std::io;

use catalog::btree::{OVERFLOW_HEADER, PAGE_SIZE};

use super::file::PageFile;

/// Appends the overflow pages of `rest`, in order, and returns the number of the first. Errors: those of writing.
pub(super) fn append(file: &mut PageFile, rest: &[u8]) -> io::Result<u32> {
    let first = file.next();
    let mut parts = rest.chunks(PAGE_SIZE - OVERFLOW_HEADER).peekable();
    while let Some(part) = parts.next() {
        let mut page = [0; PAGE_SIZE];
        page[OVERFLOW_HEADER..OVERFLOW_HEADER + part.len()].copy_from_slice(part);
        if parts.peek().is_some() {
            page[..OVERFLOW_HEADER].copy_from_slice(&file.after_next().to_be_bytes());
        }
        file.append(&page)?;
    }
    Ok(first)
}
