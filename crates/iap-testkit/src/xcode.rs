//! How Xcode signs: with a certificate of its own making, which proves nothing.

use core::time::Duration;

use serde::Serialize;

use crate::{
    certificate::{Certified, bare_params},
    jws::{self, Parts},
    key::{KeyKind, KeyPair},
    system,
};

/// Signs `payload` as StoreKit testing in Xcode does: one self-signed certificate, made for this
/// call, and the key id `Apple_Xcode_Key`.
///
/// Set the environment of the payload to [`Environment::Xcode`](iap_core::Environment::Xcode) or
/// [`LocalTesting`](iap_core::Environment::LocalTesting) to match. Only a verifier that was built
/// for these environments by name may accept it, as anybody can make it.
///
/// ```
/// use iap_core::Environment;
/// use iap_testkit::{TransactionBuilder, xcode_jws};
///
/// let transaction = TransactionBuilder::consumable("com.example.app", "coins")
///     .environment(Environment::Xcode)
///     .transaction_id("0");
/// let jws = xcode_jws(&transaction.build());
/// # assert_eq!(jws.split('.').count(), 3);
/// ```
///
/// # Panics
///
/// When `payload` cannot be written as JSON.
#[must_use]
pub fn xcode_jws(payload: &(impl Serialize + ?Sized)) -> String {
    let now = system::now();
    let validity = (now.saturating_sub(DAY), now.saturating_add(DAY));
    let key = KeyPair::generate(KeyKind::P256WithSha256);
    let signer = Certified::self_signed(bare_params("StoreKit Testing in Xcode", validity), key);
    let entry = jws::x5c_entry(&signer.der);
    let header =
        format!(r#"{{"kid":"Apple_Xcode_Key","typ":"JWT","x5c":["{entry}"],"alg":"ES256"}}"#);
    let payload = jws::segment(jws::json(payload));
    Parts::signed(jws::segment(header), payload, &signer.key).join()
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
