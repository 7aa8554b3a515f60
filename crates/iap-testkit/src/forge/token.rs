//! Forgeries in the JWS itself: the chain is good, the text around it is not.

use aws_lc_rs::hmac;
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE},
};
use rcgen::PublicKeyData as _;
use serde_json::json;

use super::Forger;
use crate::{
    jws::{self, Parts, signing_input},
    key::KeyPair,
};

impl Forger<'_> {
    /// The honest JWS.
    pub(super) fn honest(&self) -> Parts {
        self.signed(
            self.authority.header_segment().to_owned(),
            jws::segment(&self.json),
        )
    }

    /// A JWS with this header, signed as it stands.
    pub(super) fn header(&self, json: &str) -> String {
        self.signed(jws::segment(json), jws::segment(&self.json))
            .join()
    }

    /// A JWS with these members before `x5c`, signed as it stands.
    pub(super) fn header_members(&self, members: &str) -> String {
        let entries = self.authority.x5c.iter().map(String::as_str);
        self.header(&jws::header(members, entries))
    }

    /// A JWS with the entries of `x5c` changed, signed as it stands.
    pub(super) fn x5c(&self, change: impl FnOnce([String; 3]) -> Vec<String>) -> String {
        let entries = change(self.authority.x5c.as_ref().clone());
        self.header(&jws::header(jws::ES256, entries.iter().map(String::as_str)))
    }

    /// The honest JWS with its signature changed.
    pub(super) fn signature(&self, change: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut parts = self.honest();
        change(&mut parts.signature);
        parts.join()
    }

    pub(super) fn certificates_not_a_list(&self) -> String {
        let [leaf, _, _] = &*self.authority.x5c;
        self.header(&format!(r#"{{"alg":"ES256","x5c":"{leaf}"}}"#))
    }

    pub(super) fn trailing_bytes_after_leaf(&self) -> String {
        let leaf = followed_by_bytes(&self.authority.leaf.der);
        self.x5c(|[_, intermediate, root]| vec![leaf, intermediate, root])
    }

    pub(super) fn trailing_bytes_after_intermediate(&self) -> String {
        let intermediate = followed_by_bytes(&self.authority.intermediate.der);
        self.x5c(|[leaf, _, root]| vec![leaf, intermediate, root])
    }

    pub(super) fn algorithm_none(&self) -> String {
        let entries = self.authority.x5c.iter().map(String::as_str);
        let header = jws::header(r#""alg":"none""#, entries);
        Parts {
            header: jws::segment(header),
            payload: jws::segment(&self.json),
            signature: Vec::new(),
        }
        .join()
    }

    pub(super) fn algorithm_hs256(&self) -> String {
        let entries = self.authority.x5c.iter().map(String::as_str);
        let header = jws::segment(jws::header(r#""alg":"HS256""#, entries));
        let payload = jws::segment(&self.json);
        let public_key = self.authority.leaf.key.subject_public_key_info();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &public_key);
        let tag = hmac::sign(&key, signing_input(&header, &payload).as_bytes());
        Parts {
            header,
            payload,
            signature: tag.as_ref().to_vec(),
        }
        .join()
    }

    pub(super) fn key_in_header(&self) -> String {
        let attacker = self.another_key();
        // An uncompressed point: the byte 4, then both coordinates.
        let (x, y) = attacker.public_point()[1..].split_at(32);
        let jwk = json!({
            "kty": "EC",
            "crv": "P-256",
            "x": jws::segment(x),
            "y": jws::segment(y),
        });
        let entries = self.authority.x5c.iter().map(String::as_str);
        let header = jws::header(&format!(r#""alg":"ES256","jwk":{jwk}"#), entries);
        Parts::signed(jws::segment(header), jws::segment(&self.json), &attacker).join()
    }

    pub(super) fn header_tampered(&self) -> String {
        let entries = self.authority.x5c.iter().map(String::as_str);
        let header = jws::header(r#""alg":"ES256","typ":"JWT""#, entries);
        Parts {
            header: jws::segment(header),
            ..self.honest()
        }
        .join()
    }

    pub(super) fn payload_tampered(&self) -> String {
        let mut tampered = self.payload.clone();
        match tampered.as_object_mut() {
            Some(members) => {
                members.insert("productId".to_owned(), "tampered.with".into());
            }
            None => tampered = json!({ "productId": "tampered.with" }),
        }
        Parts {
            payload: jws::segment(jws::json(&tampered)),
            ..self.honest()
        }
        .join()
    }

    pub(super) fn key_swapped(&self) -> String {
        let honest = self.honest();
        Parts::signed(honest.header, honest.payload, &self.another_key()).join()
    }

    pub(super) fn signature_of_another_payload(&self) -> String {
        let another = self.signed(
            self.authority.header_segment().to_owned(),
            jws::segment(b"{}"),
        );
        Parts {
            signature: another.signature,
            ..self.honest()
        }
        .join()
    }

    pub(super) fn signature_in_der(&self) -> String {
        let honest = self.honest();
        let input = signing_input(&honest.header, &honest.payload);
        Parts {
            signature: self.authority.leaf.key.sign_asn1(input.as_bytes()),
            ..honest
        }
        .join()
    }

    pub(super) fn header_padded(&self) -> String {
        let entries = self.authority.x5c.iter().map(String::as_str);
        let header = padded(jws::header(jws::ES256, entries).into_bytes());
        self.signed(header, jws::segment(&self.json)).join()
    }

    pub(super) fn payload_padded(&self) -> String {
        let header = self.authority.header_segment().to_owned();
        self.signed(header, padded(self.json.clone())).join()
    }

    pub(super) fn signature_in_standard_base64(&self) -> String {
        // One signature in fifteen looks the same in both alphabets; ECDSA makes another each time.
        let honest = core::iter::repeat_with(|| self.honest())
            .find(|parts| jws::segment(&parts.signature).contains(['-', '_']))
            .expect("the iterator has no end");
        let Parts {
            header,
            payload,
            signature,
        } = honest;
        format!(
            "{header}.{payload}.{}",
            BASE64_STANDARD_NO_PAD.encode(signature)
        )
    }

    pub(super) fn trailing_bits(&self) -> String {
        let mut jws = self.honest().join();
        // 64 bytes leave four bits of the last character unused, all zero: A, Q, g or w. The next
        // letter has the lowest of them set.
        let last = match jws.pop() {
            Some('A') => 'B',
            Some('Q') => 'R',
            Some('g') => 'h',
            Some('w') => 'x',
            other => panic!("64 bytes of base64url cannot end in {other:?}"),
        };
        jws.push(last);
        jws
    }

    pub(super) fn whitespace_inside(&self) -> String {
        let mut payload = jws::segment(&self.json);
        payload.insert(payload.len() / 2, ' ');
        self.signed(self.authority.header_segment().to_owned(), payload)
            .join()
    }

    pub(super) fn two_segments(&self) -> String {
        let honest = self.honest();
        signing_input(&honest.header, &honest.payload)
    }

    fn signed(&self, header: String, payload: String) -> Parts {
        Parts::signed(header, payload, &self.authority.leaf.key)
    }

    /// A key like the leaf's that no certificate speaks for.
    fn another_key(&self) -> KeyPair {
        KeyPair::generate(self.authority.settings.curves.leaf())
    }
}

/// Base64 in lines, as MIME has it and JSON escapes it.
pub(super) fn in_lines(base64: &str) -> String {
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(76)
        .map(|line| core::str::from_utf8(line).expect("base64 is ASCII"))
        .collect();
    lines.join(r"\r\n")
}

/// Padded base64url of JSON. Where no padding is due, a space after the JSON makes it due.
fn padded(mut json: Vec<u8>) -> String {
    if json.len().is_multiple_of(3) {
        json.push(b' ');
    }
    BASE64_URL_SAFE.encode(json)
}

fn followed_by_bytes(der: &[u8]) -> String {
    jws::x5c_entry([der, &[0x5A; 8]].concat())
}

/// The order of the curve P-256 (FIPS 186-5 names it n), big-endian.
pub(super) const P256_ORDER: [u8; 32] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
];
