//! `GET /-/health`: what is served, what was refused and why, and how much is being worked on. In
//! words for everybody: no path, no SQL.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use catalog::{Database, Manifest};
use serde::Serialize;

/// What all readers of a process know together.
#[derive(Debug, Default)]
pub(crate) struct Health {
    refused: Mutex<Option<Refused>>,
    connections: AtomicUsize,
    running: AtomicUsize,
    waiting: AtomicUsize,
}

/// A release that could not be opened; it is tried again.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Refused {
    /// Its commit and database, where its manifest can be read.
    #[serde(flatten)]
    pub(crate) named: Named,
    /// Why, the last time.
    pub(crate) reason: String,
    /// How often it was tried.
    pub(crate) attempts: u32,
}

/// Which release it is.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Named {
    commit: Option<String>,
    database: Option<Database>,
}

#[derive(Serialize)]
struct Body<'a> {
    served: &'a Named,
    refused: &'a Option<Refused>,
    connections: usize,
    long_requests: LongRequests,
}

/// Those that have threads of their own, on the plain server.
#[derive(Serialize)]
struct LongRequests {
    running: usize,
    waiting: usize,
}

impl Health {
    /// Says that a release was refused, or that none is any more.
    #[cfg(feature = "http")]
    pub(crate) fn refuse(&self, refused: Option<Refused>) {
        *self.refused() = refused;
    }

    /// Says how many connections are open.
    #[cfg(feature = "http")]
    pub(crate) fn connections(&self, open: usize) {
        self.connections.store(open, Ordering::Relaxed);
    }

    /// Says how many long requests are under way and waiting.
    #[cfg(feature = "http")]
    pub(crate) fn work(&self, running: usize, waiting: usize) {
        self.running.store(running, Ordering::Relaxed);
        self.waiting.store(waiting, Ordering::Relaxed);
    }

    fn refused(&self) -> MutexGuard<'_, Option<Refused>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The body, where the release with that manifest is served.
    pub(crate) fn to_json(&self, served: &Manifest) -> serde_json::Result<Vec<u8>> {
        let of = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        let long_requests = LongRequests { running: of(&self.running), waiting: of(&self.waiting) };
        serde_json::to_vec_pretty(&Body {
            served: &Named::of(served),
            refused: &self.refused(),
            connections: of(&self.connections),
            long_requests,
        })
    }
}

impl Named {
    pub(crate) fn of(manifest: &Manifest) -> Self {
        Self { commit: manifest.commit.clone(), database: Some(manifest.database.clone()) }
    }
}
