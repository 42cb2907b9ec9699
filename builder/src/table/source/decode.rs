//! FileBytes of another encoding -> UTF-8. Nothing is replaced: what can't be decoded is an error.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_16BE, UTF_16LE};

use super::stage::{ByteStage, FileBytes};

const BUFFER: usize = 64 * 1024;

/// A reader that decodes.
pub(super) struct Decode {
    input: Box<dyn ByteStage>,
    decoder: Decoder,
    buffer: Vec<u8>,
    position: usize,
    filled: usize,
    at_end: bool,
    /// What is to be said when everything before it has been handed out.
    malformed: bool,
    done: bool,
}

impl Decode {
    pub(super) fn new(input: Box<dyn ByteStage>, encoding: &'static Encoding) -> Self {
        // Which of both UTF-16 it is, its BOM says.
        let is_utf16 = [UTF_16LE, UTF_16BE].contains(&encoding);
        Self {
            input,
            decoder: if is_utf16 { encoding.new_decoder() } else { encoding.new_decoder_with_bom_removal() },
            buffer: vec![0; BUFFER],
            position: 0,
            filled: 0,
            at_end: false,
            malformed: false,
            done: false,
        }
    }
}

impl Read for Decode {
    /// `out` has room for a character at least: its bytes are not kept for the next call.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        debug_assert!(out.len() >= 4, "a character needs up to four bytes");
        loop {
            if self.malformed {
                let message = format!("it has bytes that are not {}", self.decoder.encoding().name());
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            if self.done {
                return Ok(0);
            }
            let input = &self.buffer[self.position..self.filled];
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(input, out, self.at_end);
            self.position += read;
            match result {
                DecoderResult::Malformed(..) => self.malformed = true,
                DecoderResult::OutputFull => {}
                DecoderResult::InputEmpty if self.at_end => self.done = true,
                DecoderResult::InputEmpty => {
                    (self.position, self.filled) = (0, self.input.read(&mut self.buffer)?);
                    self.at_end = self.filled == 0;
                }
            }
            if written > 0 {
                return Ok(written);
            }
        }
    }
}

impl ByteStage for Decode {
    fn into_bytes(self: Box<Self>) -> FileBytes {
        self.input.into_bytes()
    }
}
