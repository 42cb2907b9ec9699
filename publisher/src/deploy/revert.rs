//! The automatic rollback, when something failed once `live` was moving: to the release that was
//! verified last.
//!
//! The very first release has none, and nothing is undone: the version passed the smoke test, no
//! client relies on the address yet, and such a failure (a name that DNS does not know everywhere, a
//! certificate) often goes away by itself. The channel does not move, so nothing claims that the
//! release is verified.

use super::driver::Driver;
use super::outcome::{Outcome, RunOutcome};
use super::release::Release;
use super::step_error::StepError;
use super::variables::live_versions;
use super::verify::{live_mismatch, verify};
use crate::store::Failure;
use crate::store::channel::Channel;
use crate::terraform::{ApplyPhase, PlanFrom, Versions, write_live};

/// What the rollback can go to.
enum RollbackTarget {
    Release(Box<VerifiedRelease>),
    /// No release, and the reason.
    None(String),
}

/// The release that was verified last.
struct VerifiedRelease {
    release: Release,
    versions: Versions,
}

impl Driver<'_> {
    /// Undoes release `id`, which was to be live as the versions `to`. `error` is what failed,
    /// `before` what was live.
    pub(super) async fn revert(
        &mut self,
        id: &str,
        to: &Versions,
        before: &Versions,
        error: StepError,
    ) -> RunOutcome {
        for problem in &error.problems {
            self.reporter.note(&format!("error: release {id} is not verified: {problem}"));
        }
        let failed_live = match self.rollback_target(id, to, before).await {
            Ok(RollbackTarget::Release(target)) => {
                let release = target.release.id.clone();
                self.reporter.note(&format!("rolling back to release {release}"));
                match self.revert_to(*target).await {
                    Ok(()) => {
                        let outcome =
                            self.run_outcome(Some(id.to_owned()), Outcome::RolledBack, Some(error)).await;
                        return RunOutcome { back_to: Some(release), failed: false, ..outcome };
                    }
                    Err(error) => self.rollback_failed(
                        format!("the rollback to release {release} failed too"),
                        error,
                        &release,
                    ),
                }
            }
            Ok(RollbackTarget::None(reason)) => StepError {
                problems: vec![format!(
                    "{reason}, so there is nothing to roll back to: the live version stays"
                )],
                help: format!(
                    "fix the problem, then: publisher release {id} --terraform {}",
                    self.addresses.roots().display()
                ),
                failed: false,
                changed_nothing: false,
            },
            Err(error) => self.rollback_failed("a rollback is not possible".into(), error, "live"),
        };
        let problems = [error.problems, failed_live.problems].concat();
        let outcome = self.run_outcome(Some(id.to_owned()), Outcome::FailedLive, None).await;
        RunOutcome { problems, help: Some(failed_live.help), ..outcome }
    }

    fn rollback_failed(&self, what: String, error: StepError, release: &str) -> StepError {
        let roots = self.addresses.roots().display();
        let help = format!("{}; then: publisher rollback --to {release} --terraform {roots}", error.help);
        let problems = [vec![what], error.problems].concat();
        StepError { problems, help, failed: false, changed_nothing: false }
    }

    /// The release that the channel names, as the versions that were live before if they run it.
    async fn rollback_target(
        &self,
        id: &str,
        to: &Versions,
        before: &Versions,
    ) -> Result<RollbackTarget, StepError> {
        let now = live_versions(&self.functions).await?;
        for (region, version) in &now {
            if to.get(region) != Some(version) && before.get(region) != Some(version) {
                return Err(Failure::refused(
                    format!("{region}: another run moved `live` to version {version} in the meantime"),
                    "wait until that run ends",
                )
                .into());
            }
        }
        let Some((channel, _)) = Channel::load(&self.bucket).await? else {
            return Ok(RollbackTarget::None("no other release was ever verified".into()));
        };
        if channel.current == id {
            return Ok(RollbackTarget::None("this release was verified last".into()));
        }
        let release = Release::find(&self.bucket, &channel.current).await?;
        // A region that serves for the first time has no earlier version, and keeps the new one.
        let mut versions = to.clone();
        for function in &self.functions {
            let region = &function.region;
            match function.version_of(&release.record, before.get(region).copied()).await? {
                Some(version) => drop(versions.insert(region.clone(), version)),
                None if !before.contains_key(region) => {}
                None => {
                    return Err(Failure::refused(
                        format!("{region}: Lambda no longer has a version of release {}", release.id),
                        "its package is still in S3",
                    )
                    .into());
                }
            }
        }
        Ok(RollbackTarget::Release(Box::new(VerifiedRelease { release, versions })))
    }

    async fn revert_to(&mut self, target: VerifiedRelease) -> Result<(), StepError> {
        let VerifiedRelease { release, versions } = target;
        write_live(self.directory(), &versions)?;
        self.plan(ApplyPhase::Live, PlanFrom::Aws)?;
        self.apply(ApplyPhase::Live)?;
        let urls = self.addresses.urls(&self.bucket).await?;
        let mut verification = verify(&release, &urls, self.retries).await;
        let live = live_versions(&self.functions).await?;
        for function in &self.functions {
            verification.problems.extend(live_mismatch(function, &live, &release).await?);
        }
        self.step_ended("verify", &verification, &verification.problems)?;
        self.empty_cache(&release.id).await;
        Ok(())
    }
}
