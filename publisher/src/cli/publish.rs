//! `publisher publish`

use std::path::PathBuf;
use std::process::ExitCode;

use catalog::PACKAGE_FILE;

use super::arguments::{Argument, Arguments};
use super::{Where, explain, print_json};
use super::{help, print, say};
use crate::store::{Local, Session, block_on, publish};
use builder::count::count;
use builder::progress::Progress;

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (mut place, mut release, mut package) = (Where::of("publish"), PathBuf::from("dist"), None);
    let (mut without_record, mut quiet) = (false, false);
    let known = [
        Where::OPTIONS[0],
        Where::OPTIONS[1],
        ("release", None),
        ("package", None),
        ("without-record", None),
        ("quiet", Some('q')),
    ];
    while let Some(argument) = arguments.next(&known)? {
        match argument {
            Argument::Option("bucket") => place.bucket(arguments.text()?),
            Argument::Option("terraform") => place.terraform(arguments.value()?),
            Argument::Option("release") => release = arguments.value()?.into(),
            Argument::Option("package") => package = Some(PathBuf::from(arguments.value()?)),
            Argument::Option("without-record") => without_record = true,
            Argument::Option(_) => quiet = true,
            Argument::Value(value) => return Err(arguments.unexpected(&value)),
            Argument::Help => return print(help::PUBLISH),
        }
    }
    let package = package.unwrap_or_else(|| release.join(PACKAGE_FILE));
    let target = place.target()?;
    let progress = if quiet { Progress::quiet() } else { Progress::stderr() };
    let published = Local::open(&release, &package, &progress).and_then(|local| {
        block_on(async {
            let session = Session::load().await;
            publish(&session, &target, &local, without_record, &progress).await
        })
        .unwrap_or_else(|error| {
            Err(crate::store::Failure::Io { tried: "can't wait for the network".into(), error })
        })
    });
    progress.finish();
    let published = published.map_err(explain)?;
    if !quiet {
        say(&format!(
            "published {}{}: {} written, {} already there",
            published.release,
            if published.recorded { "" } else { " without its record" },
            count(published.written.len(), "object"),
            published.unchanged.len(),
        ));
    }
    print_json(&published)
}
