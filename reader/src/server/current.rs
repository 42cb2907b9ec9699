//! The release that a worker serves.

use std::sync::{Arc, Mutex, PoisonError};

use crate::config::Config;
use crate::health::Health;
use crate::reader::Reader;
use crate::release::Release;

/// Where a worker finds its next release.
#[derive(Default)]
pub(super) struct Inbox(Mutex<Option<Release>>);

/// A worker's reader.
pub(super) struct Current {
    inbox: Arc<Inbox>,
    config: Config,
    health: Arc<Health>,
    reader: Reader,
}

impl Inbox {
    /// In place of one that was not taken.
    pub(super) fn put(&self, release: Release) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(release);
    }

    fn take(&self) -> Option<Release> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Current {
    /// The reader of the release in the inbox, or `None` where there is none yet.
    pub(super) fn new(inbox: Arc<Inbox>, config: Config, health: Arc<Health>) -> Option<Self> {
        let reader = Reader::with_health(inbox.take()?, config.clone(), Arc::clone(&health));
        Some(Self { inbox, config, health, reader })
    }

    /// The reader to answer the next request with.
    pub(super) fn reader(&mut self) -> &Reader {
        if let Some(release) = self.inbox.take() {
            self.reader = Reader::with_health(release, self.config.clone(), Arc::clone(&self.health));
        }
        &self.reader
    }
}
