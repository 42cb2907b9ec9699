//! `publisher deploy release`, and `rollback` and `reconcile` with `--apply`: what runs Terraform.

use std::io::Write;
use std::process::ExitCode;

use serde_json::Value;

use super::print_json;
use super::{FOUND, say};
use crate::deploy::{Ended, Outcome, Report, line};

/// Each step's result on stdout as it ends.
pub(super) struct Lines;

impl Report for Lines {
    fn step(&mut self, result: &Value, problems: &[String]) {
        // Whoever read it may be gone; a release that is under way goes on.
        let _ = writeln!(std::io::stdout(), "{result}");
        let step = result.get("step").and_then(Value::as_str).unwrap_or_default();
        for problem in problems {
            say(&format!("error: {step}: {problem}"));
        }
    }

    fn say(&mut self, line: &str) {
        say(line);
    }
}

/// The end's line on stdout, the end in words on stderr. Exit code 1 where something is wrong, 2 where
/// it could not be found out and nothing live was touched.
pub(super) fn finish(step: &str, ended: &Ended) -> anyhow::Result<ExitCode> {
    let ok = matches!(ended.outcome, Outcome::Released | Outcome::Unchanged);
    for problem in &ended.problems {
        say(&format!("error: {step}: {problem}"));
    }
    let release = ended.release.as_deref().unwrap_or("none");
    let end = match ended.outcome {
        Outcome::Released => format!("release {release} is live and proven"),
        Outcome::Unchanged if ended.release.is_none() => "no release is live yet".into(),
        Outcome::Unchanged => format!("release {release} is live and proven already; nothing was changed"),
        Outcome::Stopped => "stopped before anything that is live was touched".into(),
        Outcome::Back => format!(
            "release {release} failed; release {}, which was proven before, is live and proven again",
            ended.back_to.as_deref().unwrap_or("none")
        ),
        Outcome::Left => match &ended.live_version {
            None => format!("release {release} failed; Lambda could not be asked what is live"),
            Some(versions) => {
                let live: Vec<String> =
                    versions.iter().map(|(region, version)| format!("{region}: {version}")).collect();
                format!("release {release} failed; version that is live, unproven: {}", live.join(", "))
            }
        },
    };
    say(&format!("{}{step}: {end}", if ok { "" } else { "error: " }));
    if let Some(help) = &ended.help {
        say(&format!("  help: {help}"));
    }
    print_json(&line(step, ok, ended))?;
    Ok(match ok {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(if ended.failed { 2 } else { FOUND }),
    })
}
