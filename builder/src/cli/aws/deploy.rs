//! `builder deploy STEP`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::arguments::{Argument, Arguments, unknown};
use super::super::{FOUND, help, print, say as tell};
use super::{print_json, say};
use crate::deploy::{self, Function};
use crate::publish::{Bucket, Session, Target, block_on};

const STEPS: [&str; 9] = [
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

/// The options of all steps; each takes those that it needs and refuses the others.
#[derive(Default)]
struct Options {
    given: Vec<&'static str>,
    terraform: Option<PathBuf>,
    release: Option<String>,
    to: Option<String>,
    plan_for: Option<String>,
    plan: Option<PathBuf>,
    urls: Vec<String>,
    outputs: Option<PathBuf>,
    tries: Option<u32>,
    now: Option<i64>,
    repair: bool,
    dry_run: bool,
}

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let known = [
        ("terraform", None),
        ("release", None),
        ("to", None),
        ("for", None),
        ("url", None),
        ("outputs", None),
        ("tries", None),
        ("now", None),
        ("repair", None),
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
                    "to" => options.to = Some(arguments.text()?),
                    "for" => options.plan_for = Some(arguments.text()?),
                    "url" => options.urls.push(arguments.text()?),
                    "outputs" => options.outputs = Some(arguments.value()?.into()),
                    "tries" => options.tries = Some(tries(&arguments.text()?)?),
                    "now" => options.now = Some(time(&arguments.text()?)?),
                    "repair" => options.repair = true,
                    _ => options.dry_run = true,
                }
            }
        }
    }
    let step = step.ok_or_else(|| anyhow!("`builder deploy` needs a step: {}", STEPS.join(", ")))?;
    let Some(step) = STEPS.into_iter().find(|known| *known == step) else {
        return Err(unknown("step", &step, &STEPS));
    };
    options.only(step, takes(step))?;
    match step {
        "plan-check" => options.plan_check(),
        "prune" => block_on(options.prune())?,
        _ => block_on(options.with_release(step))?,
    }
}

fn takes(step: &str) -> &'static [&'static str] {
    match step {
        "prepare" | "smoke" | "promote" => &["terraform", "release"],
        "plan-check" => &["for"],
        "verify" | "promote-channel" => &["terraform", "release", "url", "outputs", "tries"],
        "rollback" => &["terraform", "to"],
        "reconcile" => &["terraform", "url", "outputs", "tries", "repair"],
        _ => &["terraform", "now", "dry-run"],
    }
}

impl Options {
    fn only(&self, step: &str, takes: &[&str]) -> anyhow::Result<()> {
        if let Some(other) = self.given.iter().find(|name| !takes.contains(name)) {
            let takes: Vec<String> = takes.iter().map(|name| format!("--{name}")).collect();
            bail!("`builder deploy {step}` has no option `--{other}`; there are {}", takes.join(", "));
        }
        match &self.plan {
            Some(value) if step != "plan-check" => {
                bail!("`builder deploy {step}` takes options only; what is `{}`?", value.display())
            }
            _ => Ok(()),
        }
    }

    fn terraform(&self) -> &Path {
        self.terraform.as_deref().unwrap_or(Path::new("terraform"))
    }

    async fn aws(&self) -> anyhow::Result<(Bucket, Vec<Function>)> {
        let target = Target::from_terraform(self.terraform()).map_err(say)?;
        let session = Session::load().await;
        let place = target.places.first().ok_or_else(|| anyhow!("no bucket is named"))?;
        let bucket = session.bucket(place).map_err(say)?;
        Ok((bucket, deploy::functions(&session, &target).map_err(say)?))
    }

