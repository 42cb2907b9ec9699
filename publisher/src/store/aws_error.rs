//! How a request to AWS fails, by what to do about it.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

/// The ways in which a request to AWS fails, by what to do about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AwsErrorKind {
    /// There are no credentials.
    NoCredentials,
    /// AWS rejected the credentials, or their provider failed.
    BadCredentials,
    /// No region is set.
    NoRegion,
    /// The bucket is in this region.
    OtherRegion(String),
    /// There is no such bucket.
    NoBucket,
    /// There is no such object, function, version or alias.
    Missing,
    /// The role may not do this.
    Denied,
    /// The object is not in the state that the request requires (412), or is changing (409).
    Changed,
    /// Too many requests.
    Throttled,
    /// A fault on AWS's side.
    Fault,
    /// No response, none in time, or an incomplete one.
    NoResponse,
    /// Something else.
    Other,
}

impl AwsErrorKind {
    pub(super) fn help(&self) -> String {
        match self {
            Self::NoCredentials => {
                "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; in GitHub Actions, \
                 aws-actions/configure-aws-credentials sets them"
                    .into()
            }
            Self::BadCredentials => {
                "get new credentials (these may have expired), and check which ones AWS_PROFILE or \
                 AWS_ACCESS_KEY_ID selects"
                    .into()
            }
            Self::NoRegion => "set AWS_REGION to the bucket's region, such as eu-central-1".into(),
            Self::OtherRegion(region) => {
                format!(
                    "the bucket is in {region}: set AWS_REGION={region}, or pass `--bucket {region}=NAME`; with \
                     `--terraform DIR`, run `publisher init` again, which writes the region there"
                )
            }
            Self::NoBucket => {
                "check the name; `terraform apply` in terraform/bootstrap creates the buckets and prints their names"
                    .into()
            }
            Self::Denied => {
                "the role lacks this permission (terraform/bootstrap/permissions.tf lists what each role may do), or \
                 the resource belongs to another account"
                    .into()
            }
            Self::Changed => "another run is changing it: run the same command again".into(),
            Self::Throttled => "wait a minute and run the same command again; finished work is not repeated".into(),
            Self::Fault => "run the same command again; finished work is not repeated".into(),
            Self::NoResponse => "check the network, AWS_REGION and AWS_ENDPOINT_URL, and run the same command again; \
                                 finished work is not repeated"
                .into(),
            Self::Missing => "check whether something deleted it, and run the same command again".into(),
            Self::Other => "fix what AWS reports, and run the same command again".into(),
        }
    }

    pub(super) fn sentence(&self) -> &'static str {
        match self {
            Self::NoCredentials => "no AWS credentials were found",
            Self::BadCredentials => "AWS rejected the credentials",
            Self::NoRegion => "no AWS region is set",
            Self::OtherRegion(_) => "wrong region",
            Self::NoBucket => "there is no such bucket",
            Self::Missing => "it does not exist",
            Self::Denied => "access denied",
            Self::Changed => "it changed in the meantime",
            Self::Throttled => "AWS throttled the request",
            Self::Fault => "AWS failed",
            Self::NoResponse => "there was no complete response",
            Self::Other => "AWS rejected the request",
        }
    }
}

/// How a request failed.
pub fn aws_error_kind<E>(error: &SdkError<E>) -> AwsErrorKind
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    if let Some(error) = cause::<CredentialsError>(error) {
        return match error {
            CredentialsError::CredentialsNotLoaded(_) => AwsErrorKind::NoCredentials,
            _ => AwsErrorKind::BadCredentials,
        };
    }
    let status = error.raw_response().map(|response| response.status().as_u16());
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default();
    let region = error.raw_response().and_then(|response| response.headers().get("x-amz-bucket-region"));
    match (code, status) {
        ("NoSuchBucket", _) => AwsErrorKind::NoBucket,
        ("PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException", _)
        | (_, Some(301 | 307)) => match region {
            Some(region) => AwsErrorKind::OtherRegion(region.to_owned()),
            None => AwsErrorKind::Other,
        },
        ("ExpiredToken" | "ExpiredTokenException" | "InvalidAccessKeyId" | "InvalidToken", _)
        | ("SignatureDoesNotMatch" | "UnrecognizedClientException" | "InvalidClientTokenId", _)
        | ("TokenRefreshRequired" | "InvalidSignatureException", _) => AwsErrorKind::BadCredentials,
        // HEAD reports another region in a header alone.
        (_, Some(400)) if region.is_some() && code.is_empty() => {
            AwsErrorKind::OtherRegion(region.unwrap_or_default().to_owned())
        }
        ("AccessDeniedException", _) | (_, Some(403)) => AwsErrorKind::Denied,
        ("NoSuchUpload", _) | (_, Some(412 | 409)) => AwsErrorKind::Changed,
        // CloudWatch Logs says it with status 400.
        ("ResourceNotFoundException", _) | (_, Some(404)) => AwsErrorKind::Missing,
        ("SlowDown" | "TooManyRequestsException" | "ThrottlingException", _) | (_, Some(429 | 503)) => {
            AwsErrorKind::Throttled
        }
        (_, Some(500..)) if error.as_service_error().is_some() => AwsErrorKind::Fault,
        _ => match error {
            SdkError::TimeoutError(_) | SdkError::ResponseError(_) | SdkError::DispatchFailure(_) => {
                AwsErrorKind::NoResponse
            }
            _ => AwsErrorKind::Other,
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

/// The messages of an error and its causes, from the outermost to the innermost, each once.
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
