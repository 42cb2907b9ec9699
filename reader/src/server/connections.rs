//! The connections of all threads: how many there may be, what their answers hold in memory, and which one
//! gives way where there is no room for another.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use tokio::sync::Notify;

use super::limits::Limits;
use crate::health::Health;

/// How long a client that is sent an answer may take nothing of it before it gives way to others.
const STALLED: u64 = 1000;

/// Answers that are smaller are not counted: as many as there may be connections are no burden.
const SMALL: usize = 16 * 1024;

/// How often the same thing is logged.
const LOG_PAUSE: Duration = Duration::from_secs(10);

/// What all threads know of connections.
#[derive(Debug)]
pub(super) struct Connections {
    pub(super) limits: Limits,
    start: Instant,
    open: Mutex<Vec<Arc<Connection>>>,
    unsent: AtomicUsize,
    /// One more may be let in.
    pub(super) left: Notify,
    log: Mutex<HashMap<&'static str, Log>>,
    health: Arc<Health>,
}

/// One of them, and what it does.
#[derive(Debug)]
pub(super) struct Connection {
    client: IpAddr,
    /// Since when the client has to do something, in milliseconds after the server's start; 0 while the server has.
    waits: AtomicU64,
    /// Whether what the client has to do is to read.
    sending: AtomicBool,
    /// Whether a request is under way.
    answering: AtomicBool,
    unsent: AtomicUsize,
    gives_way: AtomicBool,
    /// It has to end.
    pub(super) end: Notify,
}

/// An open connection, for as long as this lives.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) all: Arc<Connections>,
    pub(super) this: Arc<Connection>,
}

/// A request under way, for as long as this lives.
#[derive(Debug)]
pub(super) struct Answering(Arc<Connection>);

#[derive(Debug, Default)]
struct Log {
    last: Option<Instant>,
    others: u64,
}

impl Connections {
    pub(super) fn new(limits: Limits, health: Arc<Health>) -> Self {
        Self {
            limits,
            start: Instant::now(),
            open: Mutex::default(),
            unsent: AtomicUsize::new(0),
            left: Notify::new(),
            log: Mutex::default(),
            health,
        }
    }

    /// Lets a client in, unless there are too many.
    pub(super) fn enter(self: &Arc<Self>, client: IpAddr) -> Option<Open> {
        let mut open = self.open();
        if open.len() >= self.limits.connections {
            return None;
        }
        let this = Arc::new(Connection {
            client,
            waits: AtomicU64::new(self.now()),
            sending: AtomicBool::new(false),
            answering: AtomicBool::new(false),
            unsent: AtomicUsize::new(0),
            gives_way: AtomicBool::new(false),
            end: Notify::new(),
        });
        open.push(Arc::clone(&this));
        self.health.connections(open.len());
        Some(Open { all: Arc::clone(self), this })
    }

    /// Has the connection end whose client keeps it without a use: of the client that has the most connections, the
    /// one that waits longest. `false` if there isn't one.
    pub(super) fn make_room(&self) -> bool {
        let open = self.open();
        if open.iter().any(|connection| connection.gives_way.load(Ordering::Relaxed)) {
            return true; // it is about to
        }
        let mut count = HashMap::<IpAddr, usize>::new();
        open.iter().for_each(|connection| *count.entry(connection.client).or_default() += 1);
        let now = self.now();
        let victim = open.iter().filter(|connection| connection.is_idle(now));
        let victim = victim.max_by_key(|connection| (count[&connection.client], connection.waited(now)));
        let Some(victim) = victim else { return false };
        victim.give_way();
        self.log(
            "idle",
            &format!(
                "warning: {} connections are open: an idle one of {} is closed for another",
                open.len(),
                victim.client
            ),
        );
        true
    }

    /// The body of an answer, counted until it is sent; `None` where too much waits to be sent already.
    pub(super) fn unsent(self: &Arc<Self>, this: &Arc<Connection>, body: Vec<u8>) -> Option<Bytes> {
        if body.len() < SMALL {
            return Some(body.into());
        }
        let bytes = body.capacity();
        let held = self.unsent.fetch_add(bytes, Ordering::Relaxed);
        if held > 0 && held + bytes > self.limits.unsent {
            self.unsent.fetch_sub(bytes, Ordering::Relaxed);
            // For the next one: they end when their threads come to it.
            self.drop_unsent(held + bytes - self.limits.unsent);
            self.log(
                "unsent",
                &format!("warning: {held} bytes wait for slow clients: an answer was refused"),
            );
            return None;
        }
        this.unsent.fetch_add(bytes, Ordering::Relaxed);
        Some(Bytes::from_owner(Unsent { body, all: Arc::clone(self), this: Arc::clone(this) }))
    }

    /// Has connections end whose clients take nothing, those first that wait longest, until so many bytes are given up.
    fn drop_unsent(&self, bytes: usize) {
        let open = self.open();
        let now = self.now();
        let mut stalled: Vec<_> = open
            .iter()
            .filter(|connection| {
                connection.sending.load(Ordering::Relaxed) && connection.waited(now) >= STALLED
            })
            .collect();
        stalled.sort_by_key(|connection| std::cmp::Reverse(connection.waited(now)));
        let mut given_up = 0;
        for connection in stalled {
            if given_up >= bytes {
                break;
            }
            given_up += connection.unsent.load(Ordering::Relaxed);
            connection.give_way();
        }
    }

