//! What Google signs and pushes: tokens of Pub/Sub, developer notifications, purchases on a device.

mod license_signer;
mod notification;
mod push_signer;
mod token;

pub use self::{
    license_signer::GoogleLicenseSigner, notification::GoogleNotificationBuilder,
    push_signer::GooglePushSigner, token::GoogleTokenBuilder,
};
use crate::{der, rsa::RsaKey};

/// The public key as `SubjectPublicKeyInfo` in DER (RFC 5280, section 4.1.2.7).
fn public_key_info(key: &RsaKey) -> Vec<u8> {
    let algorithm = der::sequence(&[der::object_identifier(RSA_ENCRYPTION), der::NULL.to_vec()]);
    // No bit of the last byte is unused.
    let bits = der::value(0x03, &[&[0], key.public_key_der()].concat());
    der::sequence(&[algorithm, bits])
}

/// `rsaEncryption` (RFC 8017, appendix A.1).
const RSA_ENCRYPTION: &[u64] = &[1, 2, 840, 113_549, 1, 1, 1];
