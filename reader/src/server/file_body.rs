//! The body of an answer: whole, or a file that comes in chunks.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::body::{Bytes, Frame, SizeHint};
use tokio::sync::mpsc;

use super::connections::Answering;

/// A body.
#[derive(Debug, Default)]
pub(super) struct Body {
    kind: Kind,
    /// The request is under way until this is dropped.
    pub(super) answering: Option<Answering>,
}

#[derive(Debug, Default)]
enum Kind {
    #[default]
    Ended,
    Whole(Bytes),
    Chunks(mpsc::Receiver<Chunk>, Option<u64>),
}

/// A piece of a file. Where a sender is gone without the last one, the file is not whole.
#[derive(Debug)]
pub(super) enum Chunk {
    Bytes(Bytes),
    End,
}

/// A file is broken off: its client gets less than it was promised, and sees that.
#[derive(Debug, thiserror::Error)]
#[error("the file was broken off")]
pub(super) struct BrokenOff;

impl Body {
    pub(super) fn whole(body: Bytes) -> Self {
        Self::of(if body.is_empty() { Kind::Ended } else { Kind::Whole(body) })
    }

    /// What comes through `chunks`: `length` bytes, where that is known.
    pub(super) fn chunks(chunks: mpsc::Receiver<Chunk>, length: Option<u64>) -> Self {
        Self::of(Kind::Chunks(chunks, length))
    }

    fn of(kind: Kind) -> Self {
        Self { kind, answering: None }
    }

    pub(super) fn has_length(&self) -> bool {
        !matches!(self.kind, Kind::Chunks(_, None))
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        match &mut self.kind {
            Kind::Ended => Poll::Ready(None),
            Kind::Whole(bytes) => {
                let bytes = std::mem::take(bytes);
                self.kind = Kind::Ended;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Kind::Chunks(chunks, length) => match ready!(chunks.poll_recv(context)) {
                Some(Chunk::Bytes(bytes)) => {
                    *length = length.map(|length| length.saturating_sub(bytes.len() as u64));
                    Poll::Ready(Some(Ok(Frame::data(bytes))))
                }
                Some(Chunk::End) => {
                    self.kind = Kind::Ended;
                    Poll::Ready(None)
                }
                None => Poll::Ready(Some(Err(BrokenOff))),
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.kind, Kind::Ended)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Ended => SizeHint::with_exact(0),
            Kind::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Chunks(_, length) => length.map_or_else(SizeHint::default, SizeHint::with_exact),
        }
    }
}
