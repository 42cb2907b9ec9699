//! `publisher pull`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use serde_json::json;

use super::arguments::{Argument, Arguments};
use super::{Where, explain, print_json};
use super::{help, print, say};
use crate::store::channel::Channel;
use crate::store::{Session, block_on, pull};
use builder::progress::Progress;

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (mut place, mut name, mut output, mut quiet) =
        (Where::of("pull"), None, PathBuf::from("dist"), false);
    let mut if_any = false;
    let known =
        [Where::OPTIONS[0], Where::OPTIONS[1], ("if-any", None), ("output", Some('o')), ("quiet", Some('q'))];
    while let Some(argument) = arguments.next(&known)? {
        match argument {
            Argument::Option("bucket") => place.bucket(arguments.text()?),
            Argument::Option("terraform") => place.terraform(arguments.value()?),
            Argument::Option("if-any") => if_any = true,
            Argument::Option("output") => output = arguments.value()?.into(),
            Argument::Option(_) => quiet = true,
            Argument::Value(value) => {
                let value = value.to_string_lossy().into_owned();
                if let Some(first) = name.replace(value) {
                    bail!("`publisher pull` takes one release, and `{first}` was given already");
                }
            }
            Argument::Help => return print(help::PULL),
        }
    }
    let name =
        name.ok_or_else(|| anyhow!("`publisher pull` needs a release: an id, `live` or `previous`"))?;
    let progress = if quiet { Progress::quiet() } else { Progress::stderr() };
    let pulled = block_on(async {
        let session = Session::load().await;
        let bucket = place.first(&session)?;
        if if_any && Channel::load(&bucket).await.map_err(explain)?.is_none() {
            return Ok(None);
        }
        pull(&bucket, &name, &output, &progress).await.map(Some).map_err(explain)
    })?;
    progress.finish();
    let Some(pulled) = pulled? else {
        if !quiet {
            say("no release is live yet");
        }
        return print_json(&json!({"release": null}));
    };
    if !quiet {
        say(&format!(
            "pulled {} into {}: sha256 {}",
            pulled.release,
            output.display(),
            pulled.database.sha256
        ));
    }
    print_json(&pulled)
}
