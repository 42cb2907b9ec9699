//! The reader's function in one region.

use std::time::Duration;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::Builder;
use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::operation::get_function_configuration::GetFunctionConfigurationOutput;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::{EnvironmentResponse, FunctionConfiguration};
use serde_json::Value;

use crate::store::{AwsErrorKind, Failure, ReleaseRecord, Session, Settings, Target, base64};

/// How long one invocation may take with its response: the function runs for at most 10 seconds, and
/// may take as long again to start. The SDK gives up on stalled responses, but not on this operation's.
const INVOCATION: Duration = Duration::from_secs(30);

/// The function in one region.
pub struct Function {
    lambda: Client,
    name: String,
    /// Its region.
    pub region: String,
}

/// An alias and the versions that it routes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// Its name.
    pub name: String,
    /// The version that it points to.
    pub version: u64,
    /// Other versions that get a share of its calls.
    pub weights: Vec<u64>,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number.
    pub number: u64,
    /// Its package's SHA-256, in base64.
    pub code_sha256: String,
    /// When it was published, in seconds since 1970.
    pub published: i64,
    /// What a person chose for it.
    pub settings: Settings,
}

impl Function {
    fn new(lambda: Client, name: String, region: String) -> Self {
        Self { lambda, name, region }
    }

    fn about(&self, what: &str) -> String {
        format!("{what} of {} in {}", self.name, self.region)
    }

    /// The published versions, oldest first. Empty if there is no function yet.
    pub async fn versions(&self) -> Result<Vec<Version>, Failure> {
        let mut versions = vec![];
        let mut pages =
            self.lambda.list_versions_by_function().function_name(&self.name).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = match page {
                Ok(page) => page,
                Err(error) => match Failure::aws(self.about("list versions"), error) {
                    Failure::Aws { kind: AwsErrorKind::Missing, .. } => return Ok(vec![]),
                    failure => return Err(failure),
                },
            };
            for version in page.versions() {
                versions.extend(self.published(&Described::from(version))?);
            }
        }
        versions.sort_by_key(|version| version.number);
        Ok(versions)
    }

    /// A version by its number, or by the name of an alias that points to it; `None` if there isn't one. One
    /// request, however many versions there are.
    pub async fn version(&self, qualifier: &str) -> Result<Option<Version>, Failure> {
        let request = self.lambda.get_function_configuration().function_name(&self.name).qualifier(qualifier);
        match request.send().await {
            Ok(found) => self.published(&Described::from(&found)),
            Err(error) => match Failure::aws(self.about(&format!("read version {qualifier}")), error) {
                Failure::Aws { kind: AwsErrorKind::Missing, .. } => Ok(None),
                failure => Err(failure),
            },
        }
    }

    /// A version as Lambda describes it; `None` for `$LATEST`.
    fn published(&self, described: &Described<'_>) -> Result<Option<Version>, Failure> {
        let Some(number) = described.version.and_then(|text| text.parse().ok()) else { return Ok(None) };
        let modified = described.last_modified.unwrap_or_default();
        let published = time(modified).map_err(|error| {
            Failure::refused(
                format!("version {number} of {} was published at {modified:?}: {error}", self.name),
                "Lambda does not write times this way; check AWS_ENDPOINT_URL",
            )
        })?;
        let code_sha256 = described.code_sha256.unwrap_or_default().to_owned();
        Ok(Some(Version { number, code_sha256, published, settings: described.settings() }))
    }

    /// All aliases.
    pub async fn aliases(&self) -> Result<Vec<Alias>, Failure> {
        let mut aliases = vec![];
        let mut pages = self.lambda.list_aliases().function_name(&self.name).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = match page {
                Ok(page) => page,
                Err(error) => match Failure::aws(self.about("list aliases"), error) {
                    Failure::Aws { kind: AwsErrorKind::Missing, .. } => return Ok(vec![]),
                    failure => return Err(failure),
                },
            };
            for alias in page.aliases() {
                let name = alias.name().unwrap_or_default();
                let number = |text: &str| {
                    text.parse().map_err(|_| {
                        Failure::refused(
                            format!("alias {name} of {} in {} points to {text}", self.name, self.region),
                            "an alias of the reader must point to a published version; apply Terraform's plan",
                        )
                    })
                };
                let weights = alias.routing_config().and_then(|routing| routing.additional_version_weights());
                aliases.push(Alias {
                    name: name.to_owned(),
                    version: number(alias.function_version().unwrap_or_default())?,
                    weights: weights
                        .into_iter()
                        .flat_map(|weights| weights.keys())
                        .map(|version| number(version))
                        .collect::<Result<_, _>>()?,
                });
            }
        }
        Ok(aliases)
    }

    /// The version that an alias points to; `None` if there is no such alias.
    pub async fn alias(&self, name: &str) -> Result<Option<u64>, Failure> {
        Ok(self.aliases().await?.into_iter().find(|alias| alias.name == name).map(|alias| alias.version))
    }

    /// A version that runs the release's package: the preferred one if it does, otherwise the newest.
    pub async fn version_of(
        &self,
        record: &ReleaseRecord,
        preferred: Option<u64>,
    ) -> Result<Option<u64>, Failure> {
        let digest = base64(&record.reader.sha256);
        if let Some(number) = preferred {
            let version = self.version(&number.to_string()).await?;
            if version.is_some_and(|version| version.code_sha256 == digest) {
                return Ok(preferred);
            }
        }
        let versions = self.versions().await?;
        Ok(versions.iter().rev().find(|version| version.code_sha256 == digest).map(|version| version.number))
    }

    /// The version that alias `candidate` points to. Errors: it does not run
    /// the release.
    pub async fn candidate(&self, id: &str, record: &ReleaseRecord) -> Result<u64, Failure> {
        let help = "run `publisher step prepare`, apply Terraform's plan, then run the same command again";
        let Some(candidate) = self.version("candidate").await? else {
            return Err(Failure::refused(
                format!("{} in {} has no alias `candidate`", self.name, self.region),
                help,
            ));
        };
        let expected = base64(&record.reader.sha256);
        if candidate.code_sha256 == expected {
            return Ok(candidate.number);
        }
        Err(Failure::refused(
            format!(
                "version {} of {} in {}, the candidate, does not run release {id}: its package has SHA-256 {} \
                 (base64), not {expected}",
                candidate.number, self.name, self.region, candidate.code_sha256
            ),
            help,
        ))
    }

    /// Invokes a version by its number. The inner error is the function's own.
    pub async fn invoke(&self, version: u64, event: &Value) -> Result<Result<Value, String>, Failure> {
        let tried = self.about(&format!("invoke version {version}"));
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(INVOCATION).build();
        let response = self
            .lambda
            .invoke()
            .function_name(&self.name)
            .qualifier(version.to_string())
            .payload(Blob::new(event.to_string()))
            .customize()
            .config_override(Builder::new().timeout_config(timeouts))
            .send()
            .await
            .map_err(|error| Failure::aws(tried, error))?;
        let payload = response.payload().map(|payload| payload.as_ref().to_vec()).unwrap_or_default();
        let text = String::from_utf8_lossy(&payload);
        if let Some(error) = response.function_error() {
            return Ok(Err(format!("the function failed ({error}): {text}")));
        }
        Ok(serde_json::from_slice(&payload).map_err(|_| format!("the response is not JSON: {text}")))
    }

    /// Deletes a version by its number.
    pub(super) async fn delete(&self, version: u64) -> Result<(), Failure> {
        let tried = self.about(&format!("delete version {version}"));
        let deleted = self.lambda.delete_function().function_name(&self.name).qualifier(version.to_string());
        match deleted.send().await.map_err(|error| Failure::aws(tried, error)) {
            // A retry of a request that had worked.
            Ok(_) | Err(Failure::Aws { kind: AwsErrorKind::Missing, .. }) => Ok(()),
            Err(failure) => Err(failure),
        }
    }
}

