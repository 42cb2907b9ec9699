//! Terraform, run as a program. What it says is for people and goes to stderr as it comes; what a
//! program needs of it is asked for as JSON.
//!
//! A plan is written, looked at, and applied as it was looked at: nothing here applies without one.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use tempfile::TempDir;

use super::variables::Outputs;
use super::{Backend, Checked, Step, plan};
use crate::store::Failure;

/// How long it waits for the state's lock: another run's apply that is about to end, not one that hangs.
const LOCK_TIMEOUT: &str = "-lock-timeout=30s";

/// Terraform in one directory.
pub struct Terraform {
    directory: PathBuf,
    // Plans hold everything that Terraform knows: they lie where nobody else reads, and go with it.
    scratch: TempDir,
}

/// Why it did not do what it was asked to.
#[derive(Debug)]
pub struct Error {
    /// In which of the ways that have a remedy.
    pub why: Refusal,
    /// What to say.
    pub failure: Failure,
}

/// The ways in which a run of Terraform fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not there.
    Absent,
    /// `terraform init` was not run, or has to be again.
    NotInitialised,
    /// Somebody else holds the state's lock.
    Locked,
    /// Somebody else applied something since the plan was made.
    Stale,
    /// Something else; it may have done a part of it.
    Other,
}

impl Refusal {
    /// Whether an apply that ended so changed nothing.
    pub fn before_it_began(self) -> bool {
        self != Self::Other
    }

    fn of(said: &str) -> Self {
        let uninitialised = [
            "Backend initialization required",
            "Initialization required",
            "Required plugins are not installed",
            "Inconsistent dependency lock file",
            "Module not installed",
        ];
        match () {
            () if said.contains("Error acquiring the state lock") => Self::Locked,
            () if said.contains("Saved plan is stale") => Self::Stale,
            () if uninitialised.iter().any(|sentence| said.contains(sentence)) => Self::NotInitialised,
            () => Self::Other,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        error.failure
    }
}

impl Terraform {
    /// Terraform in `directory`. Errors: there is no place for plans.
    pub fn new(directory: &Path) -> Result<Self, Failure> {
        let scratch = tempfile::tempdir().map_err(|error| Failure::Io {
            tried: "can't make a directory for Terraform's plans".into(),
            error,
        })?;
        Ok(Self { directory: directory.to_owned(), scratch })
    }

    /// Its directory, where the variables are written.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Plans, and says what the plan may not do in that step of a release.
    pub fn plan(&self, step: Step) -> Result<Checked, Error> {
        let path = self.plan_of(step);
        let mut plan = self.command("plan");
        plan.args(["-input=false", "-no-color", LOCK_TIMEOUT]).arg(format!("-out={}", path.display()));
        self.run("plan", &mut plan)?;
        let mut show = self.command("show");
        let json = self.ask("show", show.args(["-json", "-no-color"]).arg(&path))?;
        plan::check_json(&json, "terraform show -json", step)
            .map_err(|failure| Error { why: Refusal::Other, failure })
    }

    /// Applies the plan that was made last for that step.
    pub fn apply(&self, step: Step) -> Result<(), Error> {
        let mut apply = self.command("apply");
        self.run("apply", apply.args(["-input=false", "-no-color", LOCK_TIMEOUT]).arg(self.plan_of(step)))
    }

    /// Initialises the directory with that backend.
    pub fn init(&self, backend: &Backend) -> Result<(), Error> {
        let Backend { bucket, key, region } = backend;
        let mut init = self.command("init");
        init.args(["-input=false", "-no-color"]);
        for (name, value) in [("bucket", bucket), ("key", key), ("region", region)] {
            init.arg(format!("-backend-config={name}={value}"));
        }
        self.run("init", &mut init)
    }

    /// What `terraform output -json` prints.
    pub fn outputs_json(&self) -> Result<Vec<u8>, Error> {
        self.ask("output", self.command("output").args(["-json", "-no-color"]))
    }

