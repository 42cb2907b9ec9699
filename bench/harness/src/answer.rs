//! Where an HTTP/1.1 answer ends (RFC 9112, section 6): all that the load looks at.

use anyhow::{Context, Result, bail};

/// What has come of an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// Not all of it.
    Partial,
    /// All of it, with this status.
    Whole {
        /// The status.
        status: u16,
    },
}

/// Errors: it is no answer, its length is not told, or more came than the answer.
pub fn parse(bytes: &[u8]) -> Result<Answer> {
    let Some(head) = bytes.windows(4).position(|end| end == b"\r\n\r\n") else { return Ok(Answer::Partial) };
    let (head, body) = (&bytes[..head + 2], &bytes[head + 4..]);
    let status = head.get(9..12).and_then(|status| std::str::from_utf8(status).ok()?.parse().ok());
    let status = status.filter(|_| head.starts_with(b"HTTP/1.1 ")).context("it is no HTTP/1.1")?;
    let end = match (header(head, b"content-length"), header(head, b"transfer-encoding")) {
        (Some(length), None) => Some(std::str::from_utf8(length)?.parse::<usize>()?),
        (None, Some(b"chunked")) => last_chunk(body)?,
        _ => bail!("it does not say how long it is"),
    };
    match end.map(|end| body.len().cmp(&end)) {
        None | Some(std::cmp::Ordering::Less) => Ok(Answer::Partial),
        Some(std::cmp::Ordering::Equal) => Ok(Answer::Whole { status }),
        Some(std::cmp::Ordering::Greater) => bail!("it is longer than it says"),
    }
}

/// The value of the header of that lower-case name.
fn header<'a>(head: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    head.split(|byte| *byte == b'\n').find_map(|line| {
        let (found, value) = (line.get(..name.len())?, line.get(name.len()..)?);
        let value = value.strip_prefix(b":").filter(|_| found.eq_ignore_ascii_case(name))?;
        Some(value.trim_ascii())
    })
}

/// Where the last chunk ends, if it is there already (section 7.1; no trailers).
fn last_chunk(body: &[u8]) -> Result<Option<usize>> {
    let mut at = 0;
    loop {
        let rest = body.get(at..).unwrap_or_default();
        let Some(line) = rest.windows(2).position(|end| end == b"\r\n") else { return Ok(None) };
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line])?, 16)?;
        at += line + 2 + size + 2;
        if size == 0 {
            return Ok(Some(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every part of it is partial, the whole of it is whole, and one byte more is an error.
    fn ends(whole: &str, status: u16) {
        for at in 0..whole.len() {
            assert_eq!(parse(&whole.as_bytes()[..at]).unwrap(), Answer::Partial, "{at}");
        }
        assert_eq!(parse(whole.as_bytes()).unwrap(), Answer::Whole { status });
        assert!(parse(format!("{whole}x").as_bytes()).is_err());
    }

    #[test]
    fn where_an_answer_ends() {
        ends("HTTP/1.1 200 OK\r\ndate: now\r\nContent-Length: 5\r\n\r\nab\r\n\r", 200);
        ends("HTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n", 404);
        ends(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0a\r\n0123456789\r\n0\r\n\r\n",
            200,
        );
    }

    #[test]
    fn what_is_no_answer() {
        assert!(parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(parse(b"SSH-2.0 200\r\ncontent-length: 0\r\n\r\n").is_err());
    }
}
