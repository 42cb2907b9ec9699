//! Findings on stdout, and their summary on stderr.

use std::io::{self, BufWriter, Write as _};

use clap::ValueEnum;
use datapackage::finding::{Findings, Severity, github, groups, json, text};

use super::output::{print_line, written};
use crate::check::Checked;
use crate::count::count;

/// How findings are printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    Text,
    Github,
    Json,
}

impl Format {
    fn write(self, out: &mut dyn io::Write, findings: &Findings) -> io::Result<()> {
        match self {
            Self::Text => text::write(out, &groups(findings)),
            Self::Github => github::write(out, &groups(findings)),
            Self::Json => json::write(out, findings.list()),
        }
    }
}

/// Writes the findings to stdout and their summary to stderr; with `quiet` the summary only if there are any.
/// Errors: those of writing.
pub(super) fn report(format: Format, checked: &Checked, quiet: bool) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    written(format.write(&mut out, &checked.findings).and_then(|()| out.flush()))?;
    let not_shown: Vec<_> = match format {
        Format::Text | Format::Github => checked.findings.in_no_group().collect(),
        Format::Json => checked.findings.not_kept().collect(),
    };
    for (path, more) in not_shown {
        print_line(&format!("note: {path}: {} not shown", count(more, "further problem")));
    }
    print_summary(checked, quiet);
    Ok(())
}

fn print_summary(checked: &Checked, quiet: bool) {
    let findings = &checked.findings;
    let (errors, warnings) = (findings.total(Severity::Error), findings.total(Severity::Warning));
    let of = format!("({}, {} checked)", count(checked.datasets, "dataset"), count(checked.rows, "row"));
    let files = count(findings.files(), "file");
    match (errors, warnings) {
        (0, 0) if quiet => {}
        (0, 0) => print_line(&format!("no problems {of}")),
        (0, _) => print_line(&format!("warning: {} in {files} {of}", count(warnings, "warning"))),
        (_, 0) => print_line(&format!("error: {} in {files} {of}", count(errors, "problem"))),
        _ => print_line(&format!(
            "error: {} and {} in {files} {of}",
            count(errors, "problem"),
            count(warnings, "warning")
        )),
    }
}
