//! Is this a compact JWS signed by Apple? Header, certificate chain and signature; no JSON of the payload.
//!
//! RFC 7515 (JWS), RFC 5280 (certificates),
//! <https://developer.apple.com/documentation/appstoreserverapi/jwsdecodedheader>.

mod certificate;
mod chain;
mod compact;
mod memory;

pub(crate) use certificate::{EC_PUBLIC_KEY, Validity, name_of};
pub(crate) use chain::{ChainVerifier, Signed};
pub(crate) use compact::CompactJws;