    /// Says something, unless something of that kind was said a moment ago.
    #[expect(clippy::print_stderr, reason = "the server's log")]
    pub(super) fn log(&self, kind: &'static str, line: &str) {
        let mut logs = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let log = logs.entry(kind).or_default();
        if log.last.is_some_and(|last| last.elapsed() < LOG_PAUSE) {
            log.others += 1;
            return;
        }
        match std::mem::take(&mut log.others) {
            0 => eprintln!("{line}"),
            others => eprintln!("{line} (and {others} more lines like this were not written)"),
        }
        log.last = Some(Instant::now());
    }

    fn open(&self) -> MutexGuard<'_, Vec<Arc<Connection>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds since the start, and never 0.
    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
    }
}

impl Connection {
    fn waited(&self, now: u64) -> u64 {
        match self.waits.load(Ordering::Relaxed) {
            0 => 0,
            since => now.saturating_sub(since),
        }
    }

    /// Whether its client could do without it.
    fn is_idle(&self, now: u64) -> bool {
        let sending = self.sending.load(Ordering::Relaxed);
        self.waits.load(Ordering::Relaxed) != 0 && (!sending || self.waited(now) >= STALLED)
    }

    fn give_way(&self) {
        self.gives_way.store(true, Ordering::Relaxed);
        self.end.notify_one();
    }
}

impl Open {
    /// A request has come.
    pub(super) fn answer(&self) -> Answering {
        self.this.answering.store(true, Ordering::Relaxed);
        self.this.waits.store(0, Ordering::Relaxed);
        Answering(Arc::clone(&self.this))
    }

    /// Whether it still has to end where it was asked to, or is in use again.
    pub(super) fn has_to_end(&self) -> bool {
        let idle = self.this.is_idle(self.all.now());
        self.this.gives_way.store(idle, Ordering::Relaxed);
        idle
    }

    /// The client takes nothing more of what is written.
    pub(super) fn stalls(&self) {
        if !self.this.sending.swap(true, Ordering::Relaxed) {
            self.this.waits.store(self.all.now(), Ordering::Relaxed);
        }
    }

    /// The client took something.
    pub(super) fn sends(&self) {
        if self.this.sending.load(Ordering::Relaxed) {
            self.this.sending.store(false, Ordering::Relaxed);
            self.this.waits.store(0, Ordering::Relaxed);
        }
    }

    /// All that was to be written is.
    pub(super) fn flushed(&self) {
        let this = &self.this;
        if !this.answering.load(Ordering::Relaxed) && this.waits.load(Ordering::Relaxed) == 0 {
            this.waits.store(self.all.now(), Ordering::Relaxed);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.all.open();
        open.retain(|connection| !Arc::ptr_eq(connection, &self.this));
        self.all.health.connections(open.len());
        drop(open);
        self.all.left.notify_one();
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answering.store(false, Ordering::Relaxed);
    }
}

/// A body that is counted while it is in memory.
struct Unsent {
    body: Vec<u8>,
    all: Arc<Connections>,
    this: Arc<Connection>,
}

impl AsRef<[u8]> for Unsent {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

impl Drop for Unsent {
    fn drop(&mut self) {
        self.all.unsent.fetch_sub(self.body.capacity(), Ordering::Relaxed);
        self.this.unsent.fetch_sub(self.body.capacity(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn connections(limits: Limits) -> Arc<Connections> {
        Arc::new(Connections::new(limits, Arc::default()))
    }

    #[test]
    fn the_longest_idle_one_of_whom_has_the_most_gives_way() {
        let all = connections(Limits { connections: 4, ..Limits::default() });
        let open: Vec<_> = [1, 2, 2, 3].map(|last| all.enter(client(last)).unwrap()).into();
        assert!(all.enter(client(4)).is_none());
        for (connection, since) in open.iter().zip([1, 3, 2, 1]) {
            connection.this.waits.store(since, Ordering::Relaxed);
        }
        assert!(all.make_room());
        let giving_way = |open: &[Open]| open.iter().map(Open::has_to_end).collect::<Vec<_>>();
        let told: Vec<_> = open.iter().map(|open| open.this.gives_way.load(Ordering::Relaxed)).collect();
        assert_eq!(told, [false, false, true, false]);
        // In use again, it stays, and so does every other that is.
        let requests: Vec<_> = open.iter().map(Open::answer).collect();
        assert_eq!(giving_way(&open), [false; 4]);
        assert!(!all.make_room());
        drop(requests);
        open[3].flushed();
        assert!(all.make_room());
        assert_eq!(giving_way(&open), [false, false, false, true]);
        drop(open);
        assert!(all.enter(client(4)).is_some());
    }

    #[test]
    fn unsent_answers_are_bounded() {
        let all = connections(Limits { unsent: 100_000, ..Limits::default() });
        let [one, other] = [1, 2].map(|last| all.enter(client(last)).unwrap());
        let held = all.unsent(&one.this, vec![0; 90_000]).unwrap();
        assert!(all.unsent(&other.this, vec![0; 20_000]).is_none());
        assert!(all.unsent(&other.this, vec![0; 1000]).is_some());
        one.stalls();
        one.this.waits.store(1, Ordering::Relaxed);
        let now = all.now() + STALLED;
        assert!(one.this.is_idle(now));
        drop(held);
        assert_eq!(all.unsent.load(Ordering::Relaxed), 0);
        assert!(all.unsent(&other.this, vec![0; 200_000]).is_some(), "one alone has all the room it needs");
    }
}
