//! Findings for people: one line each, as compilers write them.

use std::io::{self, Write};

use super::{Finding, Severity};

/// Writes `path:line: [code] message` and, indented, the help.
pub fn write(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    for finding in findings {
        write!(out, "{}:", finding.path)?;
        if let Some(line) = finding.line {
            write!(out, "{line}:")?;
        }
        let severity = match finding.severity {
            Severity::Error => "",
            Severity::Warning => "warning: ",
        };
        writeln!(out, " [{}] {severity}{}", finding.code, finding.message)?;
        if let Some(help) = &finding.help {
            writeln!(out, "  help: {help}")?;
        }
    }
    Ok(())
}
