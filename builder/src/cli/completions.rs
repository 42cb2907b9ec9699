//! `builder completions`

use std::io::Write;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

/// Print a shell's completion script
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  builder completions bash > ~/.local/share/bash-completion/completions/builder
  builder completions zsh > ~/.zfunc/_builder
  builder completions fish > ~/.config/fish/completions/builder.fish")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, parser: clap::Command) -> anyhow::Result<ExitCode> {
        self.shell.print_script(parser)
    }
}

/// A shell that a completion script can be written for.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[allow(missing_docs)] // their names are what they are
pub enum Shell {
    Bash,
    Zsh,
    Fish,
}

impl Shell {
    /// Prints the script for the program that `parser` is of. Errors: those of writing.
    pub fn print_script(self, mut parser: clap::Command) -> anyhow::Result<ExitCode> {
        use clap_complete::{Shell as Script, generate};
        let script = match self {
            Self::Bash => Script::Bash,
            Self::Zsh => Script::Zsh,
            Self::Fish => Script::Fish,
        };
        let name = parser.get_name().to_owned();
        let mut text = vec![];
        generate(script, &mut parser, name, &mut text);
        std::io::stdout().write_all(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
