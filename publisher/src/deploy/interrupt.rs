//! Ctrl-C and SIGTERM while `live` moves: half a move is not left by itself, unless somebody insists.

use std::io::{Write, stderr};
use std::path::Path;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// From now on the first signal ends no more than Terraform, which gets a terminal's Ctrl-C too and stops
/// in order: the run goes on to one of its ends. The second ends it as it is. `directory` is Terraform's.
pub(super) fn hold(directory: &Path) {
    // Where they can't be had, the first one ends it as SIGKILL does, and running it again goes on.
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    let directory = directory.display().to_string();
    std::thread::spawn(move || {
        let mut signals = signals.forever();
        if signals.next().is_none() {
            return;
        }
        let _ = writeln!(
            stderr(),
            "note: `live` is moving: this goes on until that is proven or taken back; a second signal ends it as it is"
        );
        if let Some(again) = signals.next() {
            let _ = writeln!(
                stderr(),
                "error: ended while `live` was moving: what is live may not be what was proven\n  \
                 help: run the same command again, or go back to what was proven last: \
                 publisher deploy reconcile --repair --apply --terraform {directory}"
            );
            std::process::exit(128 + again);
        }
    });
}
