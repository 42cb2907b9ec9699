//! `publisher releases`

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::anyhow;

use super::arguments::{Argument, Arguments};
use super::{Where, explain, print_json};
use super::{help, print, say};
use crate::store::{Session, block_on, list};
use builder::count::count;

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (mut place, mut limit, mut json) = (Where::of("releases"), 20, false);
    let known = [Where::OPTIONS[0], Where::OPTIONS[1], ("limit", None), ("json", None)];
    while let Some(argument) = arguments.next(&known)? {
        match argument {
            Argument::Option("bucket") => place.bucket(arguments.text()?),
            Argument::Option("terraform") => place.terraform(arguments.value()?),
            Argument::Option("limit") => {
                let text = arguments.text()?;
                limit = text.parse().ok().filter(|limit| *limit > 0).ok_or_else(|| {
                    anyhow!("`--limit` takes how many releases to list, from 1, not \"{text}\"")
                })?;
            }
            Argument::Option(_) => json = true,
            Argument::Value(value) => return Err(arguments.unexpected(&value)),
            Argument::Help => return print(help::RELEASES),
        }
    }
    let (listed, all) = block_on(async {
        let session = Session::load().await;
        let bucket = place.first(&session)?;
        list(&bucket, limit).await.map_err(explain)
    })??;
    if json {
        return print_json(&listed);
    }
    let mut text = String::new();
    for release in &listed {
        writeln!(
            text,
            "{}  {}  {:<8}  {}, {}, commit {}, {}",
            release.release,
            release.published,
            release.channel.unwrap_or_default(),
            count(release.tables, "table"),
            count(release.rows, "row"),
            release.commit.as_deref().map_or("none", |commit| &commit[..commit.len().min(12)]),
            release.architecture,
        )?;
    }
    if all > listed.len() {
        say(&format!("note: {} of {}; `--limit` shows more", listed.len(), count(all, "release")));
    } else if all == 0 {
        say("no releases");
    }
    print(&text)
}
