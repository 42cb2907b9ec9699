//! A release from end to end, with Terraform's two applies in it, and an automatic rollback if
//! something fails once `live` is moving.
//!
//! A run can be repeated after any interruption: it starts from what Lambda, S3 and Terraform's state
//! say, never from notes of an earlier run.

use serde_json::json;

use super::driver::Driver;
use super::interrupt;
use super::outcome::{Outcome, RunOutcome};
use super::reconcile::{Comparison, compare};
use super::release::Release;
use super::smoke::smoke;
use super::step_error::StepError;
use super::variables::{Prepared, Promoted, live_versions, prepare, promote_versions, versions_running};
use super::verify::{ANSWERS, Retries, answers, live_mismatch, recorded_mismatch, set_channel, verify};
use crate::store::channel::{Channel, ChannelEntry};
use crate::store::{Failure, Settings};
use crate::terraform::{ApplyPhase, PlanFrom, Versions, write_live};

/// What a candidate is published for.
enum Purpose<'a> {
    /// A release, with the settings that Terraform's files have.
    Release,
    /// A rollback or a repair, since no version has the release any longer; with the settings that it was last live with.
    Rollback(Option<&'a Settings>),
}

/// What a run begins with.
struct Start {
    release: Release,
    /// Whether the release is live and verified everywhere: according to the channel, Lambda's aliases, Terraform's
    /// state and over HTTP.
    verified: bool,
    /// The versions of another release, which was verified last.
    other: Option<Versions>,
}

