//! Runs the program `terraform`. Its output for people goes to stderr as it comes; results are read
//! as JSON.
//!
//! A plan is written, checked, and applied exactly as it was checked: nothing here applies without one.

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;

use tempfile::TempDir;

use super::events::PlanEvents;
use super::plan::{ApplyPhase, PlanCheck, check_plan_json, evaluate};
use super::settings::settings_file;
use super::variables::Outputs;
use crate::store::Failure;

/// How long to wait for the state's lock: long enough for an apply that is about to end, not for one that hangs.
const LOCK_TIMEOUT: &str = "-lock-timeout=30s";

/// The variable that names the directory in which Terraform keeps providers from one `init` to the next.
const PLUGIN_CACHE: &str = "TF_PLUGIN_CACHE_DIR";

/// Terraform in one directory.
pub struct Terraform {
    directory: PathBuf,
    // Whose state this should be; `None` where no function is there yet.
    function: Option<String>,
    // Plans contain all that Terraform knows: only this user may read them, and they are deleted with it.
    scratch: TempDir,
}

/// What a plan takes for the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanFrom {
    /// What AWS has: Terraform reads each resource.
    Aws,
    /// What Terraform's state has, if AWS is known to have the same.
    State,
}

/// Why a run of Terraform failed.
#[derive(Debug)]
pub struct TerraformError {
    /// How it failed, by what to do about it.
    pub kind: TerraformErrorKind,
    /// The problem, and what to do.
    pub failure: Failure,
}

/// The ways in which a run of Terraform fails, by what to do about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TerraformErrorKind {
    /// There is no `terraform` on the PATH.
    Absent,
    /// `terraform init` has to run, or run again.
    NotInitialised,
    /// Another run holds the state's lock.
    Locked,
    /// Another run applied something after the plan was made.
    Stale,
    /// The state has resources under earlier names, or as another version of the provider wrote them, in a module that
    /// was not planned.
    NotPlanned,
    /// AWS does not know the credentials any longer; a part of the plan may be applied, and the lock left behind.
    Credentials,
    /// AWS refuses a value in Terraform's files, such as more memory than the account may use; a part of the plan may be
    /// applied.
    Setting,
    /// Something else; it may have applied a part of the plan.
    Other,
}

impl TerraformErrorKind {
    /// Whether an apply that failed this way changed nothing.
    pub fn changed_nothing(self) -> bool {
        !matches!(self, Self::Credentials | Self::Setting | Self::Other)
    }

    fn of(output: &str) -> Self {
        let uninitialised = [
            "Backend initialization required",
            "Initialization required",
            "Required plugins are not installed",
            "Inconsistent dependency lock file",
            "Module not installed",
        ];
        // The codes of S3, and of the other services, for credentials that were right at the start.
        let expired =
            ["ExpiredToken", "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"];
        // Lambda's codes for a value that it does not take, and for more of them than a request may have.
        let refused =
            ["InvalidParameterValueException", "ValidationException", "RequestEntityTooLargeException"];
        match () {
            // A lock that is not acquired for this reason is held by nobody.
            () if expired.iter().any(|code| output.contains(code)) => Self::Credentials,
            () if output.contains("Error acquiring the state lock") => Self::Locked,
            () if output.contains("Saved plan is stale") => Self::Stale,
            // The second is `terraform show`'s, which takes the whole state (hashicorp/terraform, issue 23297).
            () if output.contains("Moved resource instances excluded by targeting")
                || output.contains("error marshaling prior state") =>
            {
                Self::NotPlanned
            }
            () if refused.iter().any(|code| output.contains(code)) => Self::Setting,
            () if uninitialised.iter().any(|sentence| output.contains(sentence)) => Self::NotInitialised,
            () => Self::Other,
        }
    }
}

impl TerraformError {
    fn other(failure: Failure) -> Self {
        Self { kind: TerraformErrorKind::Other, failure }
    }
}

impl From<TerraformError> for Failure {
    fn from(error: TerraformError) -> Self {
        error.failure
    }
}

impl Terraform {
    /// Terraform in `directory`. Errors: no temporary directory.
    pub fn new(directory: &Path) -> Result<Self, Failure> {
        let scratch = tempfile::tempdir().map_err(|error| Failure::Io {
            tried: "can't create a directory for Terraform's plans".into(),
            error,
        })?;
        Ok(Self { directory: directory.to_owned(), function: None, scratch })
    }

    /// The same, whose state must be that of this function.
    #[must_use]
    pub fn with_function(self, function: Option<String>) -> Self {
        Self { function, ..self }
    }

