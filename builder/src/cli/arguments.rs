//! Arguments, read strictly: whatever a command does not know is an error with a hint.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use anyhow::{anyhow, bail};
use lexopt::{Arg, Parser, ValueExt};

/// The arguments of one command.
pub(super) struct Arguments {
    parser: Parser,
    command: String,
}

/// One argument, after its name has been looked up among those that the command has.
pub(super) enum Argument {
    /// A long option's name, also where the short one was given.
    Option(&'static str),
    /// A positional argument.
    Value(OsString),
    /// `--help`
    Help,
}

impl Arguments {
    pub(super) fn new(arguments: impl Iterator<Item = OsString>) -> Self {
        Self { parser: Parser::from_args(arguments), command: String::new() }
    }

    /// The command, or an option that stands in its place; `None` where there are no arguments.
    pub(super) fn command(&mut self) -> anyhow::Result<Option<String>> {
        let command = match self.parser.next()? {
            None => return Ok(None),
            Some(Arg::Value(name)) => name.string()?,
            Some(Arg::Long(name)) => format!("--{name}"),
            Some(Arg::Short(name)) => format!("-{name}"),
        };
        self.command.clone_from(&command);
        Ok(Some(command))
    }

    /// The next argument; `options` are the long names that the command knows, with their short
    /// ones.
    pub(super) fn next(
        &mut self,
        options: &[(&'static str, Option<char>)],
    ) -> anyhow::Result<Option<Argument>> {
        let given = match self.parser.next()? {
            None => return Ok(None),
            Some(Arg::Value(value)) => return Ok(Some(Argument::Value(value))),
            Some(Arg::Long("help") | Arg::Short('h')) => return Ok(Some(Argument::Help)),
            Some(Arg::Long(name)) => match options.iter().find(|(long, _)| *long == name) {
                Some((long, _)) => return Ok(Some(Argument::Option(long))),
                None => format!("--{name}"),
            },
            Some(Arg::Short(name)) => match options.iter().find(|(_, short)| *short == Some(name)) {
                Some((long, _)) => return Ok(Some(Argument::Option(long))),
                None => format!("-{name}"),
            },
        };
        let known: Vec<String> = options.iter().map(|(long, _)| format!("--{long}")).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let error = unknown("option", &given, &known);
        Err(error.context(format!("`builder {}`", self.command)))
    }

    /// What stands behind a command that takes nothing or, with `one`, one word. Errors: more does.
    pub(super) fn alone(&mut self, one: bool) -> anyhow::Result<Option<OsString>> {
        let mut rest = self.parser.raw_args()?;
        let word = if one { rest.next() } else { None };
        match rest.next() {
            None => Ok(word),
            Some(other) => bail!("`builder {}`: what is `{}`?", self.command, other.display()),
        }
    }

    /// The value of the option that was just given. Errors: there is none.
    pub(super) fn value(&mut self) -> anyhow::Result<OsString> {
        Ok(self.parser.value()?)
    }

    /// As [`Arguments::value`], as text.
    pub(super) fn text(&mut self) -> anyhow::Result<String> {
        Ok(self.parser.value()?.string()?)
    }

    /// An error for a positional argument of a command that takes none.
    pub(super) fn unexpected(&self, value: &OsStr) -> anyhow::Error {
        anyhow!("`builder {}` takes options only; what is `{}`?", self.command, value.display())
    }

    /// Puts a positional argument into its place. Errors: the place is taken.
    pub(super) fn place(&self, place: &mut Option<PathBuf>, value: OsString) -> anyhow::Result<()> {
        if let Some(first) = place {
            bail!(
                "`builder {}` takes one path, and `{}` was given already; what is `{}`?",
                self.command,
                first.display(),
                value.display()
            );
        }
        *place = Some(value.into());
        Ok(())
    }
}

/// An error for a name that is none of `known`.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> anyhow::Error {
    match catalog::similar(name, known.iter().copied()) {
        Some(similar) => anyhow!("there is no {what} `{name}`; did you mean `{similar}`?"),
        None => anyhow!("there is no {what} `{name}`; there are {}", known.join(", ")),
    }
}
