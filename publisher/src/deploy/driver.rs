//! A release from end to end, with Terraform's two applies in it; and the way back, by itself, when
//! something fails once `live` is moving.
//!
//! Whatever stops it, it can be run again: it starts from what Lambda, S3 and Terraform's state say,
//! never from what an earlier run wrote down.

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::ended::{Ended, Outcome, Stop};
use super::reconcile::Reconciled;
use super::release::{Prepared, Promoted, find, live, there};
use super::verify::not_live;
use super::{
    ANSWERS, Function, Patience, interrupt, move_channel, prepare, promote, reconcile, smoke, verify,
};
use crate::store::channel::Channel;
use crate::store::{Bucket, Failure};
use crate::terraform::write_live;
use crate::terraform::{Step, Terraform, Versions};

/// Who is told of each step as it ends.
pub trait Report {
    /// A step's result, for programs; `problems` is what was wrong with what it looked at.
    fn step(&mut self, result: &Value, problems: &[String]);
    /// A sentence for people.
    fn say(&mut self, line: &str);
}

/// What takes a release to its end.
pub struct Driver<'a> {
    /// Where releases lie.
    pub bucket: Bucket,
    /// What serves them.
    pub functions: Vec<Function>,
    /// What moves them.
    pub terraform: Terraform,
    /// The addresses to ask; where there are none, those in Terraform's outputs.
    pub urls: Vec<String>,
    /// How patiently they are asked.
    pub patience: Patience,
    /// Who is told.
    pub report: &'a mut dyn Report,
}

