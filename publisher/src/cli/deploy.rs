//! `publisher deploy STEP`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{anyhow, bail};
use catalog::PACKAGE_FILE;
use serde::Serialize;
use serde_json::json;

use super::arguments::{Argument, Arguments, unknown};
use super::{FOUND, help, print, say};
use super::{drive, explain, print_json};
use crate::deploy::{self, Driver, Function, Patience, Report as _, line};
use crate::store::{Bucket, Local, Session, Target, block_on, publish};
use crate::terraform::{self, Outputs, Source, Terraform, Versions};
use builder::progress::Progress;

const STEPS: [&str; 11] = [
    "init",
    "release",
    "prepare",
    "plan-check",
    "smoke",
    "promote",
    "verify",
    "promote-channel",
    "rollback",
    "reconcile",
    "prune",
];

/// How many answers a whole release asks for at the most: a hundred seconds of wrong ones, since a CDN
/// may keep an answer for the minute that the reader's Cache-Control allows.
const DRIVEN_TRIES: u32 = 200;

/// How long to wait after a wrong answer.
const PAUSE: Duration = Duration::from_millis(500);

/// The options of all steps; each takes those that it needs and refuses the others.
#[derive(Default)]
struct Options {
    given: Vec<&'static str>,
    terraform: Option<PathBuf>,
    release: Option<String>,
    from: Option<PathBuf>,
    to: Option<String>,
    plan_for: Option<String>,
    plan: Option<PathBuf>,
    urls: Vec<String>,
    outputs: Option<PathBuf>,
    tries: Option<u32>,
    pause: Option<Duration>,
    now: Option<i64>,
    bootstrap: Option<PathBuf>,
    variables_only: bool,
    as_applied: bool,
    repair: bool,
    apply: bool,
    dry_run: bool,
}

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let known = [
        ("terraform", None),
        ("release", None),
        ("from", None),
        ("to", None),
        ("for", None),
        ("url", None),
        ("outputs", None),
        ("tries", None),
        ("pause", None),
        ("now", None),
        ("bootstrap", None),
        ("variables-only", None),
        ("as-applied", None),
        ("repair", None),
        ("apply", None),
        ("dry-run", None),
    ];
    let (mut step, mut options) = (None, Options::default());
    while let Some(argument) = arguments.next(&known)? {
        match argument {
            Argument::Help => return print(help::DEPLOY),
            Argument::Value(value) if step.is_none() => step = Some(value.to_string_lossy().into_owned()),
            Argument::Value(value) => arguments.place(&mut options.plan, value)?,
            Argument::Option(name) => {
                options.given.push(name);
                match name {
                    "terraform" => options.terraform = Some(arguments.value()?.into()),
                    "release" => options.release = Some(arguments.text()?),
                    "from" => options.from = Some(arguments.value()?.into()),
                    "to" => options.to = Some(arguments.text()?),
                    "for" => options.plan_for = Some(arguments.text()?),
                    "url" => options.urls.push(arguments.text()?),
                    "outputs" => options.outputs = Some(arguments.value()?.into()),
                    "tries" => options.tries = Some(tries(&arguments.text()?)?),
                    "pause" => options.pause = Some(pause(&arguments.text()?)?),
                    "now" => options.now = Some(time(&arguments.text()?)?),
                    "bootstrap" => options.bootstrap = Some(arguments.value()?.into()),
                    "variables-only" => options.variables_only = true,
                    "as-applied" => options.as_applied = true,
                    "repair" => options.repair = true,
                    "apply" => options.apply = true,
                    _ => options.dry_run = true,
                }
            }
        }
    }
    let step = step.ok_or_else(|| anyhow!("`publisher deploy` needs a step: {}", STEPS.join(", ")))?;
    let Some(step) = STEPS.into_iter().find(|known| *known == step) else {
        return Err(unknown("step", &step, &STEPS));
    };
    options.only(step, takes(step, options.apply))?;
    match step {
        "init" => options.init(),
        "plan-check" => options.plan_check(),
        "prune" => block_on(options.prune())?,
        "release" => block_on(options.drive(step))?,
        "rollback" | "reconcile" if options.apply => block_on(options.drive(step))?,
        "prepare" if options.as_applied => block_on(options.prepare_as_applied())?,
        _ => block_on(options.with_release(step))?,
    }
}

fn takes(step: &str, apply: bool) -> &'static [&'static str] {
    match step {
        "init" => &["terraform", "bootstrap", "variables-only"],
        "release" => &["terraform", "release", "from", "url", "tries", "pause"],
        "rollback" if apply => &["terraform", "to", "apply", "url", "tries", "pause"],
        "reconcile" if apply => &["terraform", "repair", "apply", "url", "tries", "pause"],
        "prepare" => &["terraform", "release", "as-applied"],
        "smoke" | "promote" => &["terraform", "release"],
        "plan-check" => &["for"],
        "verify" | "promote-channel" => &["terraform", "release", "url", "outputs", "tries", "pause"],
        "rollback" => &["terraform", "to", "apply"],
        "reconcile" => &["terraform", "url", "outputs", "tries", "pause", "repair", "apply"],
        _ => &["terraform", "now", "dry-run"],
    }
}

