//! Findings as annotations of a pull request (GitHub Actions, "Workflow commands").

use std::io::{self, Write};

use super::{Finding, Group, Severity};
use crate::count::grouped;

/// Writes `::error file=..,line=..,col=..,title=code::message`, one line for each finding that a group shows; the
/// last says how many more there are. GitHub itself shows ten of a step.
pub fn write(out: &mut dyn Write, groups: &[Group<'_>]) -> io::Result<()> {
    for Group { shown, more } in groups {
        for (index, finding) in shown.iter().enumerate() {
            annotation(out, finding, if index + 1 == shown.len() { *more } else { 0 })?;
        }
    }
    Ok(())
}

fn annotation(out: &mut dyn Write, finding: &Finding, more: u64) -> io::Result<()> {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    write!(out, "::{command} file={}", property(&finding.path))?;
    if let Some(line) = finding.line {
        write!(out, ",line={line}")?;
    }
    if let Some(column) = &finding.column {
        write!(out, ",col={}", column.number)?;
    }
    write!(out, ",title={}::{}", property(finding.code.name()), data(&finding.message))?;
    if more > 0 {
        write!(out, "{}", data(&format!("\nand {} more like it", grouped(more))))?;
    }
    if let Some(help) = &finding.help {
        write!(out, "{}", data(&format!("\nhelp: {help}")))?;
    }
    writeln!(out)
}

/// What would end the command or start another is percent-encoded.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// In a property also what would end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
