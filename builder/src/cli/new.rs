//! `builder new`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueHint};

use super::output::print_line;
use crate::new::new;

/// Create a repository for data: an example dataset, a workflow and Terraform's files
#[derive(Debug, Args)]
#[command(after_help = "\
The repository has data and no code: its workflow and its Terraform files refer to Coldpress by the
version of this program. Nothing is downloaded. DIR must not exist yet, or be empty.

Example:
  builder new shop")]
pub(super) struct New {
    /// Where to create it; the directory's name becomes its title
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    directory: PathBuf,
    /// Don't print what comes next
    #[arg(short, long)]
    quiet: bool,
}

impl New {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let files = new(&self.directory)?;
        if !self.quiet {
            let directory = self.directory.display();
            print_line(&format!(
                "created `{directory}` with {} files; its README.md says what they are. Next:",
                files.len()
            ));
            if self.directory != Path::new(".") {
                print_line(&format!("  cd {directory}"));
            }
            print_line("  builder serve");
            print_line("  git init && git add --all && git commit -m \"The first data\"");
        }
        Ok(ExitCode::SUCCESS)
    }
}
