//! Can a stranger fill the memory with tokens?
//!
//! Looks at the resident memory of this process before and after many distinct tokens, each of
//! which brings another certificate chain. Linux only; elsewhere there are no rows.

use std::time::{Duration, Instant};

use iap_benches::{Fixtures, PeerCache};
use iap_testkit::SignedWith;
use serde::Serialize;

/// What many tokens do to the memory.
#[derive(Serialize)]
pub(crate) struct Growth {
    pub(crate) verifier: &'static str,
    pub(crate) tokens: &'static str,
    pub(crate) count: usize,
    pub(crate) before_kib: u64,
    pub(crate) after_kib: u64,
    /// How long one verification took, in microseconds; the making of the token is not in it.
    pub(crate) micros_per_token: f64,
    /// The most that this project may grow by.
    pub(crate) target_kib: Option<u64>,
}

impl Growth {
    pub(crate) const fn kib(&self) -> u64 {
        self.after_kib.saturating_sub(self.before_kib)
    }
}

/// Sends `count` tokens of each kind to this project's verifier, and a tenth of it to the peer's,
/// whose memory grows and which takes longer for each.
pub(crate) fn measure(fixtures: &Fixtures, count: usize) -> Vec<Growth> {
    let authority = fixtures.authority();
    let [transaction, ..] = fixtures.payloads();
    let trailing_bytes = || {
        let bytes = random_bytes::<8>();
        authority.with_trailing_bytes_after_leaf(&bytes, transaction, SignedWith::RandomBytes)
    };
    let third_certificate = || {
        // As long as Apple's root.
        let bytes = random_bytes::<583>();
        authority.with_third_certificate(&bytes, transaction, SignedWith::RandomBytes)
    };
    let leaves = fixtures.transactions_of_other_leaves(LEAVES);
    let in_turn = leaves.iter().cycle();

    let iap = fixtures.iap();
    let iap_refuses = |jws: &str| {
        let verdict = iap.verify_transaction(jws);
        assert!(verdict.is_err(), "a forgery was accepted");
    };
    let iap_accepts = |jws: &str| drop(iap.verify_transaction(jws).expect("verifies"));
    let peer = fixtures.peer(PeerCache::On);
    let peer_refuses = |jws: &str| peer.refuse_transaction(jws);
    let peer_accepts = |jws: &str| drop(peer.verify_transaction(jws));

    let fewer = count / 10;
    let rows = [
        grow("iap", TRAILING_BYTES, count, trailing_bytes, iap_refuses),
        grow(
            "iap",
            THIRD_CERTIFICATE,
            count,
            third_certificate,
            iap_refuses,
        ),
        grow(
            "iap",
            OTHER_LEAVES,
            count,
            next_of(in_turn.clone()),
            iap_accepts,
        ),
        grow("peer", TRAILING_BYTES, fewer, trailing_bytes, peer_refuses),
        grow(
            "peer",
            THIRD_CERTIFICATE,
            fewer,
            third_certificate,
            peer_refuses,
        ),
        grow("peer", OTHER_LEAVES, fewer, next_of(in_turn), peer_accepts),
    ];
    rows.into_iter().flatten().collect()
}

fn grow<T: AsRef<str>>(
    verifier: &'static str,
    tokens: &'static str,
    count: usize,
    mut make: impl FnMut() -> T,
    verify: impl Fn(&str),
) -> Option<Growth> {
    // Buffers and bounded memories get their size first.
    for _ in 0..(count / 10).min(WARM_UP) {
        verify(make().as_ref());
    }
    let before_kib = resident_kib()?;
    let mut spent = Duration::ZERO;
    for _ in 0..count {
        let token = make();
        let start = Instant::now();
        verify(token.as_ref());
        spent += start.elapsed();
    }
    Some(Growth {
        verifier,
        tokens,
        count,
        before_kib,
        after_kib: resident_kib()?,
        micros_per_token: spent.as_secs_f64() * 1e6 / count as f64,
        target_kib: (verifier == "iap").then_some(FLAT_KIB),
    })
}

fn next_of<'a>(mut tokens: impl Iterator<Item = &'a String>) -> impl FnMut() -> &'a str {
    move || tokens.next().expect("there are tokens")
}

fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fastrand::fill(&mut bytes);
    bytes
}

/// The memory of this process that is in RAM.
fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

const TRAILING_BYTES: &str = "random bytes after the leaf, garbage signature";
const THIRD_CERTIFICATE: &str = "random third certificate, garbage signature";
const OTHER_LEAVES: &str = "2,000 genuine leaves in turn, genuine signature";

/// Enough to replace everything that a verifier remembers many times; a genuine leaf for each of
/// 100,000 tokens would take a minute to make.
const LEAVES: usize = 2_000;

const WARM_UP: usize = 1_000;

/// The allocator's own housekeeping moves the resident memory by some pages.
const FLAT_KIB: u64 = 512;
