//! What stops a publication or a deployment, and what to do about it.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use super::target::VARIABLES;

/// Why something was not done. `Display` says what was found, [`Failure::help`] what to do.
#[derive(Debug)]
pub enum Failure {
    /// The release on this machine can't be used.
    Release(builder::failure::Failure),
    /// The package on this machine can't be used.
    Package(builder::package::Failure),
    /// A file of this machine.
    Io {
        /// What was tried: ``can't write `dist` ``.
        tried: String,
        /// What the system said.
        error: io::Error,
    },
    /// What is asked for can't be, or is not there, or is not what it must be.
    Refused {
        /// What is wrong.
        what: String,
        /// What to do.
        help: String,
    },
    /// AWS said no, or nothing.
    Aws {
        /// What was tried: `write s3://bucket/key`.
        tried: String,
        /// In which of the ways that have a remedy.
        why: Why,
        /// What AWS or the SDK said.
        detail: String,
    },
}

/// The ways in which a request to AWS fails, by what to do about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Nothing says who asks.
    NoCredentials,
    /// Who asks is said, but AWS does not take it, or it could not be had.
    BadCredentials,
    /// Nothing says in which region.
    NoRegion,
    /// The bucket lies in this region.
    OtherRegion(String),
    /// There is no such bucket.
    NoBucket,
    /// There is no such object, function, version or alias.
    Missing,
    /// Who asks may not.
    Denied,
    /// The object is not in the state that the request was made for (412), or changes now (409).
    Changed,
    /// Too many requests.
    Busy,
    /// A fault on AWS's side.
    Fault,
    /// No answer, not in time, or not a whole one.
    NoAnswer,
    /// Something else.
    Other,
}

impl Failure {
    pub(crate) fn io<'a>(verb: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + 'a {
        move |error| Self::Io { tried: format!("can't {verb} `{}`", path.display()), error }
    }

    pub(crate) fn refused(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Refused { what: what.into(), help: help.into() }
    }

    pub(crate) fn aws<E>(tried: impl Into<String>, error: SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let why = why(&error);
        let detail = match error.as_service_error().map(ProvideErrorMetadata::meta) {
            Some(meta) => match (meta.code(), meta.message()) {
                (Some(code), Some(message)) => format!("{code}: {message}"),
                (Some(text), None) | (None, Some(text)) => text.to_owned(),
                (None, None) => error
                    .raw_response()
                    .map_or_else(String::new, |response| format!("status {}", response.status().as_u16())),
            },
            None => causes(&error),
        };
        Self::Aws { tried: tried.into(), why, detail }
    }

    /// What happened and why, in one line.
    pub fn with_causes(&self) -> String {
        causes(self)
    }

    /// Whether what was tried may have been done although its answer got lost or says otherwise.
    pub(super) fn leaves_open(&self) -> bool {
        let Self::Aws { why, .. } = self else { return false };
        matches!(why, Why::Changed | Why::Busy | Why::Fault | Why::NoAnswer)
    }

    /// What to do about it, where there is something to say.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Release(_) | Self::Io { .. } => None,
            Self::Package(failure) => failure.help().map(ToOwned::to_owned),
            Self::Refused { help, .. } => Some(help.clone()),
            Self::Aws { why, .. } => Some(why.help()),
        }
    }
}

impl Why {
    fn help(&self) -> String {
        match self {
            Self::NoCredentials => {
                "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; in GitHub Actions, \
                 aws-actions/configure-aws-credentials sets them"
                    .into()
            }
            Self::BadCredentials => {
                "get new credentials (they may have expired), and see that AWS_PROFILE or the AWS_ACCESS_KEY_ID \
                 family names the right ones"
                    .into()
            }
            Self::NoRegion => "set AWS_REGION to the bucket's region, such as eu-central-1".into(),
            Self::OtherRegion(region) => {
                format!(
                    "the bucket lies in {region}: set AWS_REGION={region}, or name it `--bucket {region}=NAME`; \
                     with `--terraform DIR`, {VARIABLES} there names another region, and `publisher deploy init` \
                     writes it anew"
                )
            }
            Self::NoBucket => {
                "see that the name is right; `terraform apply` in terraform/bootstrap makes the buckets and \
                 prints their names"
                    .into()
            }
            Self::Denied => {
                "the role in use lacks this right (terraform/bootstrap/permissions.tf says what each role may), \
                 or what it asks for is another account's"
                    .into()
            }
            Self::Changed => "somebody else is at work on it: run the same command again".into(),
            Self::Busy => "wait a minute and run the same command again; what is done is not done twice".into(),
            Self::Fault => "run the same command again; what is done is not done twice".into(),
            Self::NoAnswer => "see that the network, AWS_REGION and AWS_ENDPOINT_URL are right, and run the same \
                               command again; what is done is not done twice"
                .into(),
            Self::Missing => "see that nobody deletes it, and run the same command again".into(),
            Self::Other => "run the same command again once what AWS says is mended".into(),
        }
    }

