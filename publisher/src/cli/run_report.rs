//! The output of a run with Terraform's applies in it: a line for each step, and one for the end.

use std::io::Write;
use std::process::ExitCode;

use serde_json::Value;

use super::output::{PROBLEMS, print_json, print_line, print_problems};
use crate::deploy::{Outcome, RunOutcome, RunReporter, result_line};

/// Prints each step's result on stdout as the step ends.
pub(super) struct StepPrinter;

impl RunReporter for StepPrinter {
    fn step_ended(&mut self, result: &Value, problems: &[String]) {
        // The reader of stdout may be gone; a release under way goes on.
        let _ = writeln!(std::io::stdout(), "{result}");
        print_problems(result.get("step").and_then(Value::as_str).unwrap_or_default(), problems);
    }

    fn note(&mut self, line: &str) {
        print_line(line);
    }
}

/// Prints how the run ended, on stderr in words and on stdout as its last line. Exit code 1 if a
/// check found problems, 2 if a step failed and nothing live was touched.
pub(super) fn print_outcome(command: &str, run: &RunOutcome) -> anyhow::Result<ExitCode> {
    let ok = matches!(run.outcome, Outcome::Released | Outcome::Unchanged);
    print_problems(command, &run.problems);
    print_line(&format!("{}{command}: {}", if ok { "" } else { "error: " }, sentence(run)));
    if let Some(help) = &run.help {
        print_line(&format!("  help: {help}"));
    }
    print_json(&result_line(command, ok, run))?;
    Ok(match ok {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(if run.failed { 2 } else { PROBLEMS }),
    })
}

fn sentence(run: &RunOutcome) -> String {
    let release = run.release.as_deref().unwrap_or("none");
    match run.outcome {
        Outcome::Released => format!("release {release} is live and verified"),
        Outcome::Unchanged if run.release.is_none() => "no release is live yet".into(),
        Outcome::Unchanged => format!("release {release} was live and verified already; nothing changed"),
        Outcome::Stopped => "stopped before anything live was touched".into(),
        Outcome::RolledBack => format!(
            "release {release} failed; release {}, which was verified before, is live and verified again",
            run.back_to.as_deref().unwrap_or("none")
        ),
        Outcome::FailedLive => match &run.live_version {
            None => format!("release {release} failed; Lambda did not answer what is live"),
            Some(versions) => {
                let live: Vec<String> =
                    versions.iter().map(|(region, version)| format!("{region}: {version}")).collect();
                format!("release {release} failed; live version, not verified: {}", live.join(", "))
            }
        },
    }
}
