//! Findings for programs: one JSON array; its keys are documented in docs/findings.md.

use std::io::{self, Write};

use serde::Serialize;

use super::{Finding, Severity};

#[derive(Serialize)]
struct Row<'a> {
    path: &'a str,
    line: Option<u64>,
    column: Option<usize>,
    field: Option<&'a str>,
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
}

/// Writes an array with one object per line.
pub fn write(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    write!(out, "[")?;
    for (index, finding) in findings.iter().enumerate() {
        write!(out, "{}", if index == 0 { "\n  " } else { ",\n  " })?;
        serde_json::to_writer(
            &mut *out,
            &Row {
                path: &finding.path,
                line: finding.line,
                column: finding.column.as_ref().map(|column| column.number),
                field: finding.column.as_ref().map(|column| column.name.as_str()),
                code: finding.code.name(),
                severity: match finding.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                },
                message: &finding.message,
                help: finding.help.as_deref(),
            },
        )?;
    }
    writeln!(out, "{}]", if findings.is_empty() { "" } else { "\n" })
}
