//! What is taken from the machine: the time, random bytes, and fresh ids made of them.

use core::sync::atomic::{AtomicU64, Ordering};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use iap_core::{Clock as _, SystemClock, Timestamp};

/// The present time.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system has random bytes");
    bytes
}

/// A fresh UUID (version 4) in lower case, as Apple writes them.
pub(crate) fn uuid() -> String {
    let mut bytes = bytes::<16>();
    bytes[6] = (bytes[6] & 0x0F) | 0x40;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    let bits = u128::from_be_bytes(bytes);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        bits >> 96,
        (bits >> 80) & 0xFFFF,
        (bits >> 64) & 0xFFFF,
        (bits >> 48) & 0xFFFF,
        bits & 0xFFFF_FFFF_FFFF,
    )
}

/// `N` random bytes as base64url without padding.
pub(crate) fn base64url<const N: usize>() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes::<N>())
}

/// A fresh id in the form of Amazon's user and receipt ids: 32 bytes in base64url, padded.
pub(crate) fn amazon_id() -> String {
    format!("{}=", base64url::<32>())
}

/// `length` random digits and capital letters, 32 at most.
#[cfg(feature = "servers")]
pub(crate) fn digits_and_letters(length: usize) -> String {
    let text = uuid().replace('-', "").to_uppercase();
    text.chars().take(length).collect()
}

/// A transaction id that no other builder of this process got.
pub(crate) fn transaction_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(FIRST_TRANSACTION_ID);
    NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}

/// Fifteen digits, as production ids have; counted up so that a failing test names small differences.
const FIRST_TRANSACTION_ID: u64 = 300_000_000_000_001;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_the_form_and_version_of_rfc_9562() {
        let uuid = uuid();
        let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(uuid.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&uuid.as_bytes()[19]));
    }

    #[test]
    fn no_transaction_id_comes_twice() {
        assert_ne!(transaction_id(), transaction_id());
    }
}
