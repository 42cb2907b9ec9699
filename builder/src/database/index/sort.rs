//! Index keys in their order, however many there are: sorted in memory piece by piece, the pieces written to a
//! temporary file, and merged.
//!
//! Keys come in the order of their rows' numbers and equal ones stay in it, so the numbers are not compared.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::merge::{HEAD, Merge};

/// Takes keys, each with its row's number.
#[derive(Debug)]
pub(super) struct Sorter {
    /// Where temporary files go.
    directory: PathBuf,
    /// How many bytes are sorted in memory.
    memory: usize,
    keys: Vec<u8>,
    entries: Vec<Entry>,
    runs: Option<Runs>,
}

/// A key in memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// The first bytes of the key, then zeros: most comparisons need no more.
    prefix: u64,
    row: i64,
    start: u32,
    end: u32,
}

#[derive(Debug)]
struct Runs {
    file: BufWriter<File>,
    /// Where each ends in the file.
    ends: Vec<u64>,
    written: u64,
}

impl Sorter {
    /// A sorter of keys that uses `memory` bytes, and files in `directory` beyond that.
    pub(super) fn new(directory: &Path, memory: usize) -> Self {
        Self { directory: directory.to_owned(), memory, keys: vec![], entries: vec![], runs: None }
    }

    /// Adds a key that `write` appends, with its row's number. Errors: those of writing.
    #[inline]
    pub(super) fn push(&mut self, row: i64, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let start = self.keys.len();
        write(&mut self.keys);
        let entry = Entry {
            prefix: prefix(&self.keys[start..]),
            row,
            start: start as u32, // at most `memory` and one record
            end: self.keys.len() as u32,
        };
        self.entries.push(entry);
        if self.keys.len() + self.entries.len() * size_of::<Entry>() >= self.memory {
            self.end_run()?;
        }
        Ok(())
    }

    /// All keys, in order. Errors: those of writing.
    pub(super) fn finish(mut self) -> io::Result<Sorted> {
        if self.runs.is_some() {
            self.end_run()?;
        }
        match self.runs.take() {
            Some(Runs { file, ends, .. }) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                Ok(Sorted::Merged(Merge::new(file, &ends)?))
            }
            None => {
                self.sort();
                Ok(Sorted::InMemory { keys: self.keys, entries: self.entries, at: 0 })
            }
        }
    }

    fn sort(&mut self) {
        let keys = &self.keys;
        let key = |entry: &Entry| &keys[entry.start as usize..entry.end as usize];
        self.entries.sort_by(|a, b| a.prefix.cmp(&b.prefix).then_with(|| key(a).cmp(key(b))));
    }

    /// Writes what is in memory to the file.
    fn end_run(&mut self) -> io::Result<()> {
        self.sort();
        let runs = match &mut self.runs {
            Some(runs) => runs,
            runs => {
                let file = tempfile::tempfile_in(&self.directory)?;
                runs.insert(Runs {
                    file: BufWriter::with_capacity(64 * 1024, file),
                    ends: vec![],
                    written: 0,
                })
            }
        };
        for entry in &self.entries {
            let key = &self.keys[entry.start as usize..entry.end as usize];
            runs.file.write_all(&(key.len() as u32).to_le_bytes())?;
            runs.file.write_all(&entry.row.to_le_bytes())?;
            runs.file.write_all(key)?;
            runs.written += HEAD as u64 + key.len() as u64;
        }
        runs.ends.push(runs.written);
        self.entries.clear();
        match self.keys.capacity() > 2 * self.memory {
            true => self.keys = vec![],
            false => self.keys.clear(),
        }
        Ok(())
    }
}

/// Keys in their order.
pub(super) enum Sorted {
    /// All of them were sorted in memory.
    InMemory {
        /// The keys' bytes.
        keys: Vec<u8>,
        /// In order.
        entries: Vec<Entry>,
        /// Which comes next.
        at: usize,
    },
    /// They come from a file.
    Merged(Merge),
}

impl Sorted {
    /// The next key, with its row's number. Errors: those of reading.
    pub(super) fn next(&mut self) -> io::Result<Option<(&[u8], i64)>> {
        match self {
            Self::InMemory { keys, entries, at } => {
                let entry = entries.get(*at);
                *at += 1;
                Ok(entry.map(|entry| (&keys[entry.start as usize..entry.end as usize], entry.row)))
            }
            Self::Merged(merge) => merge.next(),
        }
    }
}

/// The first bytes of a key, then zeros: they compare as the keys do, or are equal.
#[inline]
pub(super) fn prefix(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let length = key.len().min(8);
    bytes[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(keys: &[Vec<u8>], memory: usize) -> Vec<(Vec<u8>, i64)> {
        let directory = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::new(directory.path(), memory);
        for (row, key) in keys.iter().enumerate() {
            sorter.push(row as i64, |bytes| bytes.extend_from_slice(key)).unwrap();
        }
        let mut sorted = sorter.finish().unwrap();
        let mut found = vec![];
        while let Some((key, row)) = sorted.next().unwrap() {
            found.push((key.to_vec(), row));
        }
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
        found
    }

    proptest! {
        #[test]
        fn any_keys_in_any_memory(
            keys in proptest::collection::vec(proptest::collection::vec(0_u8..4, 0..12), 0..300),
            memory in 1_usize..4_000,
        ) {
            let mut expected: Vec<(Vec<u8>, i64)> =
                keys.iter().cloned().enumerate().map(|(row, key)| (key, row as i64)).collect();
            expected.sort();
            prop_assert_eq!(sorted(&keys, memory), expected);
        }
    }

    /// Keys that are longer than the buffers of the merge.
    #[test]
    fn long_keys() {
        let keys: Vec<Vec<u8>> =
            (0..200_usize).map(|row| vec![(row * 7 % 11) as u8; row % 5 * 100_000]).collect();
        let mut expected: Vec<(Vec<u8>, i64)> =
            keys.iter().cloned().enumerate().map(|(row, key)| (key, row as i64)).collect();
        expected.sort();
        assert!(sorted(&keys, 300_000) == expected);
    }
}
