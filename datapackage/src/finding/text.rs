//! Findings for people: one line each, as compilers write them.

use std::io::{self, Write};

use super::{Finding, Group, Severity};
use crate::count::grouped;

/// Writes a line for each finding that a group shows and, indented, how many more there are and the help.
pub fn write(out: &mut dyn Write, groups: &[Group<'_>]) -> io::Result<()> {
    for Group { shown, more } in groups {
        for (index, finding) in shown.iter().enumerate() {
            writeln!(out, "{}", line(finding))?;
            let next = shown.get(index + 1);
            if next.is_none() && *more > 0 {
                writeln!(out, "  and {} more like it", grouped(*more))?;
            }
            // Once, where it is the same for several.
            if let Some(help) = &finding.help
                && next.is_none_or(|next| next.help.as_ref() != Some(help))
            {
                writeln!(out, "  help: {help}")?;
            }
        }
    }
    Ok(())
}

/// A finding as `path:line: [code] message`.
pub fn line(finding: &Finding) -> String {
    let line = finding.line.map(|line| format!("{line}:")).unwrap_or_default();
    let severity = match finding.severity {
        Severity::Error => "",
        Severity::Warning => "warning: ",
    };
    format!("{}:{line} [{}] {severity}{}", finding.path, finding.code, finding.message)
}
