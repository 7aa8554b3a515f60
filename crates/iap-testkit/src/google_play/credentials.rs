//! A service account, and the exchange of its assertions for access tokens.
//!
//! <https://developers.google.com/identity/protocols/oauth2/service-account>

use core::time::Duration;
use std::sync::LazyLock;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderName, StatusCode};
use iap_core::Timestamp;
use serde_json::{Value, json};

use super::Shop;
use crate::{
    pem,
    rsa::RsaKey,
    server::{Answer, ReceivedRequest, form_pairs},
    system,
};

pub(super) struct ServiceAccount {
    key_id: String,
    email: String,
    /// Of the account that pushes.
    pub(super) push_email: String,
}

/// One for all stores of a process: an RSA key takes a good part of a second to make.
static KEY: LazyLock<RsaKey> = LazyLock::new(RsaKey::generate);

impl ServiceAccount {
    pub(super) fn new() -> Self {
        let id = system::digits_and_letters(12).to_lowercase();
        Self {
            key_id: format!("{id}{id}"),
            email: format!("publisher-{id}@testkit.iam.gserviceaccount.com"),
            push_email: format!("push-{id}@testkit.iam.gserviceaccount.com"),
        }
    }

    pub(super) fn key_file(&self) -> String {
        json!({
            "type": "service_account",
            "project_id": "testkit",
            "private_key_id": self.key_id,
            "private_key": pem::encode("PRIVATE KEY", &KEY.pkcs8_der()),
            "client_email": self.email,
            "client_id": "100000000000000000001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": TOKEN_URI,
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
            "universe_domain": "googleapis.com",
        })
        .to_string()
    }

    /// Whether an assertion is one of this account, for an access token of the publisher API.
    ///
    /// 1. Three segments; the header names RS256, JWT and the key.
    /// 2. The signature is that of the account's key.
    /// 3. Issuer and scope are as they must be; the audience is Google's address for tokens or ours.
    /// 4. Issued not in the future, not expired, and good for at most an hour.
    fn accepts(&self, assertion: &str, now: Timestamp) -> Option<()> {
        let holds = |it: bool| it.then_some(());
        // 1
        let (signed, signature) = assertion.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let decode = |segment: &str| BASE64_URL_SAFE_NO_PAD.decode(segment).ok();
        let json = |segment: &str| serde_json::from_slice::<Value>(&decode(segment)?).ok();
        let (header, claims, signature) = (json(header)?, json(claims)?, decode(signature)?);
        holds(header["alg"] == "RS256" && header["typ"] == "JWT" && header["kid"] == *self.key_id)?;
        // 2
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, KEY.public_key_der())
            .verify(signed.as_bytes(), &signature)
            .ok()?;
        // 3
        holds(claims["iss"] == *self.email)?;
        let audience = claims["aud"].as_str()?;
        holds(audience == TOKEN_URI || audience.ends_with(TOKEN_PATH))?;
        let mut scopes = claims["scope"].as_str()?.split(' ');
        holds(scopes.any(|scope| scope == SCOPE))?;
        // 4
        let now = now.as_millis() / 1_000;
        let (issued, expires) = (claims["iat"].as_i64()?, claims["exp"].as_i64()?);
        holds(issued <= now && now < expires && expires - issued <= LONGEST_LIFE)
    }
}

/// Answers a call of the token endpoint.
pub(super) fn token(shop: &Shop, request: &ReceivedRequest) -> Answer {
    let body = String::from_utf8_lossy(request.body());
    let pairs = form_pairs(&body);
    let value = |name: &str| {
        let pair = pairs.iter().find(|(it, _)| it == name);
        pair.map(|(_, value)| value.as_str())
    };
    let refusal = |error, description| refusal(StatusCode::BAD_REQUEST, error, description);
    if value("grant_type") != Some(GRANT) {
        return refusal("unsupported_grant_type", "Invalid grant_type");
    }
    let now = shop.now();
    let assertion = value("assertion").unwrap_or_default();
    if shop.account.accepts(assertion, now).is_none() {
        return refusal("invalid_grant", "Invalid JWT Signature.");
    }
    new_token(shop)
}

/// Answers a call of the metadata server of a machine at Google Cloud, which needs no credentials and
/// a header that no browser sends along.
pub(super) fn metadata_token(shop: &Shop, request: &ReceivedRequest) -> Answer {
    let is_meant = request.header(METADATA_FLAVOR.as_str()) == Some(GOOGLE);
    let scopes = request.query_value("scopes").unwrap_or_default();
    let answer = match scopes.split(',').any(|scope| scope == SCOPE) {
        _ if !is_meant => Answer::new(
            StatusCode::FORBIDDEN,
            "text/html",
            "Missing Metadata-Flavor",
        ),
        true => new_token(shop),
        false => Answer::new(StatusCode::BAD_REQUEST, "text/html", "Scope not allowed"),
    };
    answer.with(METADATA_FLAVOR, GOOGLE)
}

fn new_token(shop: &Shop) -> Answer {
    let token = format!("ya29.{}", system::base64url::<48>());
    let expires = shop.now().saturating_add(LIFE);
    shop.state().access_tokens.insert(token.clone(), expires);
    Answer::json(
        StatusCode::OK,
        &json!({ "access_token": token, "expires_in": LIFE.as_secs(), "token_type": "Bearer" }),
    )
}

/// An OAuth error: flat, unlike those of the publisher API (RFC 6749, section 5.2).
pub(super) fn refusal(status: StatusCode, error: &str, description: &str) -> Answer {
    let body = json!({ "error": error, "error_description": description });
    Answer::json(status, &body)
}

/// Whether `authorization` carries an access token that is good at `now`.
pub(super) fn is_authorized(shop: &Shop, authorization: Option<&str>) -> bool {
    let token = authorization.and_then(|it| it.strip_prefix("Bearer "));
    let state = shop.state();
    let expires = token.and_then(|token| state.access_tokens.get(token));
    expires.is_some_and(|expires| shop.now() < *expires)
}

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// What stands in every key file of Google, and so in the assertions.
const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";

/// Where this store gives tokens.
pub(super) const TOKEN_PATH: &str = "/token";

/// Where the metadata server of Google Cloud gives tokens.
pub(super) const METADATA_PATH: &str =
    "/computeMetadata/v1/instance/service-accounts/default/token";

const METADATA_FLAVOR: HeaderName = HeaderName::from_static("metadata-flavor");

const GOOGLE: &str = "Google";

const SCOPE: &str = "https://www.googleapis.com/auth/androidpublisher";

/// One hour, in seconds.
const LONGEST_LIFE: i64 = 60 * 60;

const LIFE: Duration = Duration::from_secs(3_599);
