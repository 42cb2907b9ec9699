//! `publisher list`

use std::fmt::Write;
use std::process::ExitCode;

use builder::count::count;
use clap::{Args, value_parser};

use super::options::BucketOptions;
use super::output::{explain, print_json, print_line, print_text};
use crate::store::{block_on, list};

/// List the releases in S3, newest first
#[derive(Debug, Args)]
#[command(after_help = "\
Shows each release's id, when it was uploaded, whether it is live or the previous one, its size and
its commit.

Example:
  publisher list --bucket acme-releases")]
pub(super) struct List {
    #[command(flatten)]
    bucket: BucketOptions,
    /// How many releases to list at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = value_parser!(u32).range(1..))]
    limit: u32,
    /// Print a JSON array of objects
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let (listed, total) = block_on(async {
            let bucket = self.bucket.bucket().await?;
            list(&bucket, self.limit as usize).await.map_err(explain)
        })??;
        if self.json {
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
        if total > listed.len() {
            print_line(&format!(
                "note: {} of {}; `--limit` shows more",
                listed.len(),
                count(total, "release")
            ));
        } else if total == 0 {
            print_line("no releases");
        }
        print_text(&text)
    }
}
