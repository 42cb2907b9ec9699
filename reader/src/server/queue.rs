//! Requests that take longer than a thread which serves many may give to one: they wait here for
//! threads of their own.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::health::Health;
use crate::reader::Reader;
use crate::request::{Headers, RawRequest};
use crate::response::Response;

/// Requests that may wait. At the default time limit and two threads the last of them waits for 80
/// seconds, longer than most clients.
const LONGEST: usize = 32;

/// A request that waits, with its own copy of everything.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) client: IpAddr,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: Headers,
    /// Dropped where the request has to give way: then it is answered as one of too many.
    pub(super) answer: oneshot::Sender<Response>,
}

/// The queue between the two kinds of threads. Fair among clients, by their address:
/// who has the fewest under way is next, and where it is full, who has the most waiting gives way.
#[derive(Debug)]
pub(super) struct Queue {
    jobs: Mutex<Jobs>,
    filled: Condvar,
    health: Arc<Health>,
}

#[derive(Debug, Default)]
struct Jobs {
    waiting: VecDeque<Job>,
    running: Vec<IpAddr>,
}

impl Job {
    pub(super) fn answered_by(&self, reader: &Reader) -> Response {
        reader.answer(&RawRequest {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: self.headers.clone(),
        })
    }
}

impl Queue {
    pub(super) fn new(health: Arc<Health>) -> Self {
        Self { jobs: Mutex::default(), filled: Condvar::new(), health }
    }

    /// Has the request wait, unless there are too many; then it, or the last of a client that has
    /// more waiting, is dropped.
    pub(super) fn put(&self, job: Job) {
        let mut jobs = self.jobs();
        jobs.waiting.retain(|job| !job.answer.is_closed());
        jobs.waiting.push_back(job);
        if jobs.waiting.len() > LONGEST {
            jobs.give_way();
        }
        self.note(&jobs);
        self.filled.notify_one();
    }

    /// The next request, if there is one within that time. It is under way until [`Queue::done`].
    pub(super) fn next(&self, patience: Duration) -> Option<Job> {
        let none = |jobs: &mut Jobs| jobs.waiting.is_empty();
        let waited = self.filled.wait_timeout_while(self.jobs(), patience, none);
        let mut jobs = waited.unwrap_or_else(PoisonError::into_inner).0;
        let job = jobs.next()?;
        jobs.running.push(job.client);
        self.note(&jobs);
        Some(job)
    }

    /// A request of that client is not under way any more.
    pub(super) fn done(&self, client: IpAddr) {
        let mut jobs = self.jobs();
        if let Some(index) = jobs.running.iter().position(|running| *running == client) {
            jobs.running.swap_remove(index);
        }
        self.note(&jobs);
    }

    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, jobs: &Jobs) {
        self.health.work(jobs.running.len(), jobs.waiting.len());
    }
}

impl Jobs {
    /// The first of the clients with the fewest under way. Whose client has gone is left out.
    fn next(&mut self) -> Option<Job> {
        self.waiting.retain(|job| !job.answer.is_closed());
        let under_way = |job: &Job| self.running.iter().filter(|client| **client == job.client).count();
        let (index, _) = self.waiting.iter().enumerate().min_by_key(|(_, job)| under_way(job))?;
        self.waiting.remove(index)
    }

    /// Drops the last one of the client that has the most waiting; the newest, where several have.
    fn give_way(&mut self) {
        let waits = |job: &Job| self.waiting.iter().filter(|other| other.client == job.client).count();
        if let Some((index, _)) = self.waiting.iter().enumerate().max_by_key(|(_, job)| waits(job)) {
            self.waiting.remove(index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(client: u8, path: &str) -> (Job, oneshot::Receiver<Response>) {
        let (answer, answered) = oneshot::channel();
        let client = IpAddr::from([192, 0, 2, client]);
        let (method, query, headers) = ("GET".into(), String::new(), Headers::default());
        (Job { client, method, path: path.into(), query, headers, answer }, answered)
    }

    #[test]
    fn who_has_the_fewest_under_way_is_next() {
        let queue = Queue::new(Arc::default());
        let mut waiting = vec![];
        for (client, path) in [(1, "a"), (1, "b"), (1, "c"), (2, "d"), (3, "e")] {
            let (job, answered) = job(client, path);
            queue.put(job);
            waiting.push(answered);
        }
        let next = || queue.next(Duration::ZERO).unwrap().path;
        assert_eq!([next(), next(), next(), next()], ["a", "d", "e", "b"].map(str::to_owned));
        queue.done(IpAddr::from([192, 0, 2, 1]));
        waiting[2].close();
        let (last, _answered) = job(4, "f");
        queue.put(last);
        assert_eq!(next(), "f");
        assert_eq!(queue.jobs().waiting.len(), 0);
    }

    #[test]
    fn who_has_the_most_waiting_gives_way() {
        let queue = Queue::new(Arc::default());
        let mut of_one: Vec<_> = (0..LONGEST)
            .map(|number| {
                let (job, answered) = job(1, &number.to_string());
                queue.put(job);
                answered
            })
            .collect();
        let (other, mut answered) = job(2, "other");
        queue.put(other);
        let dropped = oneshot::error::TryRecvError::Closed;
        assert_eq!(answered.try_recv().unwrap_err(), oneshot::error::TryRecvError::Empty);
        assert_eq!(of_one.pop().unwrap().try_recv().unwrap_err(), dropped);
        let (more, mut answered) = job(1, "more");
        queue.put(more);
        assert_eq!(answered.try_recv().unwrap_err(), dropped);
    }
}
