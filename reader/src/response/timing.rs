//! Where the time went (W3C Server Timing), for deployments that show it.

use std::time::Duration;

use super::Response;

impl Response {
    /// With what it took to find the answer, and to find, write and code it.
    pub(crate) fn timed(self, found: Duration, total: Duration) -> Self {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        let (found, total) = (milliseconds(found), milliseconds(total));
        self.header("server-timing", format!("answer;dur={found:.3}, total;dur={total:.3}"))
            .header("timing-allow-origin", "*")
    }
}
