//! Why a command of `publisher` failed, and what to do about it.

use std::error::Error;
use std::io;
use std::path::Path;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use super::aws_error::{AwsErrorKind, aws_error_kind, causes};

/// Why a command failed. `Display` names the problem, [`Failure::help`] what to do.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The release on this machine can't be used.
    #[error(transparent)]
    Release(#[from] builder::failure::Failure),
    /// The package on this machine can't be used.
    #[error(transparent)]
    Package(#[from] builder::package::Failure),
    /// A file on this machine can't be read or written.
    #[error("{tried}")]
    Io {
        /// What was tried: ``can't write `dist` ``.
        tried: String,
        /// The system's error.
        #[source]
        error: io::Error,
    },
    /// Something that the command needs is missing or invalid.
    #[error("{what}")]
    Refused {
        /// The problem.
        what: String,
        /// What to do.
        help: String,
    },
    /// A request to AWS failed.
    #[error("can't {tried}: {}{}", .kind.sentence(), in_parentheses(.detail))]
    Aws {
        /// What was tried: `write s3://bucket/key`.
        tried: String,
        /// How it failed, by what to do about it.
        kind: AwsErrorKind,
        /// The error as AWS or the SDK reports it.
        detail: String,
    },
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
        let kind = aws_error_kind(&error);
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
        Self::Aws { tried: tried.into(), kind, detail }
    }

    /// The failure with its causes, in one line.
    pub fn with_causes(&self) -> String {
        causes(self)
    }

    /// Whether the request may have taken effect although its response was lost or says otherwise.
    pub(super) fn may_have_succeeded(&self) -> bool {
        let Self::Aws { kind, .. } = self else { return false };
        matches!(
            kind,
            AwsErrorKind::Changed | AwsErrorKind::Throttled | AwsErrorKind::Fault | AwsErrorKind::NoResponse
        )
    }

    /// What to do about it, where there is something to say.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Release(_) | Self::Io { .. } => None,
            Self::Package(failure) => failure.help().map(ToOwned::to_owned),
            Self::Refused { help, .. } => Some(help.clone()),
            Self::Aws { kind, .. } => Some(kind.help()),
        }
    }
}

fn in_parentheses(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!(" ({detail})") }
}
