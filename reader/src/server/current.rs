//! The release that a worker serves.

use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::Config;
use crate::health::Health;
use crate::reader::{Indexes, Reader};
use crate::release::Release;

/// Where a worker finds its next release.
#[derive(Default)]
pub(super) struct Inbox(Mutex<Option<Release>>);

/// A worker's reader.
pub(super) struct Current {
    inbox: Arc<Inbox>,
    config: Config,
    shared: Shared,
    reader: Rc<Reader>,
}

/// What the readers of all workers have together.
#[derive(Debug, Default, Clone)]
pub(super) struct Shared {
    pub(super) health: Arc<Health>,
    pub(super) indexes: Arc<Indexes>,
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
    /// The reader of the release in the inbox, or `None` if there isn't one yet.
    pub(super) fn new(inbox: Arc<Inbox>, config: Config, shared: Shared) -> Option<Self> {
        let reader = shared.reader(inbox.take()?, &config);
        Some(Self { inbox, config, shared, reader })
    }

    /// The reader to answer the next request with.
    pub(super) fn reader(&mut self) -> &Rc<Reader> {
        if let Some(release) = self.inbox.take() {
            self.reader = self.shared.reader(release, &self.config);
        }
        &self.reader
    }
}

impl Shared {
    fn reader(&self, release: Release, config: &Config) -> Rc<Reader> {
        let (health, indexes) = (Arc::clone(&self.health), Arc::clone(&self.indexes));
        Rc::new(Reader::sharing(release, config.clone(), health, indexes))
    }
}
