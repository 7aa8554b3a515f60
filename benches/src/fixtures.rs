//! What is verified, and by which verifiers?
//!
//! Made at run time, because nobody has Apple's keys: the curves, the certificates' sizes and the
//! payloads' members are those of production data.

use app_store_server_library::{
    models::app_store_environment::Environment as PeerEnvironment,
    signed_data_verifier::SignedDataVerifier as PeerVerifier,
};
use iap_apple::{App, Environment, SignedDataVerifier, SignedDataVerifierBuilder, TrustAnchor};
use iap_testkit::{NotificationBuilder, RenewalInfoBuilder, SigningAuthority, TransactionBuilder};
use serde_json::Value;

use crate::bare::Signature;

/// Signed data, and those who verify it.
pub struct Fixtures {
    authority: SigningAuthority,
    payloads: [Value; 3],
    signed: Vec<SignedData>,
}

/// What the App Store signs about one subscription.
pub struct SignedData {
    /// A transaction of 24 members.
    pub transaction: String,
    /// The renewal info of the same subscription.
    pub renewal_info: String,
    /// A notification that carries exactly these two.
    pub notification: String,
}

/// A transaction with the leaf certificate that signed it.
pub(crate) struct TransactionOfAnotherLeaf {
    pub(crate) leaf: Vec<u8>,
    pub(crate) jws: String,
}

/// Whether the peer keeps verified chains. It does so only together with its online checks, which
/// make no network call, but judge certificates by the present time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerCache {
    /// Online checks off: every chain is verified anew.
    Off,
    /// Online checks on.
    On,
}

impl Fixtures {
    /// Makes keys, certificates and signed data.
    #[must_use]
    pub fn new() -> Self {
        let authority = SigningAuthority::new();
        let (payloads, signed): (Vec<_>, Vec<_>) =
            (0..SUBSCRIPTIONS).map(|_| subscription(&authority)).unzip();
        Self {
            authority,
            payloads: payloads.into_iter().next().expect("there is one"),
            signed,
        }
    }

    /// The data of several subscriptions, all signed by the same leaf.
    #[must_use]
    pub fn signed(&self) -> &[SignedData] {
        &self.signed
    }

    /// The payloads of transaction, renewal info and notification of one subscription.
    #[must_use]
    pub const fn payloads(&self) -> &[Value; 3] {
        &self.payloads
    }

    /// Who signs.
    #[must_use]
    pub const fn authority(&self) -> &SigningAuthority {
        &self.authority
    }

    /// This project's verifier as its users build it: it remembers chains.
    #[must_use]
    pub fn iap(&self) -> SignedDataVerifier {
        self.iap_builder().build().expect("the verifier builds")
    }

    /// This project's verifier, told to remember no chain.
    #[must_use]
    pub fn iap_without_memory(&self) -> SignedDataVerifier {
        self.iap_builder()
            .remembered_chains(0)
            .build()
            .expect("the verifier builds")
    }

    /// The peer's verifier.
    #[must_use]
    pub fn peer(&self, cache: PeerCache) -> Peer {
        let verifier = PeerVerifier::new(
            vec![self.authority.root_der().to_vec()],
            PeerEnvironment::Production,
            BUNDLE_ID.to_owned(),
            Some(APP_APPLE_ID),
            cache == PeerCache::On,
        );
        Peer(verifier.expect("the verifier builds"))
    }

    /// `count` transactions, each signed by another leaf of the same intermediate.
    #[must_use]
    pub fn transactions_of_other_leaves(&self, count: usize) -> Vec<String> {
        let transactions = self.other_leaves(count);
        transactions.map(|transaction| transaction.jws).collect()
    }

    pub(crate) fn other_leaves(
        &self,
        count: usize,
    ) -> impl Iterator<Item = TransactionOfAnotherLeaf> {
        let [payload, ..] = &self.payloads;
        (0..count).map(move |_| {
            let authority = self.authority.another_leaf();
            TransactionOfAnotherLeaf {
                leaf: authority.leaf_der().to_vec(),
                jws: authority.sign(payload),
            }
        })
    }

    /// The signature of one JWS.
    pub(crate) fn jws_signature(&self, jws: &str) -> Signature {
        Signature::of_jws(jws, self.authority.leaf_der())
    }

    /// The intermediate's signature on a leaf.
    pub(crate) fn leaf_signature(&self, leaf: &[u8]) -> Signature {
        Signature::of_certificate(leaf, self.authority.intermediate_der())
    }

