//! Forgeries in the certificates: the JWS is signed well, under a chain that proves nothing.

use rcgen::{CertificateParams, DistinguishedName, DnType};

use super::Forger;
use crate::{
    SigningAuthority,
    certificate::{
        Certified, INTERMEDIATE_MARKER, LEAF_MARKER, authority_key_identifier, intermediate_params,
        issue, leaf_params, marker, remove_extension, replace_extension,
    },
    jws::{self, Parts},
    key::{KeyKind, KeyPair},
};

impl Forger<'_> {
    /// The leaf issued again, changed, for the same key by the same intermediate.
    pub(super) fn leaf(&self, change: impl FnOnce(&mut CertificateParams)) -> String {
        let leaf = self.changed_leaf(change);
        self.present([&leaf, &self.authority.intermediate.der])
    }

    /// The intermediate issued again, changed, for the same key by the same root.
    pub(super) fn intermediate(&self, change: impl FnOnce(&mut CertificateParams)) -> String {
        let intermediate = self.changed_intermediate(change);
        self.present([&self.authority.leaf.der, &intermediate])
    }

    pub(super) fn markers_swapped(&self) -> String {
        let leaf = self.changed_leaf(|leaf| {
            remove_extension(leaf, LEAF_MARKER);
            leaf.custom_extensions.push(marker(INTERMEDIATE_MARKER));
        });
        let intermediate = self.changed_intermediate(|intermediate| {
            remove_extension(intermediate, INTERMEDIATE_MARKER);
            intermediate.custom_extensions.push(marker(LEAF_MARKER));
        });
        self.present([&leaf, &intermediate])
    }

    pub(super) fn leaf_key_p384(&self) -> String {
        let SigningAuthority {
            settings,
            intermediate,
            root,
            ..
        } = self.authority;
        let key = KeyPair::generate(KeyKind::P384WithSha384);
        let params = leaf_params(settings, &key, &intermediate.key);
        let leaf = Certified::issued_by(intermediate, params, key);
        self.present_signed([&leaf.der, &intermediate.der, &root.der], &leaf.key)
    }

    pub(super) fn other_root_of_the_same_name(&self) -> String {
        self.impostor().sign(&self.payload)
    }

    pub(super) fn other_root_behind_the_trusted_one(&self) -> String {
        let impostor = self.impostor();
        let (leaf, intermediate) = (&impostor.leaf, &impostor.intermediate);
        let trusted = &self.authority.root;
        self.present_signed([&leaf.der, &intermediate.der, &trusted.der], &leaf.key)
    }

    pub(super) fn unknown_root(&self) -> String {
        let settings = self.authority.settings.as_ref().clone();
        settings
            .root_name("Unknown Root")
            .intermediate_name("Unknown Intermediate")
            .leaf_name("Unknown Leaf")
            .build()
            .sign(&self.payload)
    }

    pub(super) fn intermediate_of_another_authority(&self) -> String {
        let impostor = KeyPair::generate(self.authority.settings.curves.authority());
        self.leaf_signed_with(&impostor)
    }

    pub(super) fn self_signed_leaf(&self) -> String {
        self.leaf_signed_with(&self.authority.leaf.key)
    }

    pub(super) fn leaf_signed_by_root(&self) -> String {
        let SigningAuthority {
            leaf,
            intermediate,
            root,
            ..
        } = self.authority;
        let mut params = leaf.params.clone();
        replace_extension(&mut params, authority_key_identifier(&root.key));
        let leaf = issue(&params, &leaf.key, &root.params, &root.key);
        self.present([&leaf, &intermediate.der])
    }

    /// A path builder that looks for trusted roots first reaches one from the leaf at once, and
    /// has then said nothing about the certificate in between.
    pub(super) fn leaf_of_root_behind_its_impostor(&self) -> String {
        let SigningAuthority { leaf, root, .. } = self.authority;
        let mut params = leaf.params.clone();
        replace_extension(&mut params, authority_key_identifier(&root.key));
        let leaf = issue(&params, &leaf.key, &root.params, &root.key);
        let (impostor, _) = self.impostor_of_the_root();
        self.present([&leaf, &impostor])
    }

    pub(super) fn leaf_of_impostor_of_root(&self) -> String {
        let SigningAuthority { leaf, root, .. } = self.authority;
        let (impostor, key) = self.impostor_of_the_root();
        let mut params = leaf.params.clone();
        replace_extension(&mut params, authority_key_identifier(&key));
        let leaf = issue(&params, &leaf.key, &root.params, &key);
        self.present([&leaf, &impostor])
    }

    pub(super) fn leaf_issued_by_leaf(&self) -> String {
        let SigningAuthority {
            settings,
            leaf: issuer,
            intermediate,
            ..
        } = self.authority;
        let key = KeyPair::generate(settings.curves.leaf());
        let params = leaf_params(settings, &key, &issuer.key);
        let leaf = Certified::issued_by(issuer, params, key);
        self.present_signed([&leaf.der, &issuer.der, &intermediate.der], &leaf.key)
    }

    pub(super) fn intermediate_issued_by_intermediate(&self) -> String {
        let issuer = &self.authority.intermediate;
        // Under another name: a certificate that bears its issuer's name does not count towards
        // the path length (RFC 5280, section 4.2.1.9).
        let settings = self.authority.settings.as_ref().clone();
        let settings = settings.intermediate_name("Test Subordinate Certification Authority");
        let key = KeyPair::generate(settings.curves.authority());
        let params = intermediate_params(&settings, &key, &issuer.key);
        let subordinate = Certified::issued_by(issuer, params, key);
        let key = KeyPair::generate(settings.curves.leaf());
        let params = leaf_params(&settings, &key, &subordinate.key);
        let leaf = Certified::issued_by(&subordinate, params, key);
        self.present_signed([&leaf.der, &subordinate.der, &issuer.der], &leaf.key)
    }

    pub(super) fn leaf_issuer_name_differs(&self) -> String {
        let SigningAuthority {
            leaf, intermediate, ..
        } = self.authority;
        let renamed = renamed(&intermediate.params);
        let leaf = issue(&leaf.params, &leaf.key, &renamed, &intermediate.key);
        self.present([&leaf, &intermediate.der])
    }

    pub(super) fn intermediate_issuer_name_differs(&self) -> String {
        let SigningAuthority {
            leaf,
            intermediate,
            root,
            ..
        } = self.authority;
        let renamed = renamed(&root.params);
        let intermediate = issue(&intermediate.params, &intermediate.key, &renamed, &root.key);
        self.present([&leaf.der, &intermediate])
    }

    pub(super) fn leaf_key_replaced(&self) -> String {
        let SigningAuthority {
            settings,
            leaf,
            intermediate,
            root,
            ..
        } = self.authority;
        let attacker = KeyPair::generate(settings.curves.leaf());
        let leaf = with_key(leaf, &attacker);
        self.present_signed([&leaf, &intermediate.der, &root.der], &attacker)
    }

    pub(super) fn intermediate_key_replaced(&self) -> String {
        let SigningAuthority {
            settings,
            leaf,
            intermediate,
            ..
        } = self.authority;
        let attacker = KeyPair::generate(settings.curves.authority());
        let mut params = leaf.params.clone();
        replace_extension(&mut params, authority_key_identifier(&attacker));
        let leaf = issue(&params, &leaf.key, &intermediate.params, &attacker);
        self.present([&leaf, &with_key(intermediate, &attacker)])
    }

    pub(super) fn leaf_certificate_tampered(&self) -> String {
        let SigningAuthority {
            leaf, intermediate, ..
        } = self.authority;
        self.present([&last_bit_flipped(&leaf.der), &intermediate.der])
    }

    pub(super) fn intermediate_certificate_tampered(&self) -> String {
        let SigningAuthority {
            leaf, intermediate, ..
        } = self.authority;
        self.present([&leaf.der, &last_bit_flipped(&intermediate.der)])
    }

    /// A certificate like the intermediate's, with the root's name as issuer and as subject, that
    /// somebody made for a key of their own.
    fn impostor_of_the_root(&self) -> (Vec<u8>, KeyPair) {
        let SigningAuthority {
            settings,
            intermediate,
            root,
            ..
        } = self.authority;
        let key = KeyPair::generate(settings.curves.authority());
        let mut params = intermediate.params.clone();
        params.distinguished_name = root.params.distinguished_name.clone();
        replace_extension(&mut params, authority_key_identifier(&key));
        let certificate = issue(&params, &key, &root.params, &key);
        (certificate, key)
    }

    /// An authority with the same names and other keys.
    fn impostor(&self) -> SigningAuthority {
        self.authority.settings.as_ref().clone().build()
    }

    /// The leaf as the intermediate would issue it, but signed with `key`.
    fn leaf_signed_with(&self, key: &KeyPair) -> String {
        let SigningAuthority {
            leaf, intermediate, ..
        } = self.authority;
        let leaf = issue(&leaf.params, &leaf.key, &intermediate.params, key);
        self.present([&leaf, &intermediate.der])
    }

    fn changed_leaf(&self, change: impl FnOnce(&mut CertificateParams)) -> Vec<u8> {
        let SigningAuthority {
            leaf, intermediate, ..
        } = self.authority;
        let mut params = leaf.params.clone();
        change(&mut params);
        issue(&params, &leaf.key, &intermediate.params, &intermediate.key)
    }

    fn changed_intermediate(&self, change: impl FnOnce(&mut CertificateParams)) -> Vec<u8> {
        let SigningAuthority {
            intermediate, root, ..
        } = self.authority;
        let mut params = intermediate.params.clone();
        change(&mut params);
        issue(&params, &intermediate.key, &root.params, &root.key)
    }

    /// A JWS that presents these certificates before the trusted root, signed with the leaf's key.
    fn present(&self, [leaf, intermediate]: [&Vec<u8>; 2]) -> String {
        let SigningAuthority {
            leaf: signer, root, ..
        } = self.authority;
        self.present_signed([leaf, intermediate, &root.der], &signer.key)
    }

    fn present_signed(&self, certificates: [&Vec<u8>; 3], key: &KeyPair) -> String {
        let entries = certificates.map(jws::x5c_entry);
        let header = jws::header(jws::ES256, entries.iter().map(String::as_str));
        Parts::signed(jws::segment(header), jws::segment(&self.json), key).join()
    }
}

/// The same issuer under another name.
fn renamed(issuer: &CertificateParams) -> CertificateParams {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, "Another Authority");
    let mut params = issuer.clone();
    params.distinguished_name = name;
    params
}

/// The certificate with the key of another in the place of its own, the signature on it unchanged.
fn with_key(certificate: &Certified, other: &KeyPair) -> Vec<u8> {
    let (own, other) = (certificate.key.public_point(), other.public_point());
    let place = certificate
        .der
        .windows(own.len())
        .position(|window| window == own)
        .expect("a certificate holds its key");
    let mut der = certificate.der.clone();
    der[place..place + own.len()].copy_from_slice(other);
    der
}

/// The signature stands at the end of a certificate.
fn last_bit_flipped(der: &[u8]) -> Vec<u8> {
    let mut der = der.to_vec();
    *der.last_mut().expect("a certificate is not empty") ^= 1;
    der
}
