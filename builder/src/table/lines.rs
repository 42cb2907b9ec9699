//! Physical line numbers: what an editor shows, whatever the CSV parser makes of quotes.

use memchr::{memchr, memchr_iter, memchr2_iter};

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

    /// Moves behind `bytes`.
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        let Some(&last) = bytes.last() else { return };
        if memchr(b'\r', bytes).is_none() {
            // Counted without a stop at each: half of what the lines of most files cost.
            let ends = memchr_iter(b'\n', bytes).count() as u64;
            self.line += ends - u64::from(self.after_cr && bytes[0] == b'\n');
            self.after_cr = false;
            return;
        }
        for at in memchr2_iter(b'\n', b'\r', bytes) {
            let after_cr = if at == 0 { self.after_cr } else { bytes[at - 1] == b'\r' };
            if bytes[at] == b'\r' || !after_cr {
                self.line += 1;
            }
        }
        self.after_cr = last == b'\r';
    }

    /// The line of the next byte, from 1.
    pub(crate) fn line(self) -> u64 {
        self.line
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
    }
}
