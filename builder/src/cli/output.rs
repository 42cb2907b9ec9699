//! What people read on stderr.

use std::io::Write;

use crate::progress::Progress;

/// Prints a line on stderr. A closed stderr does not stop the program.
pub(super) fn print_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints an error with its causes on stderr.
pub fn print_error(error: &anyhow::Error) {
    print_line(&format!("error: {error:#}"));
}

/// Where a command's progress goes.
pub(super) fn progress(quiet: bool) -> Progress {
    if quiet { Progress::quiet() } else { Progress::stderr() }
}
