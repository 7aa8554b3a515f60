//! The key of a service account, and how it is exchanged for access tokens.
//!
//! [Google's page](https://developers.google.com/identity/protocols/oauth2/service-account#httprest)

use core::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use iap_core::{
    Clock, Error, Store,
    http::{Call, HttpClient, Idempotency, Token, parse_base_url},
};
use serde::Deserialize;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::{
    ANDROID_PUBLISHER_SCOPE, TokenSource,
    error::ServiceAccountKeyError,
    jwt::Assertion,
    pem::pkcs8_der,
    token_answer::{outcome, read_token},
};
use crate::crypto::RsaSigningKey;

/// The key of a service account of Google Cloud that has been invited to the Play Console.
///
/// Cheap to clone. Nothing is sent before the first call. `Debug` shows the account and the id of
/// the key.
///
/// ```
/// use iap_google::{ServiceAccountKey, ServiceAccountKeyError};
///
/// fn key_from_environment() -> Result<ServiceAccountKey, ServiceAccountKeyError> {
///     ServiceAccountKey::from_json(std::env::var("GOOGLE_SERVICE_ACCOUNT").unwrap_or_default())
/// }
///
/// let error = ServiceAccountKey::from_json("/run/secrets/play.json").unwrap_err();
/// assert_eq!(error, ServiceAccountKeyError::FilePath);
/// # let _ = key_from_environment;
/// ```
#[derive(Clone)]
pub struct ServiceAccountKey {
    key: Arc<Key>,
    scopes: String,
    token_url: Url,
}

struct Key {
    client_email: String,
    private_key_id: String,
    private_key: RsaSigningKey,
    /// The address that the assertion is for, whatever it is sent through.
    audience: String,
}

impl ServiceAccountKey {
    /// Reads the content of a key file, as Google Cloud gives it out.
    ///
    /// 1. It is not longer than any key file.
    /// 2. It is JSON, and of a service account.
    /// 3. Tokens are asked for at Google, over `https`: the file of a stranger must not send what we
    ///    sign elsewhere.
    /// 4. The private key is an RSA key in PKCS #8. Line breaks in it may be `\n` in two characters.
    ///
    /// What is passed in is the caller's to wipe from memory.
    ///
    /// # Errors
    ///
    /// A [`ServiceAccountKeyError`] that names the mistake. It never repeats anything of the key.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, ServiceAccountKeyError> {
        let json = json.as_ref();
        // 1
        if json.len() > MAX_LENGTH {
            return Err(ServiceAccountKeyError::TooLong {
                found: json.len(),
                limit: MAX_LENGTH,
            });
        }
        // 2
        let file: KeyFile = serde_json::from_slice(json).map_err(|_| not_json(json))?;
        match file.kind.as_deref() {
            Some("service_account") | None => {}
            Some(other) => {
                let mut known = OTHER_KINDS.iter().copied();
                let found = known.find(|kind| *kind == other).unwrap_or("another kind");
                return Err(ServiceAccountKeyError::OtherKind { found });
            }
        }
        // 3
        let token_uri = file.token_uri.as_deref().unwrap_or(TOKEN_URI);
        let token_url = google_url(token_uri).ok_or(ServiceAccountKeyError::TokenHost)?;
        // 4
        let private_key = Zeroizing::new(present("private_key", file.private_key)?);
        let der = pkcs8_der(&private_key)?;
        let private_key =
            RsaSigningKey::from_pkcs8(&der).ok_or(ServiceAccountKeyError::Unreadable)?;
        Ok(Self {
            key: Arc::new(Key {
                client_email: present("client_email", file.client_email)?,
                private_key_id: present("private_key_id", file.private_key_id)?,
                private_key,
                audience: token_uri.to_owned(),
            }),
            scopes: ANDROID_PUBLISHER_SCOPE.to_owned(),
            token_url,
        })
    }

    /// Asks for tokens that are good for `scope`, too.
    #[must_use]
    pub fn with_scope(mut self, scope: &str) -> Self {
        self.scopes.push(' ');
        self.scopes.push_str(scope);
        self
    }

    /// Sends assertions elsewhere: to a fake Google in tests, or a proxy of your own. They stay good
    /// for Google only: whoever reads one on the way can use it there.
    ///
    /// # Errors
    ///
    /// [`ServiceAccountKeyError::TokenUrl`] if it is no `https` URL (plain `http` is accepted for this
    /// machine itself).
    pub fn with_token_url(mut self, url: &str) -> Result<Self, ServiceAccountKeyError> {
        self.token_url = parse_base_url(url).map_err(|_| ServiceAccountKeyError::TokenUrl)?;
        Ok(self)
    }

    /// The account: the address to invite in the Play Console.
    #[must_use]
    pub fn client_email(&self) -> &str {
        &self.key.client_email
    }
}

