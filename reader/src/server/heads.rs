//! What a client sends, before hyper reads it: the request lines are found, and what a URL can't have there
//! is percent-encoded, as PostgREST does it.
//!
//! `curl` and people at a keyboard send `>`, `"` or `é` as they are. They have one meaning, and hyper's URI
//! parser would refuse them.

use memchr::memchr;

/// Where in the heads of a connection's requests its bytes have come. Bodies are no part of this: the
/// connection ends after a request that has one.
#[derive(Debug, Default)]
pub(super) struct Heads {
    place: Place,
    is_head: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before a request: empty lines are passed over (RFC 9112, section 2.2).
    #[default]
    Before,
    Method {
        length: usize,
    },
    Target,
    /// A line of the head, whether anything is in it yet.
    Header {
        is_empty: bool,
    },
}

const HEAD: &[u8] = b"HEAD";

/// Bytes that RFC 3986 has in no URL and that end no word of a request line, and `#`, which has no meaning
/// for a server and would be dropped with what is behind it.
static ENCODED: [bool; 256] = {
    let mut encoded = [false; 256];
    let mut byte = 0x80;
    while byte < 256 {
        encoded[byte] = true;
        byte += 1;
    }
    let others = b"\"#<>\\^`{|}";
    let mut index = 0;
    while index < others.len() {
        encoded[others[index] as usize] = true;
        index += 1;
    }
    encoded
};

impl Heads {
    /// The next bytes as they are to be read; `None` where that is as they are.
    pub(super) fn encoded(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut changed = None;
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let passed = match self.place {
                Place::Before => {
                    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
                    if empty < rest.len() {
                        (self.place, self.is_head) = (Place::Method { length: 0 }, true);
                    }
                    empty
                }
                Place::Method { length } => match rest.iter().position(|byte| matches!(byte, b' ' | b'\n')) {
                    Some(end) => {
                        self.method(length, &rest[..end]);
                        self.is_head &= length + end == HEAD.len();
                        self.place =
                            if rest[end] == b' ' { Place::Target } else { Place::Header { is_empty: true } };
                        end + 1
                    }
                    None => {
                        self.method(length, rest);
                        self.place = Place::Method { length: length + rest.len() };
                        rest.len()
                    }
                },
                Place::Target => {
                    let stop = rest.iter().position(|byte| *byte == b'\n' || ENCODED[usize::from(*byte)]);
                    match stop {
                        Some(stop) if rest[stop] == b'\n' => {
                            self.place = Place::Header { is_empty: true };
                            stop + 1
                        }
                        Some(stop) => {
                            let changed = changed.get_or_insert_with(|| bytes[..at].to_vec());
                            changed.extend_from_slice(&rest[..stop]);
                            let byte = rest[stop];
                            let digit = |value: u8| b"0123456789ABCDEF"[usize::from(value)];
                            changed.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]);
                            at += stop + 1;
                            continue;
                        }
                        None => rest.len(),
                    }
                }
                Place::Header { is_empty } => {
                    let end = memchr(b'\n', rest);
                    let line = &rest[..end.unwrap_or(rest.len())];
                    let is_empty = is_empty && (line.is_empty() || line == b"\r");
                    self.place = match end {
                        Some(_) if is_empty => Place::Before,
                        Some(_) => Place::Header { is_empty: true },
                        None => Place::Header { is_empty },
                    };
                    end.map_or(rest.len(), |end| end + 1)
                }
            };
            if let Some(changed) = &mut changed {
                changed.extend_from_slice(&rest[..passed]);
            }
            at += passed;
        }
        changed
    }

    /// Goes on with a method of which that many bytes are known.
    fn method(&mut self, length: usize, more: &[u8]) {
        self.is_head &= HEAD.get(length..length + more.len()) == Some(more);
    }

    /// Whether a request line is not at its end.
    pub(super) fn in_request_line(&self) -> bool {
        matches!(self.place, Place::Method { .. } | Place::Target)
    }

    /// Whether the last request is a HEAD: no body may follow its answer's head.
    pub(super) fn is_head(&self) -> bool {
        self.is_head
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of it, that many bytes at a time.
    fn read(sent: &[u8], step: usize) -> String {
        let mut heads = Heads::default();
        let mut read = vec![];
        for bytes in sent.chunks(step) {
            read.extend(heads.encoded(bytes).unwrap_or_else(|| bytes.to_vec()));
        }
        String::from_utf8(read).unwrap()
    }

    #[test]
    fn what_no_url_has_is_encoded_in_every_request_line_and_nowhere_else() {
        let sent = "\r\nGET /a?b=\"<>\\^`{|}#é%22+ HTTP/1.1\r\nhost: \"<é\r\nb: {\r\n\r\n\
                    HEAD /<\nhost: >\n\n\n\nG{T /c>|d HTTP/1.1\r\n\r\n";
        let expected = "\r\nGET /a?b=%22%3C%3E%5C%5E%60%7B%7C%7D%23%C3%A9%22+ HTTP/1.1\r\nhost: \"<é\r\nb: {\r\n\r\n\
             HEAD /%3C\nhost: >\n\n\n\nG{T /c%3E%7Cd HTTP/1.1\r\n\r\n";
        for step in 1..sent.len() {
            assert_eq!(read(sent.as_bytes(), step), expected, "{step} bytes at a time");
        }
    }

    #[test]
    fn what_needs_no_change_is_not_copied() {
        let mut heads = Heads::default();
        assert_eq!(
            heads.encoded(b"GET /products?select=a,b(c)&d=eq.%22'*~! HTTP/1.1\r\na: \"\xff\"\r\n\r\n"),
            None
        );
        assert_eq!(heads.place, Place::Before);
    }

    #[test]
    fn the_last_request_is_known() {
        for (sent, is_head, in_request_line) in [
            ("HEAD / HTTP/1.1\r\n", true, false),
            ("HEAD / HT", true, true),
            ("HEADS / HTTP/1.1\r\n", false, false),
            ("HEA / HTTP/1.1\r\n", false, false),
            ("GET", false, true),
            ("HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", false, false),
        ] {
            for step in 1..=sent.len() {
                let mut heads = Heads::default();
                sent.as_bytes().chunks(step).for_each(|bytes| drop(heads.encoded(bytes)));
                assert_eq!((heads.is_head(), heads.in_request_line()), (is_head, in_request_line), "{sent}");
            }
        }
    }
}
