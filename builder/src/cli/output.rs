//! What people read on stderr.

use std::io::{self, Write};

use crate::progress::Progress;

/// Prints a line on stderr. A closed stderr does not stop the program.
pub(super) fn print_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints an error with its causes on stderr.
pub fn print_error(error: &anyhow::Error) {
    print_line(&format!("error: {error:#}"));
}

/// What came of writing to stdout. A reader that needs no more, such as `head`, is no error.
pub fn written(result: io::Result<()>) -> io::Result<()> {
    result.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

/// Where a command's progress goes.
pub(super) fn progress(quiet: bool) -> Progress {
    if quiet { Progress::quiet() } else { Progress::stderr() }
}
