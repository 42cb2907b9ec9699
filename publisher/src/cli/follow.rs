//! `publisher follow`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use super::options::{BucketOptions, milliseconds};
use super::output::{explain, print_json, print_line, progress};
use crate::store::{Brought, Bucket, Failure, Source, block_on, bring, copy};

/// Keep a directory at the newest release, for a reader that serves it
#[derive(Debug, Args)]
#[command(after_help = "\
Looks again and again, and downloads what is new, every byte compared with its digest. The
directory is replaced as a whole, so `reader DIR` serves each release from the next request on. A
failure leaves the directory unchanged; it is reported once, and the next look tries again. Stop it
with Ctrl-C or SIGTERM.

CHANNEL is `live`, the release that was verified last, or `newest`, the one that was uploaded last,
for a bucket without a Lambda function. AWS_ENDPOINT_URL selects an S3-compatible server.

Examples:
  publisher follow newest --bucket acme-releases -o /srv/coldpress/release
  publisher follow --from /mnt/releases/shop -o /srv/coldpress/release")]
pub(super) struct Follow {
    /// Which release in the bucket
    #[arg(value_name = "CHANNEL", required_unless_present = "from", conflicts_with = "from")]
    channel: Option<Channel>,
    #[command(flatten)]
    place: PlaceOptions,
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

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct PlaceOptions {
    /// Bucket; REGION=NAME if it is not in AWS_REGION
    #[arg(long, value_name = "NAME")]
    bucket: Option<String>,
    /// Directory of Terraform's roots, whose first bucket is used
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    terraform: Option<PathBuf>,
    /// Directory of a release, as `builder build` writes it
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    from: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Channel {
    Live,
    Newest,
}

/// Where releases come from.
enum Place {
    Bucket(Bucket, Source),
    Directory(PathBuf),
}

impl Follow {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let place = self.place().await?;
            if self.once {
                let brought = self.look(&place, None).await.map_err(explain)?;
                return self.report(brought.as_ref());
            }
            let (mut has, mut said) = (None, String::new());
            loop {
                match self.look(&place, has.as_deref()).await {
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

    async fn place(&self) -> anyhow::Result<Place> {
        let PlaceOptions { bucket, terraform, from } = &self.place;
        if let Some(from) = from {
            return Ok(Place::Directory(from.clone()));
        }
        let source = match self.channel {
            Some(Channel::Live) => Source::Live,
            // A bucket requires a channel.
            Some(Channel::Newest) | None => Source::Newest,
        };
        let options = BucketOptions { bucket: bucket.clone(), terraform: terraform.clone() };
        Ok(Place::Bucket(options.bucket().await?, source))
    }

    /// What is to be served now, if it is not what the directory `has`.
    async fn look(&self, place: &Place, has: Option<&str>) -> Result<Option<Brought>, Failure> {
        let progress = progress(self.quiet);
        let brought = match place {
            Place::Bucket(bucket, source) => bring(bucket, *source, has, &self.output, &progress).await,
            Place::Directory(from) => copy(from, has, &self.output, &progress),
        };
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
