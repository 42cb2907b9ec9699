//! The way back, when something failed once `live` was moving: to the release that was proven last.
//!
//! At the very first release there is none, and nothing is taken away: the version answered the smoke
//! test, nobody relies on the address yet, and what fails then (a name that is not known everywhere, a
//! certificate) mostly heals by itself. The channel does not move, so nothing says that it is proven.

use super::driver::Driver;
use super::ended::{Ended, Outcome, Stop};
use super::release::live;
use super::verify::not_live;
use super::{Function, verify};
use crate::store::channel::Channel;
use crate::store::{Failure, Record, base64, record};
use crate::terraform::{Step, Versions, write_live};

/// Whether there is a way back.
enum Way {
    Back(Box<Destination>),
    /// Nothing to go back to, and why.
    Nowhere(String),
}

/// Where to go back to.
struct Destination {
    release: String,
    record: Record,
    versions: Versions,
}

impl Driver<'_> {
    /// Goes back from release `id`, which was to be live as the versions `to`. `stop` is what failed,
    /// `before` what was live.
    pub(super) async fn go_back(&mut self, id: &str, to: &Versions, before: &Versions, stop: Stop) -> Ended {
        for problem in &stop.problems {
            self.report.say(&format!("error: release {id} is not proven: {problem}"));
        }
        let left = match self.destination(id, to, before).await {
            Ok(Way::Back(destination)) => {
                let release = destination.release.clone();
                self.report.say(&format!("going back to release {release}"));
                match self.back_to(*destination).await {
                    Ok(()) => {
                        let ended = self.ended(Some(id.to_owned()), Outcome::Back, Some(stop)).await;
                        let help = "release it again once that is mended".to_owned();
                        return Ended {
                            back_to: Some(release),
                            help: ended.help.or(Some(help)),
                            failed: false,
                            ..ended
                        };
                    }
                    Err(why) => {
                        self.left(format!("the way back to release {release} failed too"), why, &release)
                    }
                }
            }
            Ok(Way::Nowhere(why)) => Stop {
                problems: vec![format!("{why}, so there is nothing to go back to: what is live stays")],
                help: Some(format!(
                    "once that is mended: publisher deploy release --release {id} --terraform {}",
                    self.directory().display()
                )),
                failed: false,
                before_it_began: false,
            },
            Err(why) => self.left("there is no way back".into(), why, "live"),
        };
        let problems = [stop.problems, left.problems].concat();
        let ended = self.ended(Some(id.to_owned()), Outcome::Left, None).await;
        Ended { problems, help: left.help, ..ended }
    }

    fn left(&self, what: String, why: Stop, release: &str) -> Stop {
        let command = format!(
            "publisher deploy rollback --to {release} --apply --terraform {}",
            self.directory().display()
        );
        let help = match why.help {
            Some(help) => format!("{help}; then: {command}"),
            None => command,
        };
        let problems = [vec![what], why.problems].concat();
        Stop { problems, help: Some(help), failed: false, before_it_began: false }
    }

    /// Where to go back to: the release that the channel names, as the versions that were live
    /// before where they are it.
    async fn destination(&self, id: &str, to: &Versions, before: &Versions) -> Result<Way, Stop> {
        let now = live(&self.functions).await?;
        for (region, version) in &now {
            if to.get(region) != Some(version) && before.get(region) != Some(version) {
                return Err(Failure::refused(
                    format!("{region}: somebody else moved `live` to version {version} in the meantime"),
                    "see that their run is over",
                )
                .into());
            }
        }
        let Some((channel, _)) = Channel::load(&self.bucket).await? else {
            return Ok(Way::Nowhere("no other release was ever proven".into()));
        };
        if channel.current == id {
            return Ok(Way::Nowhere("it is the release that was proven last".into()));
        }
        let release = channel.current;
        let record = record(&self.bucket, &release).await?;
        // A region that serves for the first time has nothing to go back to and stays.
        let mut versions = to.clone();
        for function in &self.functions {
            let region = &function.region;
            match version_before(function, before.get(region).copied(), &record).await? {
                Some(version) => drop(versions.insert(region.clone(), version)),
                None if !before.contains_key(region) => {}
                None => {
                    return Err(Failure::refused(
                        format!("{region}: no version is release {release} any more"),
                        "its package is still in S3",
                    )
                    .into());
                }
            }
        }
        Ok(Way::Back(Box::new(Destination { release, record, versions })))
    }

    async fn back_to(&mut self, destination: Destination) -> Result<(), Stop> {
        let Destination { release, record, versions } = destination;
        write_live(self.directory(), &versions)?;
        self.plan(Step::Live)?;
        self.apply(Step::Live)?;
        let mut verified = verify(&self.bucket, &release, &self.addresses()?, self.patience).await?;
        let live = live(&self.functions).await?;
        for function in &self.functions {
            verified.problems.extend(not_live(function, &live, &record).await?);
        }
        self.step("verify", &verified, &verified.problems)
    }
}

/// The version that is a release: the one that was live, or else the newest.
async fn version_before(
    function: &Function,
    before: Option<u64>,
    record: &Record,
) -> Result<Option<u64>, Failure> {
    let digest = base64(&record.reader.sha256);
    let versions = function.versions().await?;
    let mut its = versions.iter().rev().filter(|version| version.code_sha256 == digest);
    let newest = its.clone().next();
    Ok(its.find(|version| Some(version.number) == before).or(newest).map(|version| version.number))
}
