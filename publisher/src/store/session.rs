//! Credentials, region and timeouts, from the environment and the files that the AWS CLI reads.

use std::future::Future;
use std::io;
use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_http_client::tls;

use super::aws_error::AwsErrorKind;
use super::bucket::Bucket;
use super::failure::Failure;
use super::target::BucketLocation;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a response may take to begin: as long as a function's longest run, or a part's upload
/// over a slow line. The SDK also gives up on bodies that stall.
const RESPONSE: Duration = Duration::from_secs(120);

/// The configuration of all requests of a run.
pub struct Session {
    config: SdkConfig,
}

/// Runs a future to its end on this thread. Errors: the system has no event queue.
pub fn block_on<F: Future>(future: F) -> io::Result<F::Output> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future))
}

impl Session {
    /// Reads the configuration. Retries are the SDK's own: three attempts, or AWS_MAX_ATTEMPTS.
    pub async fn load() -> Self {
        let client = aws_smithy_http_client::Builder::new()
            .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
            .build_https();
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).read_timeout(RESPONSE).build();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(client)
            .timeout_config(timeouts)
            .load()
            .await;
        Self { config }
    }

    /// The bucket at `location`. Errors: no region is set.
    pub fn bucket(&self, location: &BucketLocation) -> Result<Bucket, Failure> {
        let region = self.region(location.region.as_deref(), &format!("reach s3://{}", location.bucket))?;
        let config = aws_sdk_s3::config::Builder::from(&self.config)
            .region(Region::new(region))
            // Servers other than Amazon's have no host name for each bucket.
            .force_path_style(self.has_own_endpoint("AWS_ENDPOINT_URL_S3"))
            .build();
        Ok(Bucket::new(aws_sdk_s3::Client::from_conf(config), location.bucket.clone()))
    }

    /// Lambda in a region. Errors: no region is set.
    pub fn lambda(&self, region: Option<&str>) -> Result<aws_sdk_lambda::Client, Failure> {
        let region = self.region(region, "reach Lambda")?;
        let config = aws_sdk_lambda::config::Builder::from(&self.config).region(Region::new(region)).build();
        Ok(aws_sdk_lambda::Client::from_conf(config))
    }

    /// CloudWatch Logs in a region.
    pub(crate) fn logs(&self, region: &str) -> Result<aws_sdk_cloudwatchlogs::Client, Failure> {
        let region = Region::new(self.region(Some(region), "reach CloudWatch Logs")?);
        let config = aws_sdk_cloudwatchlogs::config::Builder::from(&self.config).region(region).build();
        Ok(aws_sdk_cloudwatchlogs::Client::from_conf(config))
    }

    /// IAM, through the partition of a region. Errors: no region is set.
    pub(crate) fn iam(&self, region: Option<&str>) -> Result<aws_sdk_iam::Client, Failure> {
        let region = Region::new(self.region(region, "reach IAM")?);
        Ok(aws_sdk_iam::Client::from_conf(
            aws_sdk_iam::config::Builder::from(&self.config).region(region).build(),
        ))
    }

    /// STS in a region. Errors: no region is set.
    pub(crate) fn sts(&self, region: Option<&str>) -> Result<aws_sdk_sts::Client, Failure> {
        let region = Region::new(self.region(region, "reach STS")?);
        Ok(aws_sdk_sts::Client::from_conf(
            aws_sdk_sts::config::Builder::from(&self.config).region(region).build(),
        ))
    }

    /// CloudFront, which has one endpoint for all regions.
    pub fn cloudfront(&self) -> aws_sdk_cloudfront::Client {
        let region = Region::new("us-east-1");
        let config = aws_sdk_cloudfront::config::Builder::from(&self.config).region(region).build();
        aws_sdk_cloudfront::Client::from_conf(config)
    }

    fn region(&self, named: Option<&str>, tried: &str) -> Result<String, Failure> {
        named.or(self.config.region().map(Region::as_ref)).map(ToOwned::to_owned).ok_or_else(|| {
            Failure::Aws { tried: tried.to_owned(), kind: AwsErrorKind::NoRegion, detail: String::new() }
        })
    }

    fn has_own_endpoint(&self, variable: &str) -> bool {
        self.config.endpoint_url().is_some() || std::env::var_os(variable).is_some()
    }
}
