//! Answers in a content coding: where the client takes one, and where that is worth it.
//!
//! Deliberately absent: files, which are coded while they are made (`reader::file`, `server::downloads`): what codes
//! whole answers here takes all of a text at once.

use libdeflater::{CompressionLvl, Compressor};

use super::Response;
use crate::request::{Coding, Headers};

/// Bytes from which on a body is coded: below, an answer is one packet either way.
const WORTH: usize = 1024;

/// The fastest level of libdeflate that looks for repetitions. A page of 1,000 rows is 15 per cent larger than by gzip's
/// own default, for less than a quarter of its instructions; one of 50 is as small as by level 4, which takes half as
/// many again.
const LEVEL: i32 = 1;

#[cfg(feature = "http")]
/// The highest of brotli's fast qualities: denser than gzip at about its speed.
const BROTLI_QUALITY: i32 = 4;

#[cfg(feature = "http")]
/// The base-2 logarithm of brotli's window. A body has at most 6 MB, nearly always a
/// hundredth of that; a larger window would only take memory.
const BROTLI_WINDOW: i32 = 20;

impl Response {
    /// Of files, which are coded while they are made. A page of 1,000 rows would be 7 per cent larger than by gzip's own
    /// default, 6, for 0.59 of its instructions.
    pub(crate) const GZIP_LEVEL: u32 = 3;

    /// The answer in the coding that the client likes best.
    pub(crate) fn coded(self, headers: &Headers) -> Self {
        if self.body.len() < WORTH || self.is_as_sent() {
            return self;
        }
        let Some(coding) = headers.accept_encoding.as_deref().and_then(Coding::preferred) else {
            return self;
        };
        // Bytes that are no text go through Lambda as base64, a third more: there is no room for what would gain nothing.
        match compressed(&self.body, coding, self.body.len() / 4 * 3) {
            Some(coded) => self.in_coding(coding).body(coded),
            None => self,
        }
    }

    /// Whether it is a file in its coding, or a part of one: bytes of it are counted as they are.
    fn is_as_sent(&self) -> bool {
        self.headers.iter().any(|(name, value)| match *name {
            "content-encoding" => true,
            "content-range" => value.starts_with("bytes "),
            _ => false,
        })
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

/// The `body` in `coding`; `None` where that takes more than `room` bytes.
fn compressed(body: &[u8], coding: Coding, room: usize) -> Option<Vec<u8>> {
    match coding {
        Coding::Gzip => {
            let mut coded = vec![0; room];
            let mut compressor = Compressor::new(CompressionLvl::new(LEVEL).ok()?);
            let length = compressor.gzip_compress(body, &mut coded).ok()?;
            coded.truncate(length);
            Some(coded)
        }
        #[cfg(feature = "http")]
        Coding::Brotli => {
            let parameters = brotli::enc::BrotliEncoderParams {
                quality: BROTLI_QUALITY,
                lgwin: BROTLI_WINDOW,
                size_hint: body.len(),
                ..Default::default()
            };
            let mut coded = Vec::with_capacity(body.len() / 4);
            brotli::BrotliCompress(&mut &*body, &mut coded, &parameters).ok()?;
            Some(coded).filter(|coded| coded.len() <= room)
        }
    }
}
