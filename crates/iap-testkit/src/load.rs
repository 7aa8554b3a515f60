//! How hostile load is made: many distinct JWS at little cost.

use serde::Serialize;

use crate::{
    SigningAuthority,
    jws::{self, Parts},
    system,
};

/// Who signs a JWS that is made for load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignedWith {
    /// The leaf's key: the signature holds.
    LeafKey,
    /// Nothing: 64 random bytes, as an attacker without any key sends. Cheaper to make.
    RandomBytes,
}

/// Hostile load. Each of these takes some tens of microseconds; 100,000 take seconds.
impl SigningAuthority {
    /// An honest header and payload with 64 random bytes for a signature.
    ///
    /// ```
    /// # let authority = iap_testkit::SigningAuthority::all_p256();
    /// let payload = serde_json::json!({ "bundleId": "com.example.app" });
    /// let flood: Vec<String> = (0..1_000).map(|_| authority.garbage_signature(&payload)).collect();
    /// # assert_ne!(flood[0], flood[1]);
    /// ```
    ///
    /// # Panics
    ///
    /// When `payload` cannot be written as JSON.
    #[must_use]
    pub fn garbage_signature(&self, payload: &(impl Serialize + ?Sized)) -> String {
        self.assemble(
            self.header_segment().to_owned(),
            payload,
            SignedWith::RandomBytes,
        )
    }

    /// A JWS whose leaf entry in `x5c` is followed by `bytes`.
    ///
    /// Every choice of `bytes` gives another header around the same certificates: a cache of
    /// chains keyed by the header must not be filled this way.
    ///
    /// # Panics
    ///
    /// When `payload` cannot be written as JSON.
    #[must_use]
    pub fn with_trailing_bytes_after_leaf(
        &self,
        bytes: &[u8],
        payload: &(impl Serialize + ?Sized),
        signed_with: SignedWith,
    ) -> String {
        let leaf = jws::x5c_entry([&self.leaf.der, bytes].concat());
        let [_, intermediate, root] = &*self.x5c;
        let header = jws::header(jws::ES256, [leaf.as_str(), intermediate, root]);
        self.assemble(jws::segment(header), payload, signed_with)
    }

    /// A JWS whose third `x5c` entry, where the root belongs, is `bytes` in base64.
    ///
    /// Verifiers trust a root they hold and may ignore this entry: such a JWS, when it is signed
    /// with the leaf's key, is one that some rightly accept. Every choice of `bytes` gives another
    /// header.
    ///
    /// # Panics
    ///
    /// When `payload` cannot be written as JSON.
    #[must_use]
    pub fn with_third_certificate(
        &self,
        bytes: &[u8],
        payload: &(impl Serialize + ?Sized),
        signed_with: SignedWith,
    ) -> String {
        let third = jws::x5c_entry(bytes);
        let [leaf, intermediate, _] = &*self.x5c;
        let header = jws::header(jws::ES256, [leaf, intermediate, third.as_str()]);
        self.assemble(jws::segment(header), payload, signed_with)
    }

    fn assemble(
        &self,
        header: String,
        payload: &(impl Serialize + ?Sized),
        signed_with: SignedWith,
    ) -> String {
        let payload = jws::segment(jws::json(payload));
        match signed_with {
            SignedWith::LeafKey => Parts::signed(header, payload, &self.leaf.key),
            SignedWith::RandomBytes => Parts {
                header,
                payload,
                signature: system::bytes::<64>().to_vec(),
            },
        }
        .join()
    }
}
