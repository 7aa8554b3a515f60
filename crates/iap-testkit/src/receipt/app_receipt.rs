//! What a legacy app receipt holds.

use core::time::Duration;

use aws_lc_rs::digest;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use iap_core::{Environment, Timestamp};

use super::{Attributes, InAppReceiptBuilder, attribute, date, message};
use crate::{SigningAuthority, der, system};

/// Builds a legacy app receipt: the file at `Bundle.main.appStoreReceiptURL`, which apps of the
/// original `StoreKit` API send to their server in base64.
///
/// It is signed as the App Store's JWS are, by an EC key; Apple signs receipts with an RSA key.
///
/// ```
/// use iap_testkit::{AppReceiptBuilder, InAppReceiptBuilder, SigningAuthority};
///
/// let authority = SigningAuthority::new();
/// let receipt: String = AppReceiptBuilder::new("com.example.app", 1_234_567_890)
///     .in_app(InAppReceiptBuilder::auto_renewable("pro.monthly"))
///     .in_app(InAppReceiptBuilder::product("pro.lifetime"))
///     .sign(&authority);
/// # assert!(receipt.len() > 3_000);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `sign` is called"]
pub struct AppReceiptBuilder {
    bundle_id: Vec<u8>,
    app_apple_id: i64,
    made_at: Timestamp,
    opaque_value: [u8; 16],
    device_identifier: Vec<u8>,
    in_app: Vec<InAppReceiptBuilder>,
    attributes: Attributes,
    digest: message::Digest,
}

impl AppReceiptBuilder {
    /// A receipt of the app with `bundle_id` and the App Store's number `app_apple_id`, in
    /// production, without purchases, made now for a random device.
    pub fn new(bundle_id: &str, app_apple_id: i64) -> Self {
        Self {
            bundle_id: der::utf8_string(bundle_id),
            app_apple_id,
            made_at: system::now(),
            opaque_value: system::bytes(),
            device_identifier: system::bytes::<16>().to_vec(),
            in_app: Vec::new(),
            attributes: Attributes::default(),
            digest: message::Digest::Sha256,
        }
    }

    /// The receipt type (attribute 0). Default: production.
    ///
    /// # Panics
    ///
    /// For an environment whose receipts the App Store does not make.
    pub fn environment(self, environment: Environment) -> Self {
        let receipt_type = match environment {
            Environment::Production => "Production",
            Environment::Sandbox => "ProductionSandbox",
            other => panic!("the App Store makes no receipts of {other}"),
        };
        self.set(0, der::utf8_string(receipt_type))
    }

    /// When the App Store made the receipt (attribute 12). Default: when the builder was made.
    pub fn created_at(mut self, at: Timestamp) -> Self {
        self.made_at = at;
        self
    }

    /// The device it is made for: the 16 bytes of `identifierForVendor`, on macOS the 6 bytes of
    /// the network address. Decides about the hash (attribute 5).
    pub fn device(mut self, identifier: &[u8]) -> Self {
        self.device_identifier = identifier.to_vec();
        self
    }

    /// Adds a purchase (attribute 17).
    pub fn in_app(mut self, purchase: InAppReceiptBuilder) -> Self {
        self.in_app.push(purchase);
        self
    }

    /// Sets any attribute, by Apple's number, to a value that is already encoded.
    pub fn set(mut self, attribute_type: i64, value: Vec<u8>) -> Self {
        self.attributes.set(attribute_type, value);
        self
    }

    /// Leaves an attribute out, by Apple's number.
    pub fn without(mut self, attribute_type: i64) -> Self {
        self.attributes.leave_out(attribute_type);
        self
    }

    /// Names SHA-1 as the digest, as receipts made before 2025 do.
    ///
    /// Who refuses SHA-1 refuses such a receipt for that. Nobody accepts it: the kit does not sign
    /// with SHA-1.
    pub fn naming_sha1(mut self) -> Self {
        self.digest = message::Digest::NamedSha1;
        self
    }

    /// The receipt, signed, as the bytes of the file.
    #[must_use]
    pub fn sign_der(&self, authority: &SigningAuthority) -> Vec<u8> {
        message::signed_data(authority, &self.content(), self.digest)
    }

    /// The receipt, signed, in base64.
    #[must_use]
    pub fn sign(&self, authority: &SigningAuthority) -> String {
        BASE64_STANDARD.encode(self.sign_der(authority))
    }

    /// What is signed: a `SET` of attributes.
    fn content(&self) -> Vec<u8> {
        let first_bought = self.made_at.saturating_sub(AGE_OF_DOWNLOAD);
        let mut attributes = self.attributes.apply_to([
            (0, der::utf8_string("Production")),
            (1, der::integer(self.app_apple_id)),
            (2, self.bundle_id.clone()),
            (3, der::utf8_string("42")),
            (4, self.opaque_value.to_vec()),
            (5, self.hash()),
            (12, date(self.made_at)),
            (18, date(first_bought)),
            (19, der::utf8_string("40")),
            (21, der::ia5_string("")),
        ]);
        attributes.extend(self.in_app.iter().map(|it| attribute(17, &it.encode())));
        der::set(&attributes)
    }

    /// By which a device recognises its receipt.
    fn hash(&self) -> Vec<u8> {
        let parts = [
            &self.device_identifier[..],
            &self.opaque_value,
            &self.bundle_id,
        ];
        digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &parts.concat())
            .as_ref()
            .to_vec()
    }
}

/// How long ago the app was first downloaded.
const AGE_OF_DOWNLOAD: Duration = Duration::from_secs(365 * 24 * 60 * 60);