    fn sentence(&self) -> &'static str {
        match self {
            Self::NoCredentials => "no AWS credentials were found",
            Self::BadCredentials => "AWS does not take the credentials",
            Self::NoRegion => "no AWS region is set",
            Self::OtherRegion(_) => "that is the wrong region",
            Self::NoBucket => "there is no such bucket",
            Self::Missing => "there is no such thing",
            Self::Denied => "it is not allowed",
            Self::Changed => "it changed in the meantime",
            Self::Busy => "AWS asks for fewer requests",
            Self::Fault => "AWS has a fault",
            Self::NoAnswer => "there was no whole answer",
            Self::Other => "AWS refused it",
        }
    }
}

/// In which way a request failed.
pub fn why<E>(error: &SdkError<E>) -> Why
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    if let Some(error) = cause::<CredentialsError>(error) {
        return match error {
            CredentialsError::CredentialsNotLoaded(_) => Why::NoCredentials,
            _ => Why::BadCredentials,
        };
    }
    let status = error.raw_response().map(|response| response.status().as_u16());
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default();
    let region = error.raw_response().and_then(|response| response.headers().get("x-amz-bucket-region"));
    match (code, status) {
        ("NoSuchBucket", _) => Why::NoBucket,
        ("PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException", _)
        | (_, Some(301 | 307)) => match region {
            Some(region) => Why::OtherRegion(region.to_owned()),
            None => Why::Other,
        },
        ("ExpiredToken" | "ExpiredTokenException" | "InvalidAccessKeyId" | "InvalidToken", _)
        | ("SignatureDoesNotMatch" | "UnrecognizedClientException" | "InvalidClientTokenId", _)
        | ("TokenRefreshRequired" | "InvalidSignatureException", _) => Why::BadCredentials,
        // HEAD says in a header alone that the region is another one.
        (_, Some(400)) if region.is_some() && code.is_empty() => {
            Why::OtherRegion(region.unwrap_or_default().to_owned())
        }
        (_, Some(403)) => Why::Denied,
        ("NoSuchUpload", _) | (_, Some(412 | 409)) => Why::Changed,
        (_, Some(404)) => Why::Missing,
        ("SlowDown" | "TooManyRequestsException" | "ThrottlingException", _) | (_, Some(429 | 503)) => {
            Why::Busy
        }
        (_, Some(500..)) if error.as_service_error().is_some() => Why::Fault,
        _ => match error {
            SdkError::TimeoutError(_) | SdkError::ResponseError(_) | SdkError::DispatchFailure(_) => {
                Why::NoAnswer
            }
            _ => Why::Other,
        },
    }
}

fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// What an error says, from the outermost to the innermost, each once.
pub(super) fn causes(error: &(dyn Error + 'static)) -> String {
    let mut sentences: Vec<String> = vec![];
    let mut next = Some(error);
    while let Some(error) = next {
        let sentence = error.to_string();
        if !sentences.iter().any(|other| other.contains(&sentence)) {
            sentences.push(sentence);
        }
        next = error.source();
    }
    sentences.join(": ")
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Release(failure) => failure.fmt(f),
            Self::Package(failure) => failure.fmt(f),
            Self::Io { tried, .. } => f.write_str(tried),
            Self::Refused { what, .. } => f.write_str(what),
            Self::Aws { tried, why, detail } if detail.is_empty() => {
                write!(f, "can't {tried}: {}", why.sentence())
            }
            Self::Aws { tried, why, detail } => write!(f, "can't {tried}: {} ({detail})", why.sentence()),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Release(failure) => failure.source(),
            Self::Io { error, .. } => Some(error),
            Self::Package(_) | Self::Refused { .. } | Self::Aws { .. } => None,
        }
    }
}

impl From<builder::failure::Failure> for Failure {
    fn from(failure: builder::failure::Failure) -> Self {
        Self::Release(failure)
    }
}

impl From<builder::package::Failure> for Failure {
    fn from(failure: builder::package::Failure) -> Self {
        Self::Package(failure)
    }
}
