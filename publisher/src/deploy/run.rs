//! A release from end to end, with Terraform's two applies in it, and an automatic rollback if
//! something fails once `live` is moving.
//!
//! A run can be repeated after any interruption: it starts from what Lambda, S3 and Terraform's state
//! say, never from notes of an earlier run.

use super::driver::Driver;
use super::interrupt;
use super::outcome::{Outcome, RunOutcome};
use super::reconcile::{Comparison, compare};
use super::smoke::smoke;
use super::step_error::StepError;
use super::variables::{Prepared, Promoted, find_release, live_versions, prepare, promote, versions_running};
use super::verify::{ANSWERS, Retries, live_mismatch, set_channel, verify};
use crate::store::Failure;
use crate::store::channel::Channel;
use crate::terraform::{ApplyPhase, Versions, write_live};

impl Driver<'_> {
    /// Makes a release live and verifies it; if it is live and verified already, changes nothing.
    pub async fn release(&mut self, name: &str) -> RunOutcome {
        match self.is_verified(name).await {
            Ok((id, true)) => self.run_outcome(Some(id), Outcome::Unchanged, None).await,
            Ok((id, false)) => self.release_through_candidate(&id).await,
            Err(error) => self.run_outcome(None, Outcome::Stopped, Some(error)).await,
        }
    }

    /// As [`Driver::release`], without the first apply if Lambda still has the release's versions.
    pub async fn roll_back(&mut self, name: &str) -> RunOutcome {
        match self.is_verified(name).await {
            Ok((id, true)) => self.run_outcome(Some(id), Outcome::Unchanged, None).await,
            Ok((id, false)) => self.release_existing_version(&id).await,
            Err(error) => self.run_outcome(None, Outcome::Stopped, Some(error)).await,
        }
    }

    /// Compares what is served, the alias, Terraform's state and the channel; if they differ, makes
    /// the release live that was verified last.
    pub async fn repair(&mut self) -> RunOutcome {
        match self.compare().await {
            Ok(Comparison { release: Some(id), problems, .. }) if !problems.is_empty() => {
                self.reporter.note(&format!("reconcile: making release {id} live, which was verified last"));
                self.release_existing_version(&id).await
            }
            Ok(Comparison { release: None, problems, .. }) if !problems.is_empty() => {
                let help = "release one: `publisher release ID`".to_owned();
                let error = StepError { help: Some(help), ..StepError::problems("compare", &problems) };
                self.run_outcome(None, Outcome::Stopped, Some(error)).await
            }
            Ok(comparison) => self.run_outcome(comparison.release, Outcome::Unchanged, None).await,
            Err(error) => self.run_outcome(None, Outcome::Stopped, Some(error)).await,
        }
    }

    async fn compare(&mut self) -> Result<Comparison, StepError> {
        let outputs = self.terraform.outputs()?;
        let urls = match (&outputs, self.urls.as_slice()) {
            (Some(outputs), []) => outputs.urls.clone(),
            (_, urls) => urls.to_vec(),
        };
        let state = outputs.and_then(|outputs| outputs.live_version);
        let comparison =
            compare(&self.bucket, &self.functions, &urls, self.retries, state.as_ref(), None).await?;
        // A difference is what this looks for: the run goes on.
        let _ = self.step_ended("compare", &comparison, &comparison.problems);
        Ok(comparison)
    }

    /// A release's id, and whether it is live and verified everywhere: according to the channel,
    /// Lambda's aliases, Terraform's state and over HTTP.
    async fn is_verified(&mut self, name: &str) -> Result<(String, bool), StepError> {
        let (id, record) = find_release(&self.bucket, name).await?;
        let channel = Channel::load(&self.bucket).await?;
        if channel.is_none_or(|(channel, _)| channel.current != id) {
            return Ok((id, false));
        }
        let Some(outputs) = self.terraform.outputs()? else { return Ok((id, false)) };
        let live = live_versions(&self.functions).await?;
        if outputs.live_version.as_ref() != Some(&live) {
            return Ok((id, false));
        }
        for function in &self.functions {
            if live_mismatch(function, &live, &record).await?.is_some() {
                return Ok((id, false));
            }
        }
        let once = Retries { tries: ANSWERS, ..self.retries };
        let verification = verify(&self.bucket, &id, &self.addresses()?, once).await?;
        let verified = verification.problems.is_empty();
        if verified {
            self.step_ended("verify", &verification, &[])?;
        }
        Ok((id, verified))
    }

    async fn release_through_candidate(&mut self, id: &str) -> RunOutcome {
        match self.promote_candidate(id).await {
            Ok(promoted) => self.make_live(id, &promoted.live_version, &promoted.before).await,
            Err(error) => self.run_outcome(Some(id.to_owned()), Outcome::Stopped, Some(error)).await,
        }
    }

    async fn release_existing_version(&mut self, id: &str) -> RunOutcome {
        match self.promote_existing_version(id).await {
            Ok(Some(promoted)) => self.make_live(id, &promoted.live_version, &promoted.before).await,
            Ok(None) => self.release_through_candidate(id).await,
            Err(error) => self.run_outcome(Some(id.to_owned()), Outcome::Stopped, Some(error)).await,
        }
    }

    async fn promote_candidate(&mut self, id: &str) -> Result<Promoted, StepError> {
        let prepared = prepare(&self.bucket, &self.functions, id, self.directory()).await?;
        self.step_ended("prepare", &prepared, &[])?;
        self.plan(ApplyPhase::Candidate)?;
        self.apply(ApplyPhase::Candidate)?;
        let test = smoke(&self.bucket, &self.functions, id).await?;
        self.step_ended("smoke", &test, &test.problems)?;
        let promoted = promote(&self.bucket, &self.functions, id, self.directory()).await?;
        self.step_ended("promote", &promoted, &[])?;
        Ok(promoted)
    }

    async fn promote_existing_version(&mut self, id: &str) -> Result<Option<Promoted>, StepError> {
        let (id, record) = find_release(&self.bucket, id).await?;
        let Some(live_version) = versions_running(&self.functions, &record).await? else { return Ok(None) };
        let Some(Prepared { live_version: before, .. }) = self.prepare_current().await? else {
            return Ok(None);
        };
        write_live(self.directory(), &live_version)?;
        let promoted = Promoted { release: id, live_version, before };
        self.step_ended("promote", &promoted, &[])?;
        Ok(Some(promoted))
    }

    /// Writes Terraform's variables as they were applied last, so that a plan shows nothing but what
    /// its other files change. `None` if nothing was ever applied.
    pub async fn prepare_current(&self) -> Result<Option<Prepared>, Failure> {
        let Some(id) = self.terraform.outputs()?.and_then(|outputs| outputs.release) else { return Ok(None) };
        prepare(&self.bucket, &self.functions, &id, self.directory()).await.map(Some)
    }

    /// The second apply and its verification, `to` being in Terraform's variables already.
    async fn make_live(&mut self, id: &str, to: &Versions, before: &Versions) -> RunOutcome {
        let applied = match self.plan(ApplyPhase::Live) {
            Ok(()) => {
                interrupt::finish_despite_signal(self.directory());
                self.apply(ApplyPhase::Live)
            }
            Err(error) => Err(StepError { changed_nothing: true, ..error }),
        };
        let error = match applied {
            Err(error) if error.changed_nothing => {
                let error = self.restore_variables(before, error);
                return self.run_outcome(Some(id.to_owned()), Outcome::Stopped, Some(error)).await;
            }
            Err(error) => error,
            Ok(()) => match self.verify_and_set_channel(id).await {
                Ok(()) => return self.run_outcome(Some(id.to_owned()), Outcome::Released, None).await,
                Err(error) => error,
            },
        };
        self.revert(id, to, before, error).await
    }

    /// Nothing moved, and the next plan that a person makes must not move it either.
    fn restore_variables(&self, before: &Versions, mut error: StepError) -> StepError {
        if let Err(failure) = write_live(self.directory(), before) {
            error.problems.push(failure.with_causes());
        }
        error
    }

    async fn verify_and_set_channel(&mut self, id: &str) -> Result<(), StepError> {
        let urls = self.addresses()?;
        let verification = verify(&self.bucket, id, &urls, self.retries).await?;
        self.step_ended("verify", &verification, &verification.problems)?;
        let moved = set_channel(&self.bucket, &self.functions, id, &urls, self.retries).await?;
        self.step_ended("set-channel", &moved, &moved.verification.problems)
    }
}
