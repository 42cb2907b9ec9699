//! `publisher follow`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use super::options::{BucketOptions, milliseconds};
use super::output::{explain, print_json, print_line, progress};
use crate::store::{Brought, Bucket, Failure, Source, block_on, bring};

/// Keep a directory at the newest release in S3, for a reader that serves it
#[derive(Debug, Args)]
#[command(after_help = "\
Looks again and again, and downloads what is new, every byte compared with its digest. The
directory is replaced as a whole, so `reader DIR` serves each release from the next request on. A
failure leaves the directory unchanged; it is reported once, and the next look tries again. Stop it
with Ctrl-C or SIGTERM.

CHANNEL is `live`, the release that was verified last, or `newest`, the one that was uploaded last,
for a bucket without a Lambda function. AWS_ENDPOINT_URL selects an S3-compatible server.

Example:
  publisher follow newest --bucket acme-releases -o /srv/coldpress/release")]
pub(super) struct Follow {
    /// Which release
    #[arg(value_name = "CHANNEL")]
    channel: Channel,
    #[command(flatten)]
    bucket: BucketOptions,
    /// Directory to keep
    #[arg(short, long, value_name = "DIR", default_value = "dist", value_hint = ValueHint::DirPath)]
    output: PathBuf,
    /// Milliseconds between two looks
    #[arg(long, value_name = "MS", default_value = "10000", value_parser = milliseconds)]
    pause: Duration,
    /// Look once, and fail if that fails
    #[arg(long)]
    once: bool,
    /// No progress and no messages except problems
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Channel {
    Live,
    Newest,
}

impl Follow {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let bucket = self.bucket.bucket().await?;
            if self.once {
                let brought = self.look(&bucket, None).await.map_err(explain)?;
                return self.report(brought.as_ref());
            }
            let (mut has, mut said) = (None, String::new());
            loop {
                match self.look(&bucket, has.as_deref()).await {
                    Ok(Some(brought)) => {
                        self.report(Some(&brought))?;
                        (has, said) = (Some(brought.release), String::new());
                    }
                    Ok(None) => said.clear(),
                    Err(failure) => {
                        let error = format!("error: {}", explain(failure));
                        if error != said {
                            print_line(&error);
                            said = error;
                        }
                    }
                }
                tokio::time::sleep(self.pause).await;
            }
        })?
    }

    /// What the channel names now, if it is not what the directory `has`.
    async fn look(&self, bucket: &Bucket, has: Option<&str>) -> Result<Option<Brought>, Failure> {
        let source = match self.channel {
            Channel::Live => Source::Live,
            Channel::Newest => Source::Newest,
        };
        let progress = progress(self.quiet);
        let brought = bring(bucket, source, has, &self.output, &progress).await;
        progress.finish();
        brought
    }

    fn report(&self, brought: Option<&Brought>) -> anyhow::Result<ExitCode> {
        let Some(brought) = brought else {
            if !self.quiet {
                print_line("there is no release yet");
            }
            return Ok(ExitCode::SUCCESS);
        };
        if !self.quiet {
            let what = if brought.downloaded { "brought" } else { "has already" };
            print_line(&format!("{}: {what} release {}", self.output.display(), brought.release));
        }
        print_json(brought)
    }
}