impl Driver<'_> {
    /// Makes a release live and verifies it; if it is live and verified already, with the settings in
    /// Terraform's files, changes nothing.
    pub async fn release(&mut self, name: &str) -> RunOutcome {
        match self.start(name).await {
            Ok(Start { release, verified: true, .. }) => match self.is_as_planned(&release).await {
                Ok(true) => self.run_outcome(Some(release.id), Outcome::Unchanged, None).await,
                Ok(false) => {
                    self.reporter.note(&format!(
                        "release {} is live, but its settings or the function changed: it goes through all steps",
                        release.id
                    ));
                    self.release_through_candidate(&release, Purpose::Release, None).await
                }
                Err(error) => self.run_outcome(Some(release.id), Outcome::Stopped, Some(error)).await,
            },
            Ok(Start { release, other, .. }) => {
                self.release_through_candidate(&release, Purpose::Release, other.as_ref()).await
            }
            Err(error) => self.run_outcome(None, Outcome::Stopped, Some(error)).await,
        }
    }

    /// As [`Driver::release`], without the first apply if Lambda still has the release's versions. They have
    /// the settings that they were published with.
    pub async fn roll_back(&mut self, name: &str) -> RunOutcome {
        match self.start(name).await {
            Ok(Start { release, verified: true, .. }) => {
                self.run_outcome(Some(release.id), Outcome::Unchanged, None).await
            }
            Ok(Start { release, .. }) => self.release_existing_version(&release).await,
            Err(error) => self.run_outcome(None, Outcome::Stopped, Some(error)).await,
        }
    }

    /// Compares what is served, the alias, Terraform's state and the channel; if they differ, makes
    /// the release live that was verified last.
    pub async fn repair(&mut self) -> RunOutcome {
        match self.compare().await {
            Ok((Comparison { release: Some(id), .. }, Some(_))) => {
                self.reporter.note(&format!("reconcile: making release {id} live, which was verified last"));
                match Release::find(&self.bucket, &id).await {
                    Ok(release) => self.release_existing_version(&release).await,
                    Err(failure) => self.run_outcome(Some(id), Outcome::Stopped, Some(failure.into())).await,
                }
            }
            Ok((Comparison { release: None, .. }, Some(error))) => {
                self.run_outcome(None, Outcome::Stopped, Some(error)).await
            }
            Ok((comparison, None)) => self.run_outcome(comparison.release, Outcome::Unchanged, None).await,
            Err(error) => self.run_outcome(None, Outcome::Stopped, Some(error)).await,
        }
    }

    /// The comparison, and its problems as an error if there are any.
    async fn compare(&mut self) -> Result<(Comparison, Option<StepError>), StepError> {
        let state = self.terraform.outputs()?.and_then(|outputs| outputs.live_version);
        let addresses = &mut self.addresses;
        let comparison =
            compare(&self.bucket, &self.functions, addresses, self.retries, state.as_ref(), None).await?;
        let error = self.step_ended("compare", &comparison, &comparison.problems).err();
        Ok((comparison, error))
    }

    async fn start(&mut self, name: &str) -> Result<Start, StepError> {
        // Without them a release can't be verified, so nothing is to move.
        let urls = self.addresses.urls(&self.bucket).await?;
        let release = Release::find(&self.bucket, name).await?;
        let channel = Channel::load(&self.bucket).await?.map(|(channel, _)| channel);
        let Some(entry) = channel.and_then(|channel| channel.history.into_iter().next()) else {
            return Ok(Start { release, verified: false, other: None });
        };
        if entry.release != release.id {
            return Ok(Start { release, verified: false, other: Some(entry.versions) });
        }
        let verified = self.is_verified(&release, &entry.versions, &urls).await?;
        Ok(Start { release, verified, other: None })
    }

    /// Whether a release that was verified as `versions` still is.
    async fn is_verified(
        &mut self,
        release: &Release,
        versions: &Versions,
        urls: &[String],
    ) -> Result<bool, StepError> {
        let Some(outputs) = self.terraform.outputs()? else { return Ok(false) };
        let live = live_versions(&self.functions).await?;
        if outputs.live_version.as_ref() != Some(&live) || !recorded_mismatch(&live, versions).is_empty() {
            return Ok(false);
        }
        for function in &self.functions {
            if live_mismatch(function, &live, release).await?.is_some() {
                return Ok(false);
            }
        }
        let once = Retries { tries: ANSWERS, ..self.retries };
        let verification = verify(release, urls, once).await;
        let verified = verification.problems.is_empty();
        if verified {
            self.step_ended("verify", &verification, &[])?;
        }
        Ok(verified)
    }

    /// Whether Terraform would publish nothing for a release that is live, and its candidate is what is live.
    async fn is_as_planned(&mut self, release: &Release) -> Result<bool, StepError> {
        let prepared = prepare(&self.functions, release, self.directory()).await?;
        if !self.terraform.plan(ApplyPhase::Candidate, PlanFrom::Aws)?.changes.is_empty() {
            return Ok(false);
        }
        for function in &self.functions {
            if function.alias("candidate").await?.as_ref() != prepared.live_version.get(&function.region) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// `other` are the versions of another release, which was verified last.
    async fn release_through_candidate(
        &mut self,
        release: &Release,
        purpose: Purpose<'_>,
        other: Option<&Versions>,
    ) -> RunOutcome {
        match self.promote_candidate(release, purpose).await {
            Ok(promoted) => {
                let from = self.plan_from(other, &promoted.before).await;
                self.make_live(release, &promoted, from).await
            }
            Err(error) => self.run_outcome(Some(release.id.clone()), Outcome::Stopped, Some(error)).await,
        }
    }

    /// What the plan of `live` begins with: the state, if what was verified last is live and can be called; otherwise
    /// somebody changed the alias or its permission, which only AWS knows.
    async fn plan_from(&mut self, verified: Option<&Versions>, live: &Versions) -> PlanFrom {
        let Ok(urls) = self.addresses.urls(&self.bucket).await else { return PlanFrom::Aws };
        if verified == Some(live) && answers(&urls).await { PlanFrom::State } else { PlanFrom::Aws }
    }

    async fn release_existing_version(&mut self, release: &Release) -> RunOutcome {
        let entry = match Channel::load(&self.bucket).await {
            Ok(channel) => channel.and_then(|(channel, _)| channel.entry(&release.id).cloned()),
            Err(failure) => {
                let id = Some(release.id.clone());
                return self.run_outcome(id, Outcome::Stopped, Some(failure.into())).await;
            }
        };
        match self.promote_existing_version(release, entry.as_ref()).await {
            Ok(Some(promoted)) => self.make_live(release, &promoted, PlanFrom::Aws).await,
            Ok(None) => {
                let settings = entry.and_then(|entry| entry.settings);
                self.release_through_candidate(release, Purpose::Rollback(settings.as_ref()), None).await
            }
            Err(error) => self.run_outcome(Some(release.id.clone()), Outcome::Stopped, Some(error)).await,
        }
    }

    async fn promote_candidate(
        &mut self,
        release: &Release,
        purpose: Purpose<'_>,
    ) -> Result<Promoted, StepError> {
        let prepared = prepare(&self.functions, release, self.directory()).await?;
        self.step_ended("prepare", &prepared, &[])?;
        self.plan(ApplyPhase::Candidate, PlanFrom::Aws)?;
        self.apply(ApplyPhase::Candidate)?;
        let test = smoke(&self.functions, release).await?;
        self.step_ended("smoke", &test, &test.problems)?;
        if matches!(purpose, Purpose::Release) {
            self.check_caching(&test.versions).await?;
        }
        // The versions that were tested, wherever `candidate` points to by now.
        let promoted = promote_versions(&self.functions, release, test.versions, self.directory()).await?;
        self.step_ended("promote", &promoted, &[])?;
        if let Purpose::Rollback(Some(settings)) = purpose {
            self.compare_settings(settings, &promoted.live_version).await?;
        }
        Ok(promoted)
    }

    /// Says which settings are others than when the release was last live: the version that had them is gone.
    async fn compare_settings(&mut self, before: &Settings, to: &Versions) -> Result<(), StepError> {
        let Some(function) = self.functions.first() else { return Ok(()) };
        let Some(number) = to.get(&function.region) else { return Ok(()) };
        let now = function.version(&number.to_string()).await?;
        let differences = now.map(|version| before.differences(&version.settings)).unwrap_or_default();
        if !differences.is_empty() {
            for difference in &differences {
                self.reporter.note(&format!("note: when this release was last live, {difference}"));
            }
            self.step_ended("compare-settings", &json!({"differences": differences}), &[])?;
        }
        Ok(())
    }

    async fn promote_existing_version(
        &mut self,
        release: &Release,
        entry: Option<&ChannelEntry>,
    ) -> Result<Option<Promoted>, StepError> {
        let recorded = entry.map(|entry| &entry.versions);
        let Some(live_version) = versions_running(&self.functions, &release.record, recorded).await? else {
            return Ok(None);
        };
        let Some(Prepared { live_version: before, .. }) = self.prepare_current().await? else {
            return Ok(None);
        };
        write_live(self.directory(), &live_version)?;
        // Nothing to move: if it does not serve the release all the same, the function itself is at fault.
        if live_version == before && self.terraform.plan(ApplyPhase::Live, PlanFrom::Aws)?.changes.is_empty()
        {
            return Ok(None);
        }
        let promoted = Promoted { release: release.id.clone(), live_version, before };
        self.step_ended("promote", &promoted, &[])?;
        Ok(Some(promoted))
    }

    /// Writes Terraform's variables as they were applied last, so that a plan shows nothing but what
    /// its other files change. `None` if nothing was ever applied.
    pub async fn prepare_current(&self) -> Result<Option<Prepared>, Failure> {
        let Some(id) = self.terraform.outputs()?.and_then(|outputs| outputs.release) else { return Ok(None) };
        let release = Release::find(&self.bucket, &id).await?;
        prepare(&self.functions, &release, self.directory()).await.map(Some)
    }

    /// The second apply and its verification; what is promoted is in Terraform's variables already.
    async fn make_live(&mut self, release: &Release, promoted: &Promoted, from: PlanFrom) -> RunOutcome {
        let Promoted { live_version: to, before, .. } = promoted;
        let id = release.id.as_str();
        let applied = match self.plan(ApplyPhase::Live, from) {
            Ok(()) => {
                interrupt::finish_despite_signal(self.addresses.roots());
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
            Ok(()) => match self.verify_and_set_channel(release).await {
                Ok(()) => {
                    self.empty_cache(id).await;
                    return self.run_outcome(Some(id.to_owned()), Outcome::Released, None).await;
                }
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

    async fn verify_and_set_channel(&mut self, release: &Release) -> Result<(), StepError> {
        let urls = self.addresses.urls(&self.bucket).await?;
        let seen = Channel::load(&self.bucket).await?;
        let verification = verify(release, &urls, self.retries).await;
        self.step_ended("verify", &verification, &verification.problems)?;
        let moved = set_channel(&self.bucket, &self.functions, release, seen, verification).await?;
        self.step_ended("set-channel", &moved, &moved.verification.problems)
    }
}
