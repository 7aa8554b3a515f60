//! Is this a compact JWS signed by Apple? Header, certificate chain and signature; no JSON of the payload.
//!
//! RFC 7515 (JWS), RFC 5280 (certificates),
//! <https://developer.apple.com/documentation/appstoreserverapi/jwsdecodedheader>.

mod certificate;
mod chain;
mod compact;
mod memory;

pub(crate) use certificate::{Certificate, EC_PUBLIC_KEY, RSA_ENCRYPTION, Validity, name_of};
#[cfg(feature = "client")]
pub(crate) use chain::Issued;
pub(crate) use chain::{
    ChainVerifier, Signed, VerifiedChain, build_path, path_failure, time_when_both_are_valid,
};
pub(crate) use compact::{CompactJws, MAX_JWS_LENGTH};
