//! Findings as annotations of a pull request (GitHub Actions, "Workflow commands").

use std::io::{self, Write};

use super::{Finding, Severity};

/// Writes `::error file=..,line=..,col=..,title=code::message`, one line each.
pub fn write(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    for finding in findings {
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
        if let Some(help) = &finding.help {
            write!(out, "{}", data(&format!("\nhelp: {help}")))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What would end the command or start another is percent-encoded.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// In a property also what would end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