#[async_trait]
impl TokenSource for ServiceAccountKey {
    async fn fetch(&self, http: &HttpClient, clock: &dyn Clock) -> Result<Token, Error> {
        let asked = clock.now();
        let assertion = Assertion {
            key_id: &self.key.private_key_id,
            client_email: &self.key.client_email,
            scopes: &self.scopes,
            audience: &self.key.audience,
        }
        .sign(&self.key.private_key, asked)?;
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
            .append_pair("assertion", assertion.expose())
            .finish();
        let request = http::Request::post(self.token_url.as_str())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Bytes::from(body))
            .map_err(|error| {
                Error::misconfigured("the request for a token cannot be built")
                    .with_store(Store::GooglePlay)
                    .with_source(error)
            })?;
        let call = Call::new("oauth2.token", request, Idempotency::Idempotent);
        let response = http
            .execute(call, |response| outcome(response, asked))
            .await?;
        read_token(&response, asked)
    }
}

impl fmt::Debug for ServiceAccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceAccountKey")
            .field("client_email", &self.key.client_email)
            .field("private_key_id", &self.key.private_key_id)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct KeyFile {
    #[serde(rename = "type")]
    kind: Option<String>,
    client_email: Option<String>,
    private_key_id: Option<String>,
    private_key: Option<String>,
    token_uri: Option<String>,
}

fn present(member: &'static str, value: Option<String>) -> Result<String, ServiceAccountKeyError> {
    match value {
        Some(value) if !value.trim().is_empty() => Ok(value),
        _ => Err(ServiceAccountKeyError::Missing { member }),
    }
}

/// What was passed instead of JSON.
fn not_json(text: &[u8]) -> ServiceAccountKeyError {
    let text = text.trim_ascii();
    if text.is_empty() {
        ServiceAccountKeyError::Empty
    } else if text.starts_with(b"/") || text.starts_with(b".") || text.ends_with(b".json") {
        ServiceAccountKeyError::FilePath
    } else if BASE64_OF_JSON.iter().any(|it| text.starts_with(it)) {
        ServiceAccountKeyError::EncodedTwice
    } else {
        ServiceAccountKeyError::NotJson
    }
}

/// The URL, if it is one of Google's for tokens.
fn google_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_google = url
        .host_str()
        .is_some_and(|host| TOKEN_HOSTS.contains(&host));
    let is_plain = url.username().is_empty() && url.password().is_none() && url.port().is_none();
    (url.scheme() == "https" && is_google && is_plain).then_some(url)
}

/// Where tokens are asked for if the file does not say.
const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";

/// The hosts that stand in key files, old ones included.
const TOKEN_HOSTS: &[&str] = &[
    "accounts.google.com",
    "oauth2.googleapis.com",
    "oauth2.mtls.googleapis.com",
    "www.googleapis.com",
];

/// The other credentials that Google Cloud writes into such files.
const OTHER_KINDS: &[&str] = &[
    "authorized_user",
    "external_account",
    "external_account_authorized_user",
    "impersonated_service_account",
];

/// `{"`, and `{` before a line break or a space, in Base64.
const BASE64_OF_JSON: &[&[u8]] = &[b"eyI", b"eyJ", b"ew", b"eyA"];

/// A key file has 2.4 kB; a key of 8192 bits would make it 9 kB.
const MAX_LENGTH: usize = 32 * 1024;