    /// The root's signature on the intermediate.
    pub(crate) fn intermediate_signature(&self) -> Signature {
        Signature::of_certificate(self.authority.intermediate_der(), self.authority.root_der())
    }

    fn iap_builder(&self) -> SignedDataVerifierBuilder {
        let anchor = TrustAnchor::from_certificate(self.authority.root_der());
        SignedDataVerifier::builder()
            .app(App::new(BUNDLE_ID, APP_APPLE_ID.unsigned_abs()))
            .environment(Environment::Production)
            .trust_anchors([anchor.expect("a root certificate")])
    }
}

impl Default for Fixtures {
    fn default() -> Self {
        Self::new()
    }
}

/// The payloads about one subscription, and the same signed.
fn subscription(authority: &SigningAuthority) -> ([Value; 3], SignedData) {
    let transaction = TransactionBuilder::auto_renewable(BUNDLE_ID, "com.example.pro.monthly");
    let renewal_info = RenewalInfoBuilder::of(&transaction);
    let payloads = [transaction.build(), renewal_info.build()];
    let [signed_transaction, signed_renewal_info] =
        payloads.each_ref().map(|payload| authority.sign(payload));
    let notification = NotificationBuilder::new("DID_RENEW")
        .app(BUNDLE_ID, APP_APPLE_ID)
        .transaction(transaction)
        .renewal_info(renewal_info)
        // In place of what the builder would sign afresh.
        .signed_transaction_info(&signed_transaction)
        .signed_renewal_info(&signed_renewal_info)
        .payload(authority);
    let signed = SignedData {
        transaction: signed_transaction,
        renewal_info: signed_renewal_info,
        notification: authority.sign(&notification),
    };
    let [transaction, renewal_info] = payloads;
    ([transaction, renewal_info, notification], signed)
}

/// The peer: the crate `app-store-server-library`, by namecare.
pub struct Peer(PeerVerifier);

impl Peer {
    /// Verifies a transaction.
    ///
    /// # Panics
    ///
    /// When it is refused.
    #[must_use]
    pub fn verify_transaction(&self, jws: &str) -> impl Sized + use<> {
        self.0
            .verify_and_decode_signed_transaction(jws)
            .expect("the peer accepts the transaction")
    }

    /// Verifies a renewal info.
    ///
    /// # Panics
    ///
    /// When it is refused.
    #[must_use]
    pub fn verify_renewal_info(&self, jws: &str) -> impl Sized + use<> {
        self.0
            .verify_and_decode_renewal_info(jws)
            .expect("the peer accepts the renewal info")
    }

    /// Verifies a notification and the two JWS inside: the peer leaves those to its users.
    ///
    /// # Panics
    ///
    /// When one of the three is refused.
    #[must_use]
    pub fn verify_notification(&self, jws: &str) -> impl Sized + use<> {
        let notification = self
            .0
            .verify_and_decode_notification(jws)
            .expect("the peer accepts the notification");
        let data = notification.data.as_ref().expect("data");
        let transaction = data.signed_transaction_info.as_deref();
        let renewal_info = data.signed_renewal_info.as_deref();
        let nested = (
            self.verify_transaction(transaction.expect("a transaction")),
            self.verify_renewal_info(renewal_info.expect("a renewal info")),
        );
        (notification, nested)
    }

    /// Tries a transaction that must be refused.
    ///
    /// # Panics
    ///
    /// When it is accepted.
    pub fn refuse_transaction(&self, jws: &str) {
        let verdict = self.0.verify_and_decode_signed_transaction(jws);
        assert!(verdict.is_err(), "the peer accepted a forgery");
    }
}

/// Verifying takes branches that depend on the signature. A processor learns those of a few
/// signatures that come again and again, and looks faster than it is with real traffic: by 6 % with
/// one signature instead of 256.
const SUBSCRIPTIONS: usize = 128;

const BUNDLE_ID: &str = "com.example.app";

const APP_APPLE_ID: i64 = 1_234_567_890;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixtures_have_the_sizes_of_production_data() {
        let fixtures = Fixtures::new();
        let [transaction, ..] = fixtures.payloads();
        assert_eq!(transaction.as_object().map(serde_json::Map::len), Some(24));
        for signed in fixtures.signed() {
            assert!((5_200..5_800).contains(&signed.transaction.len()));
            assert!((4_800..5_400).contains(&signed.renewal_info.len()));
            assert!((18_000..20_000).contains(&signed.notification.len()));
        }
        assert!((1_050..1_100).contains(&fixtures.authority().leaf_der().len()));
    }
}