impl Driver<'_> {
    /// Makes a release live and proves it; where it is so already, changes nothing.
    pub async fn release(&mut self, name: &str) -> Ended {
        match self.unless_proven(name).await {
            Ok((id, true)) => self.ended(Some(id), Outcome::Unchanged, None).await,
            Ok((id, false)) => self.whole_way(&id).await,
            Err(stop) => self.ended(None, Outcome::Stopped, Some(stop)).await,
        }
    }

    /// As [`Driver::release`], past the first apply where the release's versions are still there.
    pub async fn roll_back(&mut self, name: &str) -> Ended {
        match self.unless_proven(name).await {
            Ok((id, true)) => self.ended(Some(id), Outcome::Unchanged, None).await,
            Ok((id, false)) => self.shortest_way(&id).await,
            Err(stop) => self.ended(None, Outcome::Stopped, Some(stop)).await,
        }
    }

    /// Compares what is served, alias, Terraform's state and channel; where something does not fit,
    /// goes to the release that was proven last.
    pub async fn reconcile(&mut self) -> Ended {
        match self.compare().await {
            Ok(Reconciled { release: Some(id), problems, .. }) if !problems.is_empty() => {
                self.report.say(&format!("reconcile: going to release {id}, which was proven last"));
                self.shortest_way(&id).await
            }
            Ok(Reconciled { release: None, problems, .. }) if !problems.is_empty() => {
                let help = "release one: `publisher deploy release --release ID`".to_owned();
                let stop = Stop { help: Some(help), ..Stop::wrong("compare", &problems) };
                self.ended(None, Outcome::Stopped, Some(stop)).await
            }
            Ok(fits) => self.ended(fits.release, Outcome::Unchanged, None).await,
            Err(stop) => self.ended(None, Outcome::Stopped, Some(stop)).await,
        }
    }

    async fn compare(&mut self) -> Result<Reconciled, Stop> {
        let outputs = self.terraform.outputs()?;
        let urls = match (&outputs, self.urls.as_slice()) {
            (Some(outputs), []) => outputs.urls.clone(),
            (_, urls) => urls.to_vec(),
        };
        let state = outputs.and_then(|outputs| outputs.live_version);
        let found =
            reconcile(&self.bucket, &self.functions, &urls, self.patience, state.as_ref(), None).await?;
        // A difference is what it looks for: the run goes on.
        let _ = self.step("compare", &found, &found.problems);
        Ok(found)
    }

    /// A release's id, and whether it is live and proven everywhere: by the channel, by Lambda's
    /// aliases, by Terraform's state and over HTTP.
    async fn unless_proven(&mut self, name: &str) -> Result<(String, bool), Stop> {
        let (id, record) = find(&self.bucket, name).await?;
        let channel = Channel::load(&self.bucket).await?;
        if channel.is_none_or(|(channel, _)| channel.current != id) {
            return Ok((id, false));
        }
        let Some(outputs) = self.terraform.outputs()? else { return Ok((id, false)) };
        let live = live(&self.functions).await?;
        if outputs.live_version.as_ref() != Some(&live) {
            return Ok((id, false));
        }
        for function in &self.functions {
            if not_live(function, &live, &record).await?.is_some() {
                return Ok((id, false));
            }
        }
        let once = Patience { tries: ANSWERS, ..self.patience };
        let verified = verify(&self.bucket, &id, &self.addresses()?, once).await?;
        let proven = verified.problems.is_empty();
        if proven {
            self.step("verify", &verified, &[])?;
        }
        Ok((id, proven))
    }

    async fn whole_way(&mut self, id: &str) -> Ended {
        match self.until_promotion(id).await {
            Ok(promoted) => self.make_live(id, &promoted.live_version, &promoted.before).await,
            Err(stop) => self.ended(Some(id.to_owned()), Outcome::Stopped, Some(stop)).await,
        }
    }

    async fn shortest_way(&mut self, id: &str) -> Ended {
        match self.until_promotion_of_what_is_there(id).await {
            Ok(Some(promoted)) => self.make_live(id, &promoted.live_version, &promoted.before).await,
            Ok(None) => self.whole_way(id).await,
            Err(stop) => self.ended(Some(id.to_owned()), Outcome::Stopped, Some(stop)).await,
        }
    }

    async fn until_promotion(&mut self, id: &str) -> Result<Promoted, Stop> {
        let prepared = prepare(&self.bucket, &self.functions, id, self.directory()).await?;
        self.step("prepare", &prepared, &[])?;
        self.plan(Step::Candidate)?;
        self.apply(Step::Candidate)?;
        let smoke = smoke(&self.bucket, &self.functions, id).await?;
        self.step("smoke", &smoke, &smoke.problems)?;
        let promoted = promote(&self.bucket, &self.functions, id, self.directory()).await?;
        self.step("promote", &promoted, &[])?;
        Ok(promoted)
    }

    async fn until_promotion_of_what_is_there(&mut self, id: &str) -> Result<Option<Promoted>, Stop> {
        let (id, record) = find(&self.bucket, id).await?;
        let Some(live_version) = there(&self.functions, &record).await? else { return Ok(None) };
        let Some(Prepared { live_version: before, .. }) = self.as_applied().await? else { return Ok(None) };
        write_live(self.directory(), &live_version)?;
        let promoted = Promoted { release: id, live_version, before };
        self.step("promote", &promoted, &[])?;
        Ok(Some(promoted))
    }

    /// Writes Terraform's variables as they were applied last, so that a plan changes nothing but what
    /// the files beside them change. `None` where nothing ever was applied.
    pub async fn as_applied(&self) -> Result<Option<Prepared>, Failure> {
        let Some(id) = self.terraform.outputs()?.and_then(|outputs| outputs.release) else { return Ok(None) };
        prepare(&self.bucket, &self.functions, &id, self.directory()).await.map(Some)
    }

    /// The second apply and its proof, `to` being written down for Terraform already.
    async fn make_live(&mut self, id: &str, to: &Versions, before: &Versions) -> Ended {
        let applied = match self.plan(Step::Live) {
            Ok(()) => {
                interrupt::hold(self.directory());
                self.apply(Step::Live)
            }
            Err(stop) => Err(Stop { before_it_began: true, ..stop }),
        };
        let stop = match applied {
            Err(stop) if stop.before_it_began => {
                let stop = self.unwrite(before, stop);
                return self.ended(Some(id.to_owned()), Outcome::Stopped, Some(stop)).await;
            }
            Err(stop) => stop,
            Ok(()) => match self.prove(id).await {
                Ok(()) => return self.ended(Some(id.to_owned()), Outcome::Released, None).await,
                Err(stop) => stop,
            },
        };
        self.go_back(id, to, before, stop).await
    }

    /// Nothing moved, and the next plan that somebody makes by hand shall not move it either.
    fn unwrite(&self, before: &Versions, mut stop: Stop) -> Stop {
        if let Err(failure) = write_live(self.directory(), before) {
            stop.problems.push(failure.with_causes());
        }
        stop
    }

    async fn prove(&mut self, id: &str) -> Result<(), Stop> {
        let urls = self.addresses()?;
        let verified = verify(&self.bucket, id, &urls, self.patience).await?;
        self.step("verify", &verified, &verified.problems)?;
        let moved = move_channel(&self.bucket, &self.functions, id, &urls, self.patience).await?;
        self.step("promote-channel", &moved, &moved.verified.problems)
    }

    pub(super) fn plan(&mut self, step: Step) -> Result<(), Stop> {
        let checked = self.terraform.plan(step)?;
        self.step("plan-check", &checked, &checked.problems)
    }

    pub(super) fn apply(&mut self, step: Step) -> Result<(), Stop> {
        self.terraform.apply(step)?;
        self.step("apply", &json!({"plan_for": step}), &[])
    }

    /// The addresses to ask. Errors: nothing says them.
    pub(super) fn addresses(&self) -> Result<Vec<String>, Stop> {
        if !self.urls.is_empty() {
            return Ok(self.urls.clone());
        }
        match self.terraform.outputs()? {
            Some(outputs) => Ok(outputs.urls),
            None => Err(Failure::refused(
                "Terraform's state has no outputs, so nothing says the API's address",
                "see that the backend is the right one, or give `--url URL`",
            )
            .into()),
        }
    }

    /// Tells of a step. Errors: something is wrong with what it looked at.
    pub(super) fn step(
        &mut self,
        step: &str,
        result: &impl Serialize,
        problems: &[String],
    ) -> Result<(), Stop> {
        self.report.step(&line(step, problems.is_empty(), result), problems);
        if problems.is_empty() { Ok(()) } else { Err(Stop::wrong(step, problems)) }
    }

    pub(super) async fn ended(&self, release: Option<String>, outcome: Outcome, stop: Option<Stop>) -> Ended {
        let (problems, help, failed) =
            stop.map_or((vec![], None, false), |stop| (stop.problems, stop.help, stop.failed));
        let live_version = live(&self.functions).await.ok();
        Ended { release, outcome, live_version, back_to: None, problems, help, failed }
    }

    pub(super) fn directory(&self) -> &Path {
        self.terraform.directory()
    }
}

/// A step's result as a line for programs: `step` and `ok` before what the step itself has to say.
pub fn line(step: &str, ok: bool, result: &impl Serialize) -> Value {
    let mut line = json!({"step": step, "ok": ok});
    if let (Value::Object(all), Ok(Value::Object(more))) = (&mut line, serde_json::to_value(result)) {
        all.extend(more);
    }
    line
}
