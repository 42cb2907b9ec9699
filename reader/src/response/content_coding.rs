//! Answers in a content coding: where the client takes one, and where that is worth it.

use std::io::Write;

use super::Response;
use crate::request::{Coding, Headers};

/// Bytes from which on a body is coded: below, an answer is one packet either way.
const WORTH: usize = 1024;

#[cfg(feature = "http")]
/// The highest of brotli's fast qualities: denser than gzip at about its speed.
const BROTLI_QUALITY: i32 = 4;

#[cfg(feature = "http")]
/// The base-2 logarithm of brotli's window. A body has at most 6 MB, nearly always a
/// hundredth of that; a larger window would only take memory.
const BROTLI_WINDOW: i32 = 20;

impl Response {
    /// A page of 1,000 rows is 7 per cent larger than by gzip's own default, 6, for 0.59 of its instructions: at
    /// 128 MB, that is a twentieth of a second.
    pub(crate) const GZIP_LEVEL: u32 = 3;

    /// The answer in the coding that the client likes best.
    pub(crate) fn coded(self, headers: &Headers) -> Self {
        if self.body.len() < WORTH {
            return self;
        }
        let Some(coding) = headers.accept_encoding.as_deref().and_then(Coding::preferred) else {
            return self;
        };
        // Bytes that are no text go through Lambda as base64, a third more.
        let coded = match compressed(&self.body, coding) {
            Ok(coded) if coded.len() + coded.len() / 3 < self.body.len() => coded,
            _ => return self,
        };
        self.in_coding(coding).body(coded)
    }

    /// The head of the same answer in `coding`.
    pub(crate) fn in_coding(mut self, coding: Coding) -> Self {
        for (name, value) in &mut self.headers {
            if *name == "etag" {
                *value = tag(value, coding).into();
            }
        }
        self.header("content-encoding", coding.name())
    }
}

/// The entity tag of the representation in `coding`: each has its own, since a strong tag stands
/// for one sequence of bytes (RFC 9110, section 8.8.3.3).
pub(super) fn tag(tag: &str, coding: Coding) -> String {
    format!("{}-{}\"", tag.strip_suffix('"').unwrap_or(tag), coding.name())
}

fn compressed(body: &[u8], coding: Coding) -> std::io::Result<Vec<u8>> {
    let mut coded = Vec::with_capacity(body.len() / 4);
    match coding {
        Coding::Gzip => {
            let level = flate2::Compression::new(Response::GZIP_LEVEL);
            let mut encoder = flate2::write::GzEncoder::new(&mut coded, level);
            encoder.write_all(body)?;
            encoder.finish()?;
        }
        #[cfg(feature = "http")]
        Coding::Brotli => {
            let parameters = brotli::enc::BrotliEncoderParams {
                quality: BROTLI_QUALITY,
                lgwin: BROTLI_WINDOW,
                size_hint: body.len(),
                ..Default::default()
            };
            brotli::BrotliCompress(&mut &*body, &mut coded, &parameters)?;
        }
    }
    Ok(coded)
}