/// The function in each region that serves. Errors: the target names no function.
pub fn functions(session: &Session, target: &Target) -> Result<Vec<Function>, Failure> {
    let Some(name) = &target.function else {
        return Err(Failure::refused("the function's name is unknown", "pass `--terraform DIR`"));
    };
    target
        .locations
        .iter()
        .map(|location| {
            let region = location.region.clone().unwrap_or_default();
            Ok(Function::new(session.lambda(Some(&region))?, name.clone(), region))
        })
        .collect()
}

/// What Lambda says of a version. The SDK has a type for each operation that returns it.
struct Described<'a> {
    version: Option<&'a str>,
    code_sha256: Option<&'a str>,
    last_modified: Option<&'a str>,
    memory_mb: Option<i32>,
    environment: Option<&'a EnvironmentResponse>,
}

impl<'a> From<&'a FunctionConfiguration> for Described<'a> {
    fn from(of: &'a FunctionConfiguration) -> Self {
        Self {
            version: of.version(),
            code_sha256: of.code_sha256(),
            last_modified: of.last_modified(),
            memory_mb: of.memory_size(),
            environment: of.environment(),
        }
    }
}

impl<'a> From<&'a GetFunctionConfigurationOutput> for Described<'a> {
    fn from(of: &'a GetFunctionConfigurationOutput) -> Self {
        Self {
            version: of.version(),
            code_sha256: of.code_sha256(),
            last_modified: of.last_modified(),
            memory_mb: of.memory_size(),
            environment: of.environment(),
        }
    }
}

impl Described<'_> {
    fn settings(&self) -> Settings {
        let variables = self.environment.and_then(EnvironmentResponse::variables).cloned();
        Settings {
            memory_mb: self.memory_mb.and_then(|memory| memory.try_into().ok()).unwrap_or_default(),
            variables: variables.unwrap_or_default().into_iter().collect(),
        }
    }
}

/// A time as Lambda writes it, in seconds since 1970.
fn time(text: &str) -> Result<i64, jiff::Error> {
    text.parse().map(jiff::Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_are_read_as_lambda_writes_them() {
        assert_eq!(super::time("2026-11-23T08:00:01.123+0000").unwrap(), 1_795_420_801);
        assert!(super::time("yesterday").is_err());
    }
}
