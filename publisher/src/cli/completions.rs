//! `publisher completions`

use std::io::Write;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

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

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

impl Completions {
    pub(super) fn run(self, mut parser: clap::Command) -> anyhow::Result<ExitCode> {
        use clap_complete::{Shell as Script, generate};
        let script = match self.shell {
            Shell::Bash => Script::Bash,
            Shell::Zsh => Script::Zsh,
            Shell::Fish => Script::Fish,
        };
        let mut text = vec![];
        generate(script, &mut parser, "publisher", &mut text);
        std::io::stdout().write_all(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
