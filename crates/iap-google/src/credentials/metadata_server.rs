//! Tokens of the service account that a machine at Google Cloud runs as.
//!
//! [Google's page](https://cloud.google.com/compute/docs/metadata/overview)

use async_trait::async_trait;
use bytes::Bytes;
use iap_core::{
    Clock, Error, Store,
    http::{Call, HttpClient, Idempotency, PlainHttp, Token},
};
use url::Url;

use super::{
    ANDROID_PUBLISHER_SCOPE, TokenSource,
    token_answer::{outcome, read_token},
};

/// The metadata server that every machine at Google Cloud reaches: Cloud Run, GKE, Compute Engine.
///
/// On Compute Engine the scopes are fixed when the machine is made, and `androidpublisher` must be
/// among them; elsewhere they are what is asked for.
///
/// ```
/// use iap_google::MetadataServer;
///
/// let at_google = MetadataServer::new();
/// let as_the_environment_says = MetadataServer::from_env(); // GCE_METADATA_HOST
/// # let _ = (at_google, as_the_environment_says);
/// ```
#[derive(Clone, Debug)]
pub struct MetadataServer {
    host: String,
}

impl MetadataServer {
    /// The server at its usual name.
    #[must_use]
    pub fn new() -> Self {
        Self::at(METADATA_HOST)
    }

    /// The server at another name, with a port or without: an emulator in tests.
    #[must_use]
    pub fn at(host: impl Into<String>) -> Self {
        Self { host: host.into() }
    }

    /// The server that the variable `GCE_METADATA_HOST` names; otherwise at its usual name.
    #[must_use]
    pub fn from_env() -> Self {
        std::env::var("GCE_METADATA_HOST").map_or_else(|_| Self::new(), Self::at)
    }

    fn url(&self) -> Result<Url, Error> {
        let url = format!(
            "http://{}/computeMetadata/v1/instance/service-accounts/default/token",
            self.host
        );
        let mut url = Url::parse(&url).map_err(|error| {
            Error::misconfigured(format!("{:?} is no host of a metadata server", self.host))
                .with_store(Store::GooglePlay)
                .with_source(error)
        })?;
        url.query_pairs_mut()
            .append_pair("scopes", ANDROID_PUBLISHER_SCOPE);
        Ok(url)
    }
}

impl Default for MetadataServer {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl TokenSource for MetadataServer {
    async fn fetch(&self, http: &HttpClient, clock: &dyn Clock) -> Result<Token, Error> {
        let asked = clock.now();
        let request = http::Request::get(self.url()?.as_str())
            .header(METADATA_FLAVOR, GOOGLE)
            // It has no certificate: the request does not leave Google's machine.
            .extension(PlainHttp)
            .body(Bytes::new())
            .map_err(|error| {
                Error::misconfigured("the request for a token cannot be built")
                    .with_store(Store::GooglePlay)
                    .with_source(error)
            })?;
        let call = Call::new("metadata.token", request, Idempotency::Idempotent);
        let response = http
            .execute(call, |response| outcome(response, asked))
            .await?;
        let flavor = response.headers().get(METADATA_FLAVOR);
        if flavor.is_none_or(|flavor| flavor != GOOGLE) {
            return Err(Error::misconfigured(
                "this is not Google's metadata server: does the program run at Google Cloud?",
            )
            .with_store(Store::GooglePlay)
            .with_http_status(response.status().as_u16()));
        }
        read_token(&response, asked)
    }
}

const METADATA_HOST: &str = "metadata.google.internal";

/// The server refuses requests without it, and marks its answers with it.
const METADATA_FLAVOR: &str = "metadata-flavor";

const GOOGLE: &str = "Google";
