//! `builder check`

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::anyhow;

use super::arguments::{Argument, Arguments, unknown};
use super::build::Write;
use super::{FOUND, help, print, say};
use crate::check::{Checked, check, load_descriptors};
use crate::count::count;
use crate::diff::gate::{self, Shrink};
use crate::diff::{ReleaseRef, compare};
use crate::history::PublishedVersions;
use crate::progress::Progress;
use datapackage::finding::{Severity, github, json, text};

const FORMATS: [(&str, Write); 3] = [("text", text::write), ("github", github::write), ("json", json::write)];

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (mut datasets, mut write, mut quiet) = (None, FORMATS[0].1, false);
    let (mut against, mut shrink, mut shrink_given) = (None::<OsString>, Shrink::default(), None);
    let known = [
        ("format", None),
        ("against", None),
        ("max-shrink", None),
        ("allow-shrink", None),
        ("quiet", Some('q')),
    ];
    while let Some(argument) = arguments.next(&known)? {
        match argument {
            Argument::Option("format") => write = format(&arguments.text()?)?,
            Argument::Option("against") => against = Some(arguments.value()?),
            Argument::Option("max-shrink") => {
                shrink.most = percent(&arguments.text()?)?;
                shrink_given = Some("max-shrink");
            }
            Argument::Option("allow-shrink") => {
                shrink.allowed.insert(arguments.text()?);
                shrink_given = Some("allow-shrink");
            }
            Argument::Option(_) => quiet = true,
            Argument::Value(value) => arguments.place(&mut datasets, value)?,
            Argument::Help => return print(help::CHECK),
        }
    }
    let datasets = datasets.unwrap_or_else(|| "datasets".into());
    let progress = if quiet { Progress::quiet() } else { Progress::stderr() };
    let checked = match (against, shrink_given) {
        (Some(against), _) => check_against(&datasets, &against, &shrink, &progress),
        (None, Some(option)) => {
            Err(anyhow!("`--{option}` says how much may be lost since `--against` what?"))
        }
        (None, None) => Ok(check(&datasets, &progress)?),
    };
    progress.finish();
    let checked = checked?;
    write_findings(write, &checked)?;
    say_summary(&checked, quiet);
    Ok(if checked.findings.has_errors() { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

/// The check and, where the datasets have no errors, the gate.
fn check_against(
    datasets: &Path,
    against: &OsStr,
    shrink: &Shrink,
    progress: &Progress,
) -> anyhow::Result<Checked> {
    let (mut checked, new) = ReleaseRef::build(datasets, progress)?;
    let Some(new) = new else { return Ok(checked) };
    let old = ReleaseRef::find(against, datasets, progress)?;
    let tables: BTreeSet<&str> = old.table_names().chain(new.table_names()).collect();
    let tables = Vec::from_iter(tables);
    if let Some(name) = shrink.allowed.iter().find(|name| !tables.contains(&name.as_str())) {
        return Err(unknown("table", name, &tables).context("`--allow-shrink`"));
    }
    let comparison = compare(&old, &new, progress)?;
    let (loaded, _) = load_descriptors(datasets)?;
    let published = PublishedVersions::new(datasets, &old);
    let found = gate::check(&comparison, datasets, &loaded, shrink, &|dataset, version| {
        published.find(dataset, version, progress)
    })?;
    found.into_iter().for_each(|finding| checked.findings.push(finding));
    checked.findings.sort();
    Ok(checked)
}

fn percent(text: &str) -> anyhow::Result<f64> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>().ok();
    number.filter(|percent| (0.0..=100.0).contains(percent)).ok_or_else(|| {
        anyhow!("`--max-shrink` takes a percentage from 0 to 100, such as 20; what is `{text}`?")
    })
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