    /// Its directory, where the variables are written.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Plans one of a release's applies, and checks the plan.
    pub fn plan(&self, phase: ApplyPhase, from: PlanFrom) -> Result<PlanCheck, TerraformError> {
        match self.plan_module(phase, from, Some(phase.target())) {
            // The first plan with files whose modules have other names than in the state, or after another version of
            // the provider: Terraform renames all or nothing, and reads anew what it plans. The check is as strict.
            Err(error) if error.kind == TerraformErrorKind::NotPlanned => self.plan_module(phase, from, None),
            planned => planned,
        }
    }

    fn plan_module(
        &self,
        phase: ApplyPhase,
        from: PlanFrom,
        target: Option<&str>,
    ) -> Result<PlanCheck, TerraformError> {
        let path = self.plan_file(phase);
        let mut plan = self.command("plan");
        plan.args(["-input=false", "-no-color", LOCK_TIMEOUT]).args(target);
        plan.args((from == PlanFrom::State).then_some("-refresh=false"));
        plan.arg(format!("-out={}", path.display()));
        match phase {
            // What it changes is enough to check it: that saves a run of Terraform.
            ApplyPhase::Candidate => self.run_plan(plan.arg("-json"), phase),
            // Where it moves `live` to is in the plan alone.
            ApplyPhase::Live => {
                self.run("plan", &mut plan)?;
                let mut show = self.command("show");
                let json = self.read("show", show.args(["-json", "-no-color"]).arg(&path))?;
                check_plan_json(&json, "terraform show -json", phase).map_err(TerraformError::other)
            }
        }
    }

    /// Applies the plan that was made last for this phase.
    pub fn apply(&self, phase: ApplyPhase) -> Result<(), TerraformError> {
        let mut apply = self.command("apply");
        self.run("apply", apply.args(["-input=false", "-no-color", LOCK_TIMEOUT]).arg(self.plan_file(phase)))
    }

    /// Initialises the directory, whose state is the object `key`. A directory for the cache of providers is made:
    /// Terraform refuses one that does not exist.
    pub fn init(&self, bucket: &str, key: &str, region: &str) -> Result<(), TerraformError> {
        if let Some(cache) = env::var_os(PLUGIN_CACHE).map(PathBuf::from) {
            std::fs::create_dir_all(&cache).map_err(|error| {
                let tried = format!("can't create `{}`, the value of {PLUGIN_CACHE}", cache.display());
                TerraformError::other(Failure::Io { tried, error })
            })?;
        }
        let mut init = self.command("init");
        init.args(["-input=false", "-no-color"]);
        for (name, value) in [("bucket", bucket), ("key", key), ("region", region)] {
            init.arg(format!("-backend-config={name}={value}"));
        }
        self.run("init", &mut init)
    }

    /// What `terraform output -json` prints.
    pub fn outputs_json(&self) -> Result<Vec<u8>, TerraformError> {
        self.read("output", self.command("output").args(["-json", "-no-color"]))
    }

    /// The outputs after the last apply, or `None` if nothing was ever applied.
    pub fn outputs(&self) -> Result<Option<Outputs>, TerraformError> {
        let json = self.outputs_json()?;
        if json.trim_ascii() == b"{}" {
            return Ok(None);
        }
        let outputs = Outputs::parse(&json, "terraform output -json").and_then(|outputs| {
            match &self.function {
                Some(own) if *own != outputs.function => Err(Failure::refused(
                    format!(
                        "Terraform's state is that of another deployment: it has {}, and not {own}",
                        outputs.function
                    ),
                    "run `publisher init` with the outputs of this deployment's bootstrap, then the same command again",
                )),
                _ => Ok(Some(outputs)),
            }
        });
        outputs.map_err(TerraformError::other)
    }

    fn plan_file(&self, phase: ApplyPhase) -> PathBuf {
        self.scratch.path().join(match phase {
            ApplyPhase::Candidate => "candidate.plan",
            ApplyPhase::Live => "live.plan",
        })
    }

    fn command(&self, command: &str) -> Command {
        let mut terraform = Command::new("terraform");
        terraform.arg(format!("-chdir={}", self.directory.display())).arg(command);
        terraform.env("TF_IN_AUTOMATION", "1").stdin(Stdio::null());
        terraform
    }

    /// Runs a command whose output is for people.
    fn run(&self, what: &str, command: &mut Command) -> Result<(), TerraformError> {
        let started = command.stdout(io::stderr()).stderr(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| self.not_started(what, error))?;
        let output = forward_stderr(&mut child);
        let status = child.wait().map_err(|error| self.not_started(what, error))?;
        self.check_status(what, status, &output)
    }

