//! Physical line numbers: what an editor shows, independent of quotes.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use memchr::{memchr, memchr_iter};

/// Counts line ends in bytes that pass by in pieces: LF, CR LF, or CR alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lines {
    line: u64,
    after_cr: bool,
}

impl Lines {
    /// Before the first byte: on line 1.
    pub(crate) fn new() -> Self {
        Self { line: 1, after_cr: false }
    }

    /// Moves past `bytes`.
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        let Some(&last) = bytes.last() else { return };
        let after_cr = self.after_cr && bytes[0] == b'\n';
        // Counted without a stop at each: half of what the lines of most files cost.
        let mut ends = memchr_iter(b'\n', bytes).count();
        if let Some(first) = memchr(b'\r', bytes) {
            let rest = &bytes[first..];
            let is_cr_alone = |(byte, next): (&u8, &u8)| u8::from((*byte == b'\r') & (*next != b'\n'));
            // A byte counts as many as it can hold: more of them fit a vector.
            let pairs = rest.chunks(usize::from(u8::MAX)).zip(rest[1..].chunks(usize::from(u8::MAX)));
            ends += pairs
                .map(|(bytes, next)| usize::from(bytes.iter().zip(next).map(is_cr_alone).sum::<u8>()))
                .sum::<usize>();
        }
        ends += usize::from(last == b'\r');
        self.line += (ends - usize::from(after_cr)) as u64;
        self.after_cr = last == b'\r';
    }

    /// Moves past one byte.
    pub(super) fn pass_byte(&mut self, byte: u8) {
        if byte == b'\r' || byte == b'\n' && !self.after_cr {
            self.line += 1;
        }
        self.after_cr = byte == b'\r';
    }

    /// The line of the next byte, from 1.
    pub(crate) fn line(self) -> u64 {
        self.line
    }
}

/// Where the lines of a text that was rewritten on its way are not those of the file: a queue from
/// who writes it to who reads it. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shifts(Rc<RefCell<VecDeque<(u64, i64)>>>);

impl Shifts {
    /// From `offset` on, in bytes of the rewritten text, the file is `lines` further. Offsets ascend.
    pub(super) fn push(&self, offset: u64, lines: i64) {
        self.0.borrow_mut().push_back((offset, lines));
    }

    /// Takes the facts about the text up to `offset`, that included: by how many lines the file is
    /// further there, or none where nothing has changed since the last time.
    pub(super) fn take(&self, offset: u64) -> Option<i64> {
        let mut shifts = self.0.borrow_mut();
        let passed = shifts.iter().take_while(|(from, _)| *from <= offset).count();
        shifts.drain(..passed).next_back().map(|(_, lines)| lines)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn pieces_do_not_matter() {
        let text = b"a\nb\r\nc\rd\r\r\n\n\r";
        for cut in 0..text.len() {
            let mut lines = Lines::new();
            lines.pass(&text[..cut]);
            lines.pass(&text[cut..]);
            assert_eq!(lines.line(), 8, "cut at {cut}");
        }
        for end in ["\r", "\n", "\r\n"] {
            let mut lines = Lines::new();
            lines.pass(end.repeat(1000).as_bytes());
            assert_eq!(lines.line(), 1001, "{end:?}");
        }
        let mut lines = Lines::new();
        text.iter().for_each(|byte| lines.pass_byte(*byte));
        assert_eq!(lines.line(), 8);
    }
}
