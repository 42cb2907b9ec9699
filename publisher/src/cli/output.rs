//! Results for programs on stdout, messages for people on stderr.

use std::io::Write;
use std::process::ExitCode;

use anyhow::anyhow;
use builder::progress::Progress;
use serde::Serialize;

use crate::deploy::result_line;
use crate::store::Failure;

/// Exit code 1: a check found problems.
pub(super) const PROBLEMS: u8 = 1;

/// Prints a line on stderr. A closed stderr is no reason to stop.
pub(super) fn print_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints an error with its causes on stderr.
pub fn print_error(error: &anyhow::Error) {
    print_line(&format!("error: {error:#}"));
}

/// Prints a result on stdout.
pub(super) fn print_json<T: Serialize>(result: &T) -> anyhow::Result<ExitCode> {
    print_text(&format!("{}\n", serde_json::to_string(result)?))
}

/// Prints text on stdout.
pub(super) fn print_text(text: &str) -> anyhow::Result<ExitCode> {
    builder::cli::written(std::io::stdout().write_all(text.as_bytes()))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a step's result on stdout and its problems on stderr; exit code 1 if there are any.
pub(super) fn print_step<T: Serialize>(
    step: &str,
    result: &T,
    problems: &[String],
) -> anyhow::Result<ExitCode> {
    print_json(&result_line(step, problems.is_empty(), result))?;
    print_problems(step, problems);
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(PROBLEMS) })
}

/// Prints a step's problems on stderr.
pub(super) fn print_problems(step: &str, problems: &[String]) {
    for problem in problems {
        print_line(&format!("error: {step}: {problem}"));
    }
}

/// A failure with what to do about it.
pub(super) fn explain(failure: Failure) -> anyhow::Error {
    let help = failure.help().map(|help| format!("\n  help: {help}")).unwrap_or_default();
    let causes = anyhow::Error::new(failure);
    anyhow!("{causes:#}{help}")
}

/// Where a command's progress goes.
pub(super) fn progress(quiet: bool) -> Progress {
    if quiet { Progress::quiet() } else { Progress::stderr() }
}
