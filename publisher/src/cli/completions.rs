//! `publisher completions`

use std::process::ExitCode;

use builder::cli::Shell;
use clap::Args;

/// Print a shell's completion script
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  publisher completions bash > ~/.local/share/bash-completion/completions/publisher
  publisher completions zsh > ~/.zfunc/_publisher
  publisher completions fish > ~/.config/fish/completions/publisher.fish")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, parser: clap::Command) -> anyhow::Result<ExitCode> {
        self.shell.print_script(parser)
    }
}