    fn named<'a>(&self, step: &str, value: &'a Option<String>, option: &str) -> anyhow::Result<&'a str> {
        value.as_deref().ok_or_else(|| {
            anyhow!("`builder deploy {step}` needs `--{option} RELEASE`: an id, `live` or `previous`")
        })
    }

    /// The addresses to ask: those given, or those of every region in Terraform's outputs.
    fn addresses(&self, step: &str) -> anyhow::Result<Vec<String>> {
        match (&self.outputs, self.urls.as_slice()) {
            (Some(_), [_, ..]) => bail!("`builder deploy {step}` takes `--url` or `--outputs`, not both"),
            (Some(path), []) => Ok(deploy::urls_of(path).map_err(say)?.into_values().collect()),
            (None, []) if step != "reconcile" => {
                bail!(
                    "`builder deploy {step}` needs `--url URL`, or `--outputs FILE` from `terraform output -json`"
                )
            }
            (None, urls) => Ok(urls.to_vec()),
        }
    }

    fn plan_check(&self) -> anyhow::Result<ExitCode> {
        let step = match self.plan_for.as_deref() {
            Some("candidate") => deploy::Step::Candidate,
            Some("live") => deploy::Step::Live,
            Some(other) => return Err(unknown("apply", other, &["candidate", "live"])),
            None => bail!("`builder deploy plan-check` needs `--for candidate` or `--for live`"),
        };
        let plan = self.plan.as_deref().ok_or_else(|| {
            anyhow!(
                "`builder deploy plan-check` needs a plan, as `terraform show -json PLAN > FILE` writes it"
            )
        })?;
        let checked = deploy::check(plan, step).map_err(say)?;
        finish("plan-check", &checked, &checked.problems)
    }

    async fn prune(&self) -> anyhow::Result<ExitCode> {
        let (_, functions) = self.aws().await?;
        let now = self.now.unwrap_or_else(|| jiff::Timestamp::now().as_second());
        let pruned = deploy::prune(&functions, now, self.dry_run).await.map_err(say)?;
        finish("prune", &pruned, &[])
    }

    async fn with_release(&self, step: &str) -> anyhow::Result<ExitCode> {
        let tries = self.tries.unwrap_or(100);
        let urls = match step {
            "verify" | "promote-channel" | "reconcile" => self.addresses(step)?,
            _ => vec![],
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
                    deploy::prepare(&bucket, &functions, release, self.terraform()).await.map_err(say)?;
                finish(step, &prepared, &[])
            }
            "smoke" => {
                let smoke = deploy::smoke(&bucket, &functions, release).await.map_err(say)?;
                finish(step, &smoke, &smoke.problems)
            }
            "promote" => {
                let promoted =
                    deploy::promote(&bucket, &functions, release, self.terraform()).await.map_err(say)?;
                finish(step, &promoted, &[])
            }
            "verify" => {
                let verified = deploy::verify(&bucket, release, &urls, tries).await.map_err(say)?;
                finish(step, &verified, &verified.problems)
            }
            "promote-channel" => {
                let moved =
                    deploy::move_channel(&bucket, &functions, release, &urls, tries).await.map_err(say)?;
                finish(step, &moved, &moved.verified.problems)
            }
            "rollback" => {
                let back =
                    deploy::roll_back(&bucket, &functions, release, self.terraform()).await.map_err(say)?;
                finish(step, &back, &[])
            }
            _ => {
                let repair = self.repair.then(|| self.terraform());
                let found =
                    deploy::reconcile(&bucket, &functions, &urls, tries, repair).await.map_err(say)?;
                finish(step, &found, &found.problems)
            }
        }
    }
}

/// The result on stdout, problems on stderr; exit code 1 where there are any.
fn finish<T: Serialize>(step: &str, result: &T, problems: &[String]) -> anyhow::Result<ExitCode> {
    let mut value = json!({"step": step, "ok": problems.is_empty()});
    if let (Value::Object(all), Value::Object(more)) = (&mut value, serde_json::to_value(result)?) {
        all.extend(more);
    }
    print_json(&value)?;
    for problem in problems {
        tell(&format!("error: {step}: {problem}"));
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

fn time(text: &str) -> anyhow::Result<i64> {
    let time: jiff::Timestamp = text
        .parse()
        .map_err(|_| anyhow!("`--now` takes a time such as 2026-11-23T08:00:00Z, not \"{text}\""))?;
    Ok(time.as_second())
}
