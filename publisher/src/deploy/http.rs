//! One HTTP request, with the SDK's own client.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_s3::config::http::HttpRequest;
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};

/// How long a response may take to begin, and then to end.
const RESPONSE: Duration = Duration::from_secs(20);

/// An HTTP client.
pub(crate) struct Http {
    connector: Connector,
    started: u128,
    requests: AtomicU64,
}

impl Http {
    pub(crate) fn new() -> Self {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(Duration::from_secs(5))
            .read_timeout(RESPONSE)
            .build();
        let connector = Connector::builder()
            .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
            .connector_settings(settings)
            .build();
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        Self { connector, started, requests: AtomicU64::new(0) }
    }

    /// An origin that no request had before.
    fn origin(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        format!("https://verify-{}-{number}.invalid", self.started)
    }

    /// The status and the body. No cache has the answer: a CDN keeps answers by `Origin` too
    /// (terraform/modules/service/cdn.tf), and nobody asked with this one before. CloudFront does not obey `no-cache`. Errors, as a
    /// sentence: no complete response.
    pub(crate) async fn get(&self, url: &str) -> Result<(u16, Vec<u8>), String> {
        let mut request = HttpRequest::new(SdkBody::empty());
        request.set_uri(url).map_err(|error| error.to_string())?;
        request.headers_mut().insert("cache-control", "no-cache");
        request.headers_mut().insert("origin", self.origin());
        let response = self.connector.call(request).await.map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        // The connector's own timeout ends where the body begins.
        let body = tokio::time::timeout(RESPONSE, ByteStream::new(response.into_body()).collect()).await;
        let body = body.map_err(|_| "the body stalled")?.map_err(|error| error.to_string())?;
        Ok((status, body.to_vec()))
    }
}