impl Options {
    fn only(&self, step: &str, takes: &[&str]) -> anyhow::Result<()> {
        if let Some(other) = self.given.iter().find(|name| !takes.contains(name)) {
            let takes: Vec<String> = takes.iter().map(|name| format!("--{name}")).collect();
            bail!("`publisher deploy {step}` has no option `--{other}`; there are {}", takes.join(", "));
        }
        match &self.plan {
            Some(value) if step != "plan-check" => {
                bail!("`publisher deploy {step}` takes options only; what is `{}`?", value.display())
            }
            _ => Ok(()),
        }
    }

    fn terraform(&self) -> &Path {
        self.terraform.as_deref().unwrap_or(Path::new("terraform"))
    }

    async fn aws(&self) -> anyhow::Result<(Bucket, Vec<Function>)> {
        let target = Target::from_terraform(self.terraform()).map_err(explain)?;
        let session = Session::load().await;
        let place = target.places.first().ok_or_else(|| anyhow!("no bucket is named"))?;
        let bucket = session.bucket(place).map_err(explain)?;
        Ok((bucket, deploy::functions(&session, &target).map_err(explain)?))
    }

    fn named<'a>(&self, step: &str, value: &'a Option<String>, option: &str) -> anyhow::Result<&'a str> {
        value.as_deref().ok_or_else(|| {
            anyhow!("`publisher deploy {step}` needs `--{option} RELEASE`: an id, `live` or `previous`")
        })
    }

    /// The addresses to ask, those given or those in Terraform's outputs, and what is live by its state.
    fn addresses(&self, step: &str) -> anyhow::Result<(Vec<String>, Option<Versions>)> {
        match (&self.outputs, self.urls.as_slice()) {
            (Some(_), [_, ..]) => bail!("`publisher deploy {step}` takes `--url` or `--outputs`, not both"),
            (Some(path), []) => {
                let outputs = Outputs::load(path).map_err(explain)?;
                Ok((outputs.urls, outputs.live_version))
            }
            (None, []) if step != "reconcile" => {
                bail!(
                    "`publisher deploy {step}` needs `--url URL`, or `--outputs FILE` from `terraform output -json`"
                )
            }
            (None, urls) => Ok((urls.to_vec(), None)),
        }
    }

    fn patience(&self, tries: u32) -> Patience {
        Patience { tries: self.tries.unwrap_or(tries), pause: self.pause.unwrap_or(PAUSE) }
    }

    fn init(&self) -> anyhow::Result<ExitCode> {
        let source = match (&self.bootstrap, std::env::var("COLDPRESS_ACCOUNT")) {
            (Some(path), _) => Source::File(path.clone()),
            (None, Ok(text)) if !text.is_empty() => Source::Text(text),
            (None, _) => Source::Terraform,
        };
        let initialised =
            terraform::initialise(self.terraform(), &source, !self.variables_only).map_err(explain)?;
        finish("init", &initialised, &[])
    }

    fn plan_check(&self) -> anyhow::Result<ExitCode> {
        let step = match self.plan_for.as_deref() {
            Some("candidate") => terraform::Step::Candidate,
            Some("live") => terraform::Step::Live,
            Some(other) => return Err(unknown("apply", other, &["candidate", "live"])),
            None => bail!("`publisher deploy plan-check` needs `--for candidate` or `--for live`"),
        };
        let plan = self.plan.as_deref().ok_or_else(|| {
            anyhow!(
                "`publisher deploy plan-check` needs a plan, as `terraform show -json PLAN > FILE` writes it"
            )
        })?;
        let checked = terraform::check(plan, step).map_err(explain)?;
        finish("plan-check", &checked, &checked.problems)
    }

    async fn prune(&self) -> anyhow::Result<ExitCode> {
        let (_, functions) = self.aws().await?;
        let now = self.now.unwrap_or_else(|| jiff::Timestamp::now().as_second());
        let pruned = deploy::prune(&functions, now, self.dry_run).await.map_err(explain)?;
        finish("prune", &pruned, &[])
    }

    async fn driver<'a>(&self, report: &'a mut drive::Lines) -> anyhow::Result<Driver<'a>> {
        let (bucket, functions) = self.aws().await?;
        let terraform = Terraform::new(self.terraform()).map_err(explain)?;
        let patience = self.patience(DRIVEN_TRIES);
        Ok(Driver { bucket, functions, terraform, urls: self.urls.clone(), patience, report })
    }

    /// The whole way, Terraform's applies in it.
    async fn drive(&self, step: &str) -> anyhow::Result<ExitCode> {
        let name = match step {
            "release" if self.from.is_some() => "",
            "release" => self.named(step, &self.release, "release")?,
            "rollback" => self.named(step, &self.to, "to")?,
            _ if !self.repair => {
                bail!("`publisher deploy reconcile --apply` needs `--repair` too: what should it apply?")
            }
            _ => "",
        };
        let mut lines = drive::Lines;
        let published = match &self.from {
            Some(directory) => self.publish(directory, &mut lines).await?,
            None => name.to_owned(),
        };
        let name = published.as_str();
        let mut driver = self.driver(&mut lines).await?;
        let ended = match step {
            "release" => driver.release(name).await,
            "rollback" => driver.roll_back(name).await,
            _ => driver.reconcile().await,
        };
        drive::finish(step, &ended)
    }

    /// Publishes the release in a directory, or finds it there. Its id.
    async fn publish(&self, directory: &Path, lines: &mut drive::Lines) -> anyhow::Result<String> {
        if self.release.is_some() {
            bail!("`publisher deploy release` takes `--release` or `--from`, not both");
        }
        let target = Target::from_terraform(self.terraform()).map_err(explain)?;
        let progress = Progress::stderr();
        let local = Local::open(directory, &directory.join(PACKAGE_FILE), &progress).map_err(explain)?;
        let session = Session::load().await;
        let published = publish(&session, &target, &local, false, &progress).await;
        progress.finish();
        let published = published.map_err(explain)?;
        lines.step(&line("publish", true, &published), &[]);
        Ok(published.release)
    }

    async fn prepare_as_applied(&self) -> anyhow::Result<ExitCode> {
        if self.release.is_some() {
            bail!("`publisher deploy prepare` takes `--release` or `--as-applied`, not both");
        }
        let mut lines = drive::Lines;
        match self.driver(&mut lines).await?.as_applied().await.map_err(explain)? {
            Some(prepared) => finish("prepare", &prepared, &[]),
            None => finish("prepare", &json!({"release": null, "live_version": {}}), &[]),
        }
    }

    async fn with_release(&self, step: &str) -> anyhow::Result<ExitCode> {
        let patience = self.patience(100);
        let (urls, state) = match step {
            "verify" | "promote-channel" | "reconcile" => self.addresses(step)?,
            _ => (vec![], None),
        };
        let release = match step {
            "reconcile" => "",
            "rollback" => self.named(step, &self.to, "to")?,
            _ => self.named(step, &self.release, "release")?,
        };
        let (bucket, functions) = self.aws().await?;
        match step {
            "prepare" => {
                let prepared =
                    deploy::prepare(&bucket, &functions, release, self.terraform()).await.map_err(explain)?;
                finish(step, &prepared, &[])
            }
            "smoke" => {
                let smoke = deploy::smoke(&bucket, &functions, release).await.map_err(explain)?;
                finish(step, &smoke, &smoke.problems)
            }
            "promote" => {
                let promoted =
                    deploy::promote(&bucket, &functions, release, self.terraform()).await.map_err(explain)?;
                finish(step, &promoted, &[])
            }
            "verify" => {
                let verified = deploy::verify(&bucket, release, &urls, patience).await.map_err(explain)?;
                finish(step, &verified, &verified.problems)
            }
            "promote-channel" => {
                let moved = deploy::move_channel(&bucket, &functions, release, &urls, patience)
                    .await
                    .map_err(explain)?;
                finish(step, &moved, &moved.verified.problems)
            }
            "rollback" => {
                let back = deploy::roll_back(&bucket, &functions, release, self.terraform())
                    .await
                    .map_err(explain)?;
                finish(step, &back, &[])
            }
            _ => {
                let repair = self.repair.then(|| self.terraform());
                let state = state.as_ref();
                let found = deploy::reconcile(&bucket, &functions, &urls, patience, state, repair)
                    .await
                    .map_err(explain)?;
                finish(step, &found, &found.problems)
            }
        }
    }
}

/// The result on stdout, problems on stderr; exit code 1 where there are any.
fn finish<T: Serialize>(step: &str, result: &T, problems: &[String]) -> anyhow::Result<ExitCode> {
    print_json(&line(step, problems.is_empty(), result))?;
    for problem in problems {
        say(&format!("error: {step}: {problem}"));
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

fn tries(text: &str) -> anyhow::Result<u32> {
    text.parse().ok().filter(|tries| *tries >= deploy::ANSWERS).ok_or_else(|| {
        anyhow!(
            "`--tries` takes how many answers to ask for at the most, from {}, not \"{text}\"",
            deploy::ANSWERS
        )
    })
}

fn pause(text: &str) -> anyhow::Result<Duration> {
    text.parse().map(Duration::from_millis).map_err(|_| {
        anyhow!("`--pause` takes how many milliseconds to wait after a wrong answer, not \"{text}\"")
    })
}

fn time(text: &str) -> anyhow::Result<i64> {
    let time: jiff::Timestamp = text
        .parse()
        .map_err(|_| anyhow!("`--now` takes a time such as 2026-11-23T08:00:00Z, not \"{text}\""))?;
    Ok(time.as_second())
}