    /// Runs `terraform plan -json`; its events go to stderr as text.
    fn run_plan(&self, command: &mut Command, phase: ApplyPhase) -> Result<PlanCheck, TerraformError> {
        let started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| self.not_started("plan", error))?;
        let mut events = PlanEvents::default();
        let stdout = child.stdout.take();
        let (told, output) = thread::scope(|scope| {
            let told = scope.spawn(|| forward(stdout, |line| events.read(line) + "\n"));
            let output = forward_stderr(&mut child);
            (told.join().unwrap_or_default(), output)
        });
        let status = child.wait().map_err(|error| self.not_started("plan", error))?;
        self.check_status("plan", status, &(told + &output))?;
        let plan = events.finish().ok_or_else(|| {
            TerraformError::other(Failure::refused(
                format!(
                    "`terraform plan -json` in `{}` did not say that its plan is complete",
                    self.directory.display()
                ),
                "use a version of Terraform that terraform/release/versions.tf allows",
            ))
        })?;
        Ok(evaluate(&plan, phase))
    }

    /// Runs a command whose stdout is the result.
    fn read(&self, what: &str, command: &mut Command) -> Result<Vec<u8>, TerraformError> {
        let output = command.output().map_err(|error| self.not_started(what, error))?;
        let _ = io::stderr().write_all(&output.stderr);
        self.check_status(what, output.status, &String::from_utf8_lossy(&output.stderr))?;
        Ok(output.stdout)
    }

    fn not_started(&self, what: &str, error: io::Error) -> TerraformError {
        if error.kind() == ErrorKind::NotFound {
            let failure = Failure::refused(
                format!("can't run `terraform {what}`: there is no `terraform` on the PATH"),
                "install Terraform 1.11 or newer",
            );
            return TerraformError { kind: TerraformErrorKind::Absent, failure };
        }
        let tried = format!("can't run `terraform {what}` in `{}`", self.directory.display());
        TerraformError { kind: TerraformErrorKind::Other, failure: Failure::Io { tried, error } }
    }

    fn check_status(&self, what: &str, status: ExitStatus, output: &str) -> Result<(), TerraformError> {
        if status.success() {
            return Ok(());
        }
        let kind = TerraformErrorKind::of(output);
        let directory = self.directory.display();
        let ended = match status.code() {
            Some(code) => format!("exit code {code}"),
            None => "it was killed".into(),
        };
        let (reason, help) = match kind {
            TerraformErrorKind::NotInitialised => (
                "it is not initialised".to_owned(),
                "run `publisher init`, which reads the backend from bootstrap's outputs".to_owned(),
            ),
            TerraformErrorKind::Locked => {
                let lock = |name| field(output, name).unwrap_or("unknown");
                (
                    format!("{} has held the state's lock since {}", lock("Who:"), lock("Created:")),
                    format!(
                        "wait until that run ends and run the same command again; if it was killed, \
                         terraform -chdir={directory} force-unlock {}",
                        lock("ID:")
                    ),
                )
            }
            TerraformErrorKind::Stale => (
                "another run applied something after the plan was made".to_owned(),
                "run the same command again; only one run at a time may move `live`".to_owned(),
            ),
            TerraformErrorKind::Credentials => (
                "AWS does not know the credentials, or they have expired".to_owned(),
                "get new credentials and run the same command again; it may find the lock that this run could not \
                 release, and then prints the command that removes it"
                    .to_owned(),
            ),
            TerraformErrorKind::Setting => (
                "AWS refuses a value in its files, as the error above says".to_owned(),
                format!(
                    "change the setting that the error names, in {}, and run the same command again",
                    settings_file(&self.directory).display()
                ),
            ),
            TerraformErrorKind::Absent | TerraformErrorKind::NotPlanned | TerraformErrorKind::Other => (
                ended,
                "fix the errors that Terraform reports above, and run the same command again".to_owned(),
            ),
        };
        let failure = Failure::refused(format!("`terraform {what}` in `{directory}`: {reason}"), help);
        Err(TerraformError { kind, failure })
    }
}

/// Forwards a program's stderr to ours, and returns it.
fn forward_stderr(child: &mut Child) -> String {
    forward(child.stderr.take(), ToOwned::to_owned)
}

/// Forwards what a program writes to our stderr, each line as `text` makes it, and returns that.
fn forward(from: Option<impl Read>, mut text: impl FnMut(&str) -> String) -> String {
    let mut output = String::new();
    let Some(from) = from else { return output };
    let mut lines = BufReader::new(from);
    let mut line = vec![];
    while lines.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        let text = text(&String::from_utf8_lossy(&line));
        let _ = io::stderr().write_all(text.as_bytes());
        output.push_str(&text);
        line.clear();
    }
    output
}

/// The value of a field in the lock's description.
fn field<'a>(output: &'a str, name: &str) -> Option<&'a str> {
    output.lines().find_map(|line| Some(line.trim_start_matches(['│', ' ']).strip_prefix(name)?.trim()))
}
