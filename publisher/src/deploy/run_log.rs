//! The log of runs: how each release, rollback and repair ended, in the log group that `terraform/service` makes. A filter
//! counts the successes there, and an alarm tells when none came for long: what stops these runs, such as a schedule that
//! GitHub ended, can't report itself.

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use serde_json::json;

use super::outcome::RunOutcome;
use crate::store::{AwsErrorKind, Failure, Session, Target};

/// The one stream of the group; jobs that move `live` run one after another.
const STREAM: &str = "runs";

/// The group's name (`terraform/modules/service/runs.tf`).
fn group(function: &str) -> String {
    format!("/coldpress/{function}")
}

/// Writes how a run of `command` ended. Errors: CloudWatch Logs does not take it.
pub async fn log_run(
    session: &Session,
    target: &Target,
    command: &str,
    run: &RunOutcome,
) -> Result<(), Failure> {
    let (Some(function), Some(region)) = (
        target.function.as_deref(),
        target.locations.first().and_then(|location| location.region.as_deref()),
    ) else {
        return Ok(());
    };
    let group = group(function);
    let logs = session.logs(region)?;
    let message = json!({"command": command, "release": run.release, "outcome": run.outcome});
    match put(&logs, &group, &message.to_string()).await {
        Err(Failure::Aws { kind: AwsErrorKind::Missing, .. }) => {
            create_stream(&logs, &group).await?;
            put(&logs, &group, &message.to_string()).await
        }
        done => done,
    }
}

async fn put(logs: &Client, group: &str, message: &str) -> Result<(), Failure> {
    let now = jiff::Timestamp::now().as_millisecond();
    let tried = || format!("write to the log {group}");
    let event = InputLogEvent::builder().timestamp(now).message(message).build();
    let event = event.map_err(|error| Failure::refused(error.to_string(), "this is a fault of publisher"))?;
    let request = logs.put_log_events().log_group_name(group).log_stream_name(STREAM).log_events(event);
    request.send().await.map(drop).map_err(|error| Failure::aws(tried(), error))
}

async fn create_stream(logs: &Client, group: &str) -> Result<(), Failure> {
    let request = logs.create_log_stream().log_group_name(group).log_stream_name(STREAM);
    request.send().await.map(drop).map_err(|error| Failure::aws(format!("begin the log {group}"), error))
}
