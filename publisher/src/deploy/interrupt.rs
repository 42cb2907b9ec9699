//! Ctrl-C and SIGTERM while `live` moves: the first does not end the run, so that no half move is
//! left behind; the second does.

use std::io::{Write, stderr};
use std::path::Path;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// From now on the first signal ends at most Terraform, which also gets a terminal's Ctrl-C and stops
/// in order: the run goes on to one of its outcomes. The second ends the run at once. `directory` is
/// Terraform's.
pub(super) fn finish_despite_signal(directory: &Path) {
    // Without handlers the first signal ends the run as SIGKILL does, and the next run goes on from there.
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    let directory = directory.display().to_string();
    std::thread::spawn(move || {
        let mut signals = signals.forever();
        if signals.next().is_none() {
            return;
        }
        let _ = writeln!(
            stderr(),
            "note: `live` is moving: the run continues until the move is verified or rolled back; a second signal \
             ends it at once"
        );
        if let Some(again) = signals.next() {
            let _ = writeln!(
                stderr(),
                "error: interrupted while `live` was moving: the live release may not be verified\n  \
                 help: run the same command again, or go back to the release that was verified last: \
                 publisher reconcile --repair --terraform {directory}"
            );
            std::process::exit(128 + again);
        }
    });
}
