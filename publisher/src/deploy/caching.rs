//! What two roots of Terraform set apart and must agree on: the reader's Cache-Control is the release's, the CDN that
//! obeys it the service's, so no `validation` sees both. Here is who reads both: a version's settings and `service.json`.
//!
//! Left out: how long a browser keeps an answer, which is the same with and without a CDN.

use std::path::Path;

use serde_json::json;

use super::addresses::Addresses;
use super::driver::Driver;
use super::function::Function;
use super::step_error::StepError;
use super::variables::live_versions;
use crate::store::{Bucket, Failure, RELEASE_ROOT, SERVICE_ROOT};
use crate::terraform::{Versions, settings_file};

/// The variable that has the reader's Cache-Control; without it, the reader's own lets a CDN keep answers.
const CACHE_CONTROL: &str = "COLDPRESS_CACHE_CONTROL";

/// The longest that CloudFront keeps an answer, in seconds: `max_ttl` in terraform/modules/service/cdn.tf, where `min_ttl`
/// and `default_ttl` are 0. So CloudFront obeys what forbids it to keep an answer, and keeps none without a lifetime.
const LONGEST: u64 = 31_536_000;

/// A Cache-Control that the CDN can't do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachingProblem {
    /// The version's `reader.cache_control`.
    cache_control: String,
    /// A sentence.
    pub problem: String,
    /// What to change, in which file.
    pub help: String,
}

/// How the Cache-Control of these versions contradicts the CDN before them, if there is one and it does.
pub async fn caching_problem(
    bucket: &Bucket,
    addresses: &mut Addresses,
    functions: &[Function],
    versions: &Versions,
) -> Result<Option<CachingProblem>, Failure> {
    // Without the service's record, as with `--url` alone, no CDN is known.
    let Ok(Some(_)) = addresses.distribution(bucket).await else { return Ok(None) };
    // All regions have the same settings.
    let Some(function) = functions.first() else { return Ok(None) };
    let Some(number) = versions.get(&function.region) else { return Ok(None) };
    let version = function.version(&number.to_string()).await?;
    let set = version.and_then(|version| version.settings.variables.get(CACHE_CONTROL).cloned());
    Ok(set.and_then(|cache_control| contradiction(&cache_control, addresses.roots())))
}

impl Driver<'_> {
    /// Stops a release whose Cache-Control contradicts the CDN, unless what is live has it too: then the CDN came later,
    /// and the service's settings stop no release.
    pub(super) async fn check_caching(&mut self, candidate: &Versions) -> Result<(), StepError> {
        let Self { bucket, addresses, functions, .. } = self;
        let Some(found) = caching_problem(bucket, addresses, functions, candidate).await? else {
            return Ok(());
        };
        let live = live_versions(functions).await?;
        if caching_problem(bucket, addresses, functions, &live).await?.as_ref() == Some(&found) {
            self.reporter.note(&format!("note: {}\n  help: {}", found.problem, found.help));
            return Ok(());
        }
        let CachingProblem { cache_control, problem, help } = found;
        let problems = [problem];
        let result = json!({"cache_control": cache_control, "problems": problems});
        self.step_ended("check-caching", &result, &problems).map_err(|error| StepError { help, ..error })
    }
}

/// `roots` is the directory of Terraform's roots, for the files to change.
fn contradiction(cache_control: &str, roots: &Path) -> Option<CachingProblem> {
    let lifetime = lifetime(cache_control);
    let what = match lifetime {
        0 => "the CDN keeps no answer".to_owned(),
        1..=LONGEST => return None,
        _ => format!("the CDN keeps an answer for {LONGEST} seconds, a year, at most"),
    };
    let [release, service] = [RELEASE_ROOT, SERVICE_ROOT].map(|root| settings_file(&roots.join(root)));
    let (release, service) = (release.display(), service.display());
    let help = match lifetime {
        0 => format!(
            "let it keep answers, with reader = {{ cache_control = \"public, max-age=60, s-maxage=86400\" }} in {release}, or \
             remove it, with cdn = false in {service}"
        ),
        _ => format!("set a max-age and an s-maxage of at most {LONGEST} in {release}"),
    };
    let problem = format!("reader.cache_control is {cache_control:?}, and {what}");
    Some(CachingProblem { cache_control: cache_control.to_owned(), problem, help })
}

/// For how many seconds CloudFront may answer with what it has, stale answers included, as far as Cache-Control says
/// (CloudFront Developer Guide, "Manage how long content stays in the cache").
fn lifetime(cache_control: &str) -> u64 {
    let directives: Vec<(String, Option<&str>)> = cache_control
        .split(',')
        .map(|directive| match directive.split_once('=') {
            Some((name, value)) => (name, Some(value.trim().trim_matches('"'))),
            None => (directive, None),
        })
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value))
        .collect();
    let seconds = |name: &str| {
        let (_, value) = directives.iter().find(|(found, _)| found == name)?;
        // RFC 9111, 4.2.1: what is not a number counts as stale; 1.2.2: one too large for us, as very long.
        let digits =
            value.filter(|value| !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()));
        Some(digits.map_or(0, |digits| digits.parse().unwrap_or(u64::MAX)))
    };
    // With names of headers (`private="set-cookie"`) they are about those alone.
    let forbids = |(name, value): &(String, Option<&str>)| {
        value.is_none() && ["no-store", "no-cache", "private"].contains(&name.as_str())
    };
    if directives.iter().any(forbids) {
        return 0;
    }
    match seconds("s-maxage").or_else(|| seconds("max-age")) {
        None | Some(0) => seconds("stale-while-revalidate").unwrap_or(0).min(1),
        Some(lifetime) => lifetime,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_those_of_shared_caches() {
        for (cache_control, expected) in [
            ("public, max-age=60, stale-while-revalidate=86400", 60),
            ("max-age=60, s-maxage=3600", 3600),
            ("S-MaxAge = \"7\" , max-age=0", 7),
            ("public, max-age=31536000, immutable", LONGEST),
            ("max-age=99999999999999999999", u64::MAX),
            ("private=\"set-cookie\", max-age=5", 5),
            // Fresh for no time, and served stale.
            ("max-age=0, stale-while-revalidate=60", 1),
            ("max-age=0", 0),
            ("max-age=60, s-maxage=0", 0),
            ("max-age=60s", 0),
            ("max-age=", 0),
            ("public", 0),
            ("max-age=60, private", 0),
            ("No-Store", 0),
            ("no-cache, max-age=60", 0),
            ("", 0),
        ] {
            assert_eq!(lifetime(cache_control), expected, "{cache_control}");
        }
    }

    #[test]
    fn the_longest_is_that_of_the_cache_policy() {
        let policy = include_str!("../../../terraform/modules/service/cdn.tf");
        for line in [format!("max_ttl     = {LONGEST}"), "min_ttl     = 0".into(), "default_ttl = 0".into()] {
            assert!(policy.contains(&line), "{line}");
        }
    }
}
