//! `builder verify`

use std::io::Write;
use std::process::ExitCode;

use anyhow::anyhow;

use super::arguments::{Argument, Arguments};
use super::{FOUND, help, print, say};
use crate::count::count;
use crate::progress::Progress;
use crate::release::verify;

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (mut release, mut quiet) = (None, false);
    while let Some(argument) = arguments.next(&[("quiet", Some('q'))])? {
        match argument {
            Argument::Option(_) => quiet = true,
            Argument::Value(value) => arguments.place(&mut release, value)?,
            Argument::Help => return print(help::VERIFY),
        }
    }
    let release =
        release.ok_or_else(|| anyhow!("`builder verify` needs a release, such as `builder verify dist`"))?;
    let progress = if quiet { Progress::quiet() } else { Progress::stderr() };
    let verified = verify(&release, &progress);
    progress.finish();
    let verified = verified?;
    let mut out = std::io::stdout().lock();
    for mismatch in &verified.mismatches {
        writeln!(out, "{mismatch}")?;
    }
    if !verified.mismatches.is_empty() {
        say(&format!("error: {} in {}", count(verified.mismatches.len(), "mismatch"), release.display()));
        return Ok(ExitCode::from(FOUND));
    }
    if !quiet {
        let rows: u64 = verified.manifest.tables.iter().map(|table| table.rows).sum();
        say(&format!(
            "verified {}: {}, {}, sha256 {}",
            release.display(),
            count(verified.manifest.tables.len(), "table"),
            count(rows, "row"),
            verified.manifest.database.sha256
        ));
    }
    Ok(ExitCode::SUCCESS)
}
