//! `builder check`

use std::io::{self, BufWriter, Write as _};
use std::process::ExitCode;

use super::arguments::{Argument, Arguments, unknown};
use super::build::Write;
use super::{FOUND, help, print, say};
use crate::check::{Checked, check};
use crate::count::count;
use crate::finding::{Severity, github, json, text};
use crate::progress::Progress;

const FORMATS: [(&str, Write); 3] = [("text", text::write), ("github", github::write), ("json", json::write)];

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (mut datasets, mut write, mut quiet) = (None, FORMATS[0].1, false);
    while let Some(argument) = arguments.next(&[("format", None), ("quiet", Some('q'))])? {
        match argument {
            Argument::Option("format") => write = format(&arguments.text()?)?,
            Argument::Option(_) => quiet = true,
            Argument::Value(value) => arguments.place(&mut datasets, value)?,
            Argument::Help => return print(help::CHECK),
        }
    }
    let datasets = datasets.unwrap_or_else(|| "datasets".into());
    let progress = if quiet { Progress::quiet() } else { Progress::stderr() };
    let checked = check(&datasets, &progress);
    progress.finish();
    let checked = checked?;
    write_findings(write, &checked)?;
    say_summary(&checked, quiet);
    Ok(if checked.findings.has_errors() { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

fn format(name: &str) -> anyhow::Result<Write> {
    match FORMATS.iter().find(|(format, _)| *format == name) {
        Some((_, write)) => Ok(*write),
        None => Err(unknown("format", name, &FORMATS.map(|(format, _)| format))),
    }
}

/// Findings on stdout.
pub(super) fn write_findings(write: Write, checked: &Checked) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out, checked.findings.list())?;
    out.flush()
}

/// The last lines on stderr; with `quiet` nothing where nothing is wrong.
pub(super) fn say_summary(checked: &Checked, quiet: bool) {
    let findings = &checked.findings;
    for (path, more) in findings.not_kept() {
        say(&format!("note: {path}: {} not shown", count(more, "further problem")));
    }
    let (errors, warnings) = (findings.total(Severity::Error), findings.total(Severity::Warning));
    let of = format!("({}, {} checked)", count(checked.datasets, "dataset"), count(checked.rows, "row"));
    let files = count(findings.files(), "file");
    match (errors, warnings) {
        (0, 0) if quiet => {}
        (0, 0) => say(&format!("no problems {of}")),
        (0, _) => say(&format!("warning: {} in {files} {of}", count(warnings, "warning"))),
        (_, 0) => say(&format!("error: {} in {files} {of}", count(errors, "problem"))),
        _ => say(&format!(
            "error: {} and {} in {files} {of}",
            count(errors, "problem"),
            count(warnings, "warning")
        )),
    }
}