    /// What was applied last, or `None` where nothing ever was.
    pub fn outputs(&self) -> Result<Option<Outputs>, Error> {
        let json = self.outputs_json()?;
        if json.trim_ascii() == b"{}" {
            return Ok(None);
        }
        let outputs = Outputs::parse(&json, "terraform output -json");
        outputs.map(Some).map_err(|failure| Error { why: Refusal::Other, failure })
    }

    fn plan_of(&self, step: Step) -> PathBuf {
        self.scratch.path().join(match step {
            Step::Candidate => "candidate.plan",
            Step::Live => "live.plan",
        })
    }

    fn command(&self, command: &str) -> Command {
        let mut terraform = Command::new("terraform");
        terraform.arg(format!("-chdir={}", self.directory.display())).arg(command);
        terraform.env("TF_IN_AUTOMATION", "1").stdin(Stdio::null());
        terraform
    }

    /// Runs it; what it prints for people is for people.
    fn run(&self, what: &str, command: &mut Command) -> Result<(), Error> {
        let started = command.stdout(io::stderr()).stderr(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| self.not_started(what, error))?;
        let said = pass_on(&mut child);
        let ended = child.wait().map_err(|error| self.not_started(what, error))?;
        self.ended(what, ended, &said)
    }

    /// Runs it; what it prints is an answer.
    fn ask(&self, what: &str, command: &mut Command) -> Result<Vec<u8>, Error> {
        let output = command.output().map_err(|error| self.not_started(what, error))?;
        let _ = io::stderr().write_all(&output.stderr);
        self.ended(what, output.status, &String::from_utf8_lossy(&output.stderr))?;
        Ok(output.stdout)
    }

    fn not_started(&self, what: &str, error: io::Error) -> Error {
        if error.kind() == ErrorKind::NotFound {
            let failure = Failure::refused(
                format!("`terraform {what}` can't be run: there is no `terraform` on the PATH"),
                "install Terraform 1.11 or newer",
            );
            return Error { why: Refusal::Absent, failure };
        }
        let tried = format!("can't run `terraform {what}` in `{}`", self.directory.display());
        Error { why: Refusal::Other, failure: Failure::Io { tried, error } }
    }

    fn ended(&self, what: &str, ended: ExitStatus, said: &str) -> Result<(), Error> {
        if ended.success() {
            return Ok(());
        }
        let why = Refusal::of(said);
        let directory = self.directory.display();
        let ended = match ended.code() {
            Some(code) => format!("ended with exit code {code}"),
            None => "was killed".into(),
        };
        let (reason, help) = match why {
            Refusal::NotInitialised => (
                "it is not initialised".to_owned(),
                "`make terraform-init` does it, with the backend that bootstrap's outputs name".to_owned(),
            ),
            Refusal::Locked => {
                let lock = |name| field(said, name).unwrap_or("unknown");
                (
                    format!("{} has held the state's lock since {}", lock("Who:"), lock("Created:")),
                    format!(
                        "wait for that run and run this again; where it is dead for sure: \
                         terraform -chdir={directory} force-unlock {}",
                        lock("ID:")
                    ),
                )
            }
            Refusal::Stale => (
                "somebody else applied something since the plan was made".to_owned(),
                "run this again; one run at a time may move `live`".to_owned(),
            ),
            Refusal::Absent | Refusal::Other => {
                (ended, "what it says stands above; run this again once that is mended".to_owned())
            }
        };
        let failure = Failure::refused(format!("`terraform {what}` in `{directory}`: {reason}"), help);
        Err(Error { why, failure })
    }
}

/// Passes on what a program says, and keeps it.
fn pass_on(child: &mut Child) -> String {
    let mut said = String::new();
    let Some(stderr) = child.stderr.take() else { return said };
    let mut lines = BufReader::new(stderr);
    let mut line = vec![];
    while lines.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        let _ = io::stderr().write_all(&line);
        said.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    said
}

/// What stands behind a name in the lock's description.
fn field<'a>(said: &'a str, name: &str) -> Option<&'a str> {
    said.lines().find_map(|line| Some(line.trim_start_matches(['│', ' ']).strip_prefix(name)?.trim()))
}
