//! A request from a stream of bytes that may hold the next one already.

use std::io::{self, BufRead, Read, Write};

use super::Request;

/// Request line and headers may have so many bytes.
const HEAD_LIMIT: usize = 64 * 1024;

/// And so many headers.
const HEADERS: usize = 256;

/// Why there is no request.
#[derive(Debug)]
pub(super) enum ReadError {
    /// The connection broke, or was closed in the midst of a request.
    Io(io::Error),
    /// The request can't be taken: status and reason. The connection can't be used further.
    Refused(u16, &'static str),
}

/// Whether the connection can be used for another request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connection {
    KeepAlive,
    Close,
}

/// Reads the next request; `None` where the client has closed. `Expect: 100-continue` is
/// answered on `interim` before the body is read.
pub(super) fn request(
    stream: &mut impl BufRead,
    interim: &mut impl Write,
    body_limit: usize,
) -> Result<Option<(Request, Connection)>, ReadError> {
    let Some(mut head) = head(stream)? else { return Ok(None) };
    let values = |name| head.request.header(name).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let lengths = values("content-length");
    let codings = values("transfer-encoding");
    let length = content_length(&lengths)?;
    let chunked = match codings.as_slice() {
        [] => false,
        [coding] if coding.eq_ignore_ascii_case(b"chunked") => true,
        _ => return Err(ReadError::Refused(501, "a transfer coding that is not `chunked`")),
    };
    if chunked && length.is_some() {
        return Err(ReadError::Refused(400, "content-length beside transfer-encoding"));
    }
    if length.is_some_and(|length| length > body_limit) {
        return Err(ReadError::Refused(413, "the body is too large"));
    }
    let waits = values("expect").iter().any(|value| value.eq_ignore_ascii_case(b"100-continue"));
    if waits && (chunked || length.is_some_and(|length| length > 0)) {
        interim.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    head.request.body = match (chunked, length) {
        (true, _) => chunks(stream, body_limit)?,
        (false, length) => {
            let mut body = vec![0; length.unwrap_or(0)];
            stream.read_exact(&mut body)?;
            body
        }
    };
    Ok(Some((head.request, head.connection)))
}

struct Head {
    request: Request,
    connection: Connection,
}

fn head(stream: &mut impl BufRead) -> Result<Option<Head>, ReadError> {
    let mut bytes = Vec::new();
    loop {
        let available = stream.fill_buf()?;
        if available.is_empty() {
            return if bytes.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        let before = bytes.len();
        let taken = available.len();
        bytes.extend_from_slice(available);
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        match parsed.parse(&bytes) {
            Ok(httparse::Status::Complete(length)) => {
                let head = from_parsed(&parsed);
                stream.consume(length - before);
                return head.map(Some);
            }
            Ok(httparse::Status::Partial) => stream.consume(taken),
            Err(httparse::Error::TooManyHeaders) => {
                return Err(ReadError::Refused(431, "too many headers"));
            }
            Err(_) => return Err(ReadError::Refused(400, "no HTTP/1.1 request")),
        }
        if bytes.len() > HEAD_LIMIT {
            return Err(ReadError::Refused(431, "the headers are too large"));
        }
    }
}

fn from_parsed(parsed: &httparse::Request<'_, '_>) -> Result<Head, ReadError> {
    let (Some(method), Some(target), Some(version)) = (parsed.method, parsed.path, parsed.version) else {
        return Err(ReadError::Refused(400, "no HTTP/1.1 request"));
    };
    let headers = parsed.headers.iter().map(|it| (it.name.to_owned(), it.value.to_vec())).collect();
    let request = Request { method: method.into(), target: target.into(), headers, body: Vec::new() };
    let mut hosts = request.header("host");
    if version == 1 && (hosts.next().is_none() || hosts.next().is_some()) {
        return Err(ReadError::Refused(400, "not exactly one host header")); // RFC 9112, section 3.2
    }
    drop(hosts);
    let closes = request
        .header("connection")
        .flat_map(|value| value.split(|byte| *byte == b','))
        .any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"));
    let connection = if version == 1 && !closes { Connection::KeepAlive } else { Connection::Close };
    Ok(Head { request, connection })
}

/// Several are taken if they agree (RFC 9110, section 8.6).
fn content_length(values: &[Vec<u8>]) -> Result<Option<usize>, ReadError> {
    let refused = ReadError::Refused(400, "a content-length that is no length");
    let Some((first, rest)) = values.split_first() else { return Ok(None) };
    let digits = !first.is_empty() && first.iter().all(u8::is_ascii_digit);
    if !digits || rest.iter().any(|other| other != first) {
        return Err(refused);
    }
    str::from_utf8(first).ok().and_then(|text| text.parse().ok()).map(Some).ok_or(refused)
}

/// A chunked body (RFC 9112, section 7.1); extensions and trailers are read over.
fn chunks(stream: &mut impl BufRead, limit: usize) -> Result<Vec<u8>, ReadError> {
    let refused = || ReadError::Refused(400, "a broken chunk");
    let mut body = Vec::new();
    loop {
        let line = line(stream)?;
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
        let size = plain.then(|| str::from_utf8(digits).ok()).flatten().ok_or_else(refused)?;
        let size = usize::from_str_radix(size, 16).map_err(|_| refused())?;
        if size == 0 {
            while !self::line(stream)?.is_empty() {}
            return Ok(body);
        }
        let end = body.len().checked_add(size).filter(|end| *end <= limit);
        let Some(end) = end else { return Err(ReadError::Refused(413, "the body is too large")) };
        let start = body.len();
        body.resize(end, 0);
        stream.read_exact(&mut body[start..])?;
        if !self::line(stream)?.is_empty() {
            return Err(refused());
        }
    }
}

/// Up to CR LF, without it.
fn line(stream: &mut impl BufRead) -> Result<Vec<u8>, ReadError> {
    const LIMIT: u64 = 4096;
    let mut line = Vec::new();
    stream.take(LIMIT).read_until(b'\n', &mut line)?;
    match line.strip_suffix(b"\r\n") {
        Some(line) => Ok(line.to_vec()),
        None => Err(ReadError::Refused(400, "a broken chunk")),
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<io::ErrorKind> for ReadError {
    fn from(kind: io::ErrorKind) -> Self {
        Self::Io(kind.into())
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// All requests in `bytes`, read `step` bytes at a time, as `METHOD target "body"`, and how it
    /// ended.
    fn read(bytes: &[u8], step: usize) -> Vec<String> {
        struct Steps<'a>(&'a [u8], usize);
        impl Read for Steps<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let size = self.1.min(buffer.len()).min(self.0.len());
                buffer[..size].copy_from_slice(&self.0[..size]);
                self.0 = &self.0[size..];
                Ok(size)
            }
        }
        let mut stream = BufReader::new(Steps(bytes, step));
        let mut found = Vec::new();
        loop {
            let mut interim = Vec::new();
            match request(&mut stream, &mut interim, 100) {
                Ok(None) => return found,
                Ok(Some((request, connection))) => {
                    let Request { method, target, body, .. } = request;
                    found.push(format!("{method} {target} {:?}", String::from_utf8_lossy(&body)));
                    if !interim.is_empty() {
                        found.push("interim".into());
                    }
                    if connection == Connection::Close {
                        found.push("close".into());
                        return found;
                    }
                }
                Err(ReadError::Refused(status, reason)) => {
                    found.push(format!("{status} {reason}"));
                    return found;
                }
                Err(ReadError::Io(error)) => {
                    found.push(error.kind().to_string());
                    return found;
                }
            }
        }
    }

    #[test]
    fn requests_follow_each_other_however_they_arrive() {
        let bytes = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n\
                      POST /b HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc\
                      POST /c HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n\
                      3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\ntrailer: 1\r\n\r\n\
                      PUT /d HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 1\r\n\r\nz\
                      HEAD /e HTTP/1.1\r\nhost: x\r\nconnection: x, Close\r\n\r\nGET /never";
        let expected = [
            r#"GET /a """#,
            r#"POST /b "abc""#,
            r#"POST /c "abcde""#,
            r#"PUT /d "z""#,
            "interim",
            r#"HEAD /e """#,
            "close",
        ];
        for step in [1, 2, 3, 7, 64, 4096] {
            assert_eq!(read(bytes, step), expected, "{step} bytes at a time");
        }
    }

    #[test]
    fn what_can_be_read_two_ways_is_refused() {
        let post = |headers: &str, body: &str| {
            read(format!("POST / HTTP/1.1\r\nhost: x\r\n{headers}\r\n\r\n{body}").as_bytes(), 4096).join(" ")
        };
        let both = post("content-length: 3\r\ntransfer-encoding: chunked", "0\r\n\r\n");
        assert_eq!(both, "400 content-length beside transfer-encoding");
        let two = post("content-length: 3\r\ncontent-length: 4", "abcd");
        assert_eq!(two, "400 a content-length that is no length");
        assert_eq!(post("content-length: +3", "abc"), "400 a content-length that is no length");
        assert_eq!(post("content-length: 101", ""), "413 the body is too large");
        assert_eq!(post("transfer-encoding: chunked", "65\r\n"), "413 the body is too large");
        assert_eq!(post("transfer-encoding: chunked", "+1\r\na\r\n"), "400 a broken chunk");
        assert_eq!(post("transfer-encoding: chunked", "1\r\nab\r\n"), "400 a broken chunk");
        assert_eq!(
            post("transfer-encoding: gzip, chunked", ""),
            "501 a transfer coding that is not `chunked`"
        );
        assert_eq!(post("content-length: 9", "abc"), "unexpected end of file");
        assert_eq!(read(b"GET / HTTP/1.1\r\n\r\n", 4096), ["400 not exactly one host header"]);
        assert_eq!(read(b"hello\r\n\r\n", 4096), ["400 no HTTP/1.1 request"]);
        assert_eq!(read(b"GET / HTTP/1.0\r\n\r\n", 4096), [r#"GET / """#, "close"]);
    }
}
